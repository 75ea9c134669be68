"""The work on the papers of a run: fetched, read and summarized within the limits of the run."""
