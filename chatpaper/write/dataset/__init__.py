"""A data set of papers: Parquet tables that any engine reads, the same bytes each time."""
