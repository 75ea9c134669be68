"""PDF -> Document: text, sections, figures and tables of a paper.

`worker` is the way in: it reads PDFs in processes of their own, so that the PDF library is never loaded here.
"""

# Raised whenever the same PDF may give another document, so that stored documents are read anew.
EXTRACTOR_VERSION = 5

# The reason of an ExtractError that is no fault of the document: what was read cannot be written.
DISK_FAULT = "disk"
