"""The command that takes in years of a topic: backfill."""
