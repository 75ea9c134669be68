"""What the page shows of a paper: the summary with its marks, evidence, search and downloads."""
