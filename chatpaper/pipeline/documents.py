"""Paper -> Document: the PDF is fetched, read in a process of its own, and what was read is kept."""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from chatpaper.domain import AbstractOnlyReason, Document, Paper
from chatpaper.domain.atomic_files import compute_digest
from chatpaper.domain.documents import Unread
from chatpaper.domain.errors import (
    ConfigError,
    ExtractError,
    PdfUnavailableError,
    WriteError,
)
from chatpaper.extract import DISK_FAULT, EXTRACTOR_VERSION
from chatpaper.pipeline.pdf_match import matches_record
from chatpaper.storage.papers.identities import DIGEST_CHARACTERS
from chatpaper.write.files import write_atomically

log = logging.getLogger(__name__)

_DOCUMENT = TypeAdapter(Document)
DOCUMENT_NAME = "document.json"

_UNREAD: Mapping[Unread, AbstractOnlyReason] = {
    "": "no_body_text",
    "pictures": "scanned",
    "fonts": "garbled_fonts",
}
_TOLD_UNREAD: Mapping[Unread, str] = {
    "": "is it a paper?",
    "pictures": "it is a scan; recognise its text first",
    "fonts": "the letters of its fonts have no meaning in the file (no ToUnicode); recognise its text from pictures",
}

FetchPdf = Callable[[Paper], Path]
ExtractPdf = Callable[[Path, Path], Document]


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """What could be read of a paper.

    `paper` has its title and abstract from the PDF where no metadata gave them.
    """

    paper: Paper
    document: Document
    images: Path | None = None
    abstract_only: AbstractOnlyReason | None = None

    @property
    def pdf_digest(self) -> str:
        """The beginning of the SHA-256 of the PDF that was read, which names the folder of its
        images.
        """
        return self.images.name.partition("-")[0] if self.images else ""


def document_folder(cache_dir: Path, pdf: Path) -> Path:
    """Where the document and the images that were read from a PDF are kept: under the hash of its
    bytes.
    """
    return (
        cache_dir / "documents" / f"{compute_digest(pdf)[:DIGEST_CHARACTERS]}-{EXTRACTOR_VERSION}"
    )


class DocumentLoader:
    """Reads papers; a document that was read once is kept in `cache_dir` by the hash of its PDF."""

    def __init__(self, cache_dir: Path, extract_pdf: ExtractPdf) -> None:
        self._cache_dir = cache_dir
        self._extract_pdf = extract_pdf

    def read(
        self,
        paper: Paper,
        pdf: Path | None,
        missing: AbstractOnlyReason | None,
        *,
        is_own: bool = False,
    ) -> LoadedDocument:
        """Read the PDF, or fall back on the abstract and say why.

        A PDF that came from a service is held against the record; one that `is_own` was picked by a
        person.

        Raises ExtractError where there is no abstract to fall back on.
        """
        if pdf is None:
            if not paper.abstract:
                raise ExtractError(
                    f"{paper.idv} has neither a PDF nor an abstract.",
                    path="",
                    reason="nothing to read",
                )
            return _abstract_alone(paper, missing or "pdf_unavailable")
        try:
            document, images = self._document(pdf)
        except ExtractError as error:
            if not paper.abstract:
                raise
            log.warning("%s: %s; going on with the abstract alone", paper.idv, error)
            return _abstract_alone(paper, "unreadable", (str(error),))
        known = with_metadata_of(paper, document)
        if not document.sections:
            if not known.abstract:
                raise ExtractError(
                    f"{paper.idv}: the PDF holds no text that can be read: {_TOLD_UNREAD[document.unread]}",
                    path=str(pdf),
                    reason=_UNREAD[document.unread],
                )
            reason = _UNREAD[document.unread]
            return replace(
                _abstract_alone(known, reason, document.warnings), document=document, images=images
            )
        if not is_own and paper.abstract and not matches_record(document, paper):
            log.warning(
                "%s: the PDF that came for it is of another paper, %r; going on with the abstract alone",
                paper.idv,
                document.title,
            )
            return _abstract_alone(
                paper, "another_paper", ("the PDF that came is of another paper",)
            )
        return LoadedDocument(known, document, images)

    def _document(self, pdf: Path) -> tuple[Document, Path]:
        folder = document_folder(self._cache_dir, pdf)
        kept = folder / DOCUMENT_NAME
        if kept.is_file():
            # Its time tells which documents of the cache were used last, and go last.
            with suppress(OSError):
                os.utime(kept)
            return _DOCUMENT.validate_json(kept.read_bytes()), folder
        try:
            document = self._extract_pdf(pdf, folder)
            # Written last: where this file stands, the images that it names are there too.
            write_atomically(kept, _DOCUMENT.dump_json(document))
        except (OSError, WriteError) as error:
            raise self._no_room(error) from error
        except ExtractError as error:
            if error.reason == DISK_FAULT:
                raise self._no_room(error) from error
            raise
        return document, folder

    def _no_room(self, error: Exception) -> ConfigError:
        """A full disk is no fault of the paper: with its abstract alone it would look done."""
        return ConfigError(
            f"The cache folder {self._cache_dir} cannot be written ({error}): make room there, or set cache_dir to "
            "another one."
        )


def obtain_pdf(
    paper: Paper, pdf: Path | None, fetch_pdf: FetchPdf
) -> tuple[Path | None, AbstractOnlyReason | None]:
    """The file of a paper, or why there is none.

    Raises UpstreamError where it may be there later.
    """
    if pdf is not None:
        return pdf, None
    if paper.withdrawn:
        return None, "withdrawn"
    try:
        return fetch_pdf(paper), None
    except PdfUnavailableError as error:
        log.warning("%s: %s; going on with the abstract alone", paper.idv, error)
        return None, "pdf_unavailable"


def with_metadata_of(paper: Paper, document: Document) -> Paper:
    """Title and abstract from the PDF, for a paper that came without them."""
    return replace(
        paper,
        title=paper.title or document.title or paper.arxiv_id,
        abstract=paper.abstract or document.abstract,
    )


def _abstract_alone(
    paper: Paper, reason: AbstractOnlyReason, warnings: tuple[str, ...] = ()
) -> LoadedDocument:
    document = Document(title=paper.title, abstract=paper.abstract, warnings=warnings)
    return LoadedDocument(paper, document, abstract_only=reason)
