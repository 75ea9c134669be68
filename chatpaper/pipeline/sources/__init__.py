"""Where a run finds the papers of its topics: arXiv, a range of days, daily papers, or a folder."""
