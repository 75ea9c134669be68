"""Names in Latin script, and how they are looked up in a paper."""
