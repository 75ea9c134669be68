"""PDF -> Document: text, sections, figures and tables of a paper."""
