"""PDF files as plain values and as pixels: the only package that uses the PDF library, with
`glyphs.fonts`.
"""
