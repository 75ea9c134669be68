"""Build backfills from the settings: their papers, what they will take, and what reads them."""
