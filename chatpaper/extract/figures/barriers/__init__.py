"""Text that no figure can hold: prose, headings, equations, footnotes."""
