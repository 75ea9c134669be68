"""PDF -> Document: text, sections, figures and tables of a paper.

`worker` is the way in: it reads PDFs in processes of their own, so that the PDF library is never
loaded here.
"""

import os
import sys

from chatpaper import CallablePackage

# PyMuPDF imports onnxruntime, which tells its makers of its use and keeps a number of this machine
# in the user's cache unless this is set before it is loaded. Every way to the PDF library leads
# through this package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Raised whenever the same PDF may give another document, so that stored documents are read anew.
EXTRACTOR_VERSION = 8

# The reason of an ExtractError that is no fault of the document: what was read cannot be written.
DISK_FAULT = "disk"

# `chatpaper.extract(pdf)` is a function of the API, too.
sys.modules[__name__].__class__ = CallablePackage
