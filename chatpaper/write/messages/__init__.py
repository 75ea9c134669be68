"""Messages about new papers: what they say, in the form that each service takes."""
