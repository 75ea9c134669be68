"""PDF -> Document: text, sections, figures and tables of a paper."""

from chatpaper.extract.document import document_from_json, document_of, document_to_json, read_document

# Raised whenever the same PDF may give another document, so that stored documents are read anew.
EXTRACTOR_VERSION = 1

__all__ = ["EXTRACTOR_VERSION", "document_from_json", "document_of", "document_to_json", "read_document"]
