"""What a run did: the run report, its exit code and its JSON."""
