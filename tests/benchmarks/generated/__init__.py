"""Papers typeset from LaTeX of our own, whose truth TeX itself writes down."""
