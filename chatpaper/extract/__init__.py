"""PDF -> Document: text, sections, figures and tables of a paper.

`worker` is the way in: it reads PDFs in processes of their own, so that the PDF library is never loaded here.
"""

# Raised whenever the same PDF may give another document, so that stored documents are read anew.
EXTRACTOR_VERSION = 4
