"""PDF -> Document: text, sections, figures and tables of a paper.

`chatpaper.extract(pdf)` reads one: see `help(chatpaper.app.api.extract)`.

`worker` is the way in for other packages: it reads PDFs in processes of their own, so
that the PDF library is never loaded here.
"""

import os
import sys

from chatpaper import CallablePackage

# PyMuPDF imports onnxruntime, which sends telemetry and stores a device id in the user's cache
# unless this is set before it is loaded. Every import of the PDF library passes through this
# package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Raised whenever the same PDF may give another document, so that stored documents are read again.
EXTRACTOR_VERSION = 24

# The reason of an ExtractError that is not the fault of the document: the disk cannot be written.
DISK_FAULT = "disk"

# `chatpaper.extract(pdf)` is also a function of the public API.
sys.modules[__name__].__class__ = CallablePackage
