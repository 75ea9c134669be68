"""Pages as text in reading order, without running heads, page numbers and footnotes."""
