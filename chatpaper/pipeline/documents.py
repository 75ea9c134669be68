"""Turn papers into documents: fetch the PDF, read it in its own process, and cache the result."""

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
from chatpaper.summarize.context.authors import read_authors
from chatpaper.write.files import write_atomically

log = logging.getLogger(__name__)

_DOCUMENT = TypeAdapter(Document)
DOCUMENT_NAME = "document.json"

# Why only the abstract is used of a PDF that holds no text, and how a post says so.
_ABSTRACT_ONLY: Mapping[Unread, AbstractOnlyReason] = {
    "": "no_body_text",
    "pictures": "scanned",
    "fonts": "garbled_fonts",
}
_ADVICE: Mapping[Unread, str] = {
    "": "is it a paper?",
    "pictures": "it is a scan; recognise its text first",
    "fonts": "the letters of its fonts have no meaning in the file (no ToUnicode); recognise its "
    "text from pictures",
}

FetchPdf = Callable[[Paper], Path]


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
        """The beginning of the PDF's SHA-256, which names the folder of its images; or empty."""
        return self.images.name.partition("-")[0] if self.images else ""


def locate_document(cache_dir: Path, pdf: Path) -> Path:
    """Return where the document and the images of a PDF are cached: under the hash of its bytes."""
    return (
        cache_dir / "documents" / f"{compute_digest(pdf)[:DIGEST_CHARACTERS]}-{EXTRACTOR_VERSION}"
    )


class DocumentLoader:
    """Loads the documents of papers; each is read once, and cached by the hash of its PDF."""

    def __init__(
        self,
        cache_dir: Path,
        extract_pdf: Callable[[Path, Path], Document],
        *,
        refuses_unreadable: bool = False,
    ) -> None:
        """Take the function that reads a PDF and writes its images to a folder.

        One that `refuses_unreadable` does not fall back on the abstract of a PDF whose reading
        failed.
        """
        self._cache_dir = cache_dir
        self._extract_pdf = extract_pdf
        self._refuses_unreadable = refuses_unreadable

    def refusing_unreadable(self) -> "DocumentLoader":
        """Return a loader to which a PDF whose reading failed is a fault of its paper."""
        return DocumentLoader(self._cache_dir, self._extract_pdf, refuses_unreadable=True)

    def load(
        self,
        paper: Paper,
        pdf: Path | None,
        missing: AbstractOnlyReason | None,
        *,
        is_own: bool = False,
    ) -> LoadedDocument:
        """Read the PDF, or fall back on the abstract and record why.

        A PDF that came from a service is checked against the record; one that `is_own` was picked
        by a person.

        Raises ExtractError where there is no abstract to fall back on.
        """
        if pdf is None:
            if not paper.abstract:
                raise ExtractError(
                    f"{paper.idv} has neither a PDF nor an abstract.",
                    path="",
                    reason="nothing to read",
                )
            return _load_abstract(paper, missing or "pdf_unavailable")
        try:
            document, images = self.read_document(pdf)
        except ExtractError as error:
            if not paper.abstract or self._refuses_unreadable:
                raise
            log.warning("%s: %s; going on with the abstract alone", paper.idv, error)
            return _load_abstract(paper, "unreadable", (str(error),))
        if not document.sections:
            return _load_unreadable(paper, document, pdf, images)
        if not is_own and paper.abstract and not matches_record(document, paper):
            log.warning(
                "%s: the PDF that came for it is of another paper, %r; going on with the abstract "
                "alone",
                paper.idv,
                document.title,
            )
            return _load_abstract(
                paper, "another_paper", ("the PDF that came is of another paper",)
            )
        return LoadedDocument(complete_metadata(paper, document), document, images)

    def read_document(self, pdf: Path) -> tuple[Document, Path]:
        """Return the document of a PDF and the folder of its images, read if it is not cached.

        Raises ExtractError where it cannot be read, ConfigError where the cache cannot be written.
        """
        folder = locate_document(self._cache_dir, pdf)
        kept = folder / DOCUMENT_NAME
        if kept.is_file():
            # Its time tells which documents were used last: they are evicted last.
            with suppress(OSError):
                os.utime(kept)
            return _DOCUMENT.validate_json(kept.read_bytes()), folder
        try:
            document = self._extract_pdf(pdf, folder)
            # Written last: if this file exists, so do the images that it names.
            write_atomically(kept, _DOCUMENT.dump_json(document))
        except (OSError, WriteError) as error:
            raise self._disk_error(error) from error
        except ExtractError as error:
            if error.reason == DISK_FAULT:
                raise self._disk_error(error) from error
            raise
        return document, folder

    def _disk_error(self, error: Exception) -> ConfigError:
        """Return the error for a full disk, which is no fault of the paper.

        Summarized from its abstract, the paper would look done.
        """
        return ConfigError(
            f"The cache folder {self._cache_dir} cannot be written ({error}): make room there, or "
            "set cache_dir to another one."
        )


def load_kept_document(images: Path | None) -> Document | None:
    """Return the document that is kept beside its images; None where this release has kept none."""
    if images is None or not images.name.endswith(f"-{EXTRACTOR_VERSION}"):
        return None
    kept = images / DOCUMENT_NAME
    return _DOCUMENT.validate_json(kept.read_bytes()) if kept.is_file() else None


def obtain_pdf(
    paper: Paper, pdf: Path | None, fetch_pdf: FetchPdf
) -> tuple[Path | None, AbstractOnlyReason | None]:
    """Return the PDF of a paper, fetched if need be, or why there is none.

    Raises UpstreamError where there may be one later.
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


def complete_metadata(paper: Paper, document: Document) -> Paper:
    """Return the paper with title, authors and abstract of its PDF, if it came without them."""
    return replace(
        paper,
        title=paper.title or document.title or paper.arxiv_id,
        authors=paper.authors or read_authors(document),
        abstract=paper.abstract or document.abstract,
    )


def _load_unreadable(paper: Paper, document: Document, pdf: Path, images: Path) -> LoadedDocument:
    """Fall back on the abstract for a PDF that holds no text. Raises ExtractError without one."""
    known = complete_metadata(paper, document)
    reason = _ABSTRACT_ONLY[document.unread]
    if not known.abstract:
        raise ExtractError(
            f"{paper.idv}: the PDF holds no text that can be read: {_ADVICE[document.unread]}",
            path=str(pdf),
            reason=reason,
        )
    abstract = _load_abstract(known, reason, document.warnings)
    return replace(abstract, document=document, images=images)


def _load_abstract(
    paper: Paper, reason: AbstractOnlyReason, warnings: tuple[str, ...] = ()
) -> LoadedDocument:
    document = Document(title=paper.title, abstract=paper.abstract, warnings=warnings)
    return LoadedDocument(paper, document, abstract_only=reason)
