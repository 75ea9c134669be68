"""Well-known papers, which are not part of this repository: each is read once."""

from functools import cache
from pathlib import Path

from chatpaper.domain import Document
from chatpaper.extract.document import read_document

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PAPERS = CORPUS / "pdf"


@cache
def read_paper(pdf: Path) -> Document:
    """Read a PDF, without its pictures."""
    return read_document(pdf, None)
