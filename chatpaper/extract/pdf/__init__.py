"""PDF files as plain values and pixels: the only user of PyMuPDF, with two modules of `glyphs`."""
