"""Papers that visitors look at: the summary with its marks, the document behind it, and what can be
downloaded.
"""

import io
import secrets
import tempfile
import zipfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.domain import Document, Figure, Paper, Post, PostEntry
from chatpaper.domain.errors import ExtractError, FetchError
from chatpaper.extract.pdf.highlights import PageImage
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.pipeline.updates.licenses import add_license
from chatpaper.web.viewer.annotations import Mark, MarkedSummary, MarkKind
from chatpaper.write.formats import PostFormat
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle, embedded_figures

# A paper with its passages takes a few megabytes.
MOST_PAPERS = 64


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper as somebody looks at it, under a number that nobody can guess; `pdf` is None where
    there is none.
    """

    number: str
    marks: tuple[Mark, ...]
    pdf: Path | None
    paper: Paper
    entry: PostEntry | None = None
    summary: MarkedSummary | None = None
    formats: tuple[PostFormat, ...] = ()

    def count(self, kind: MarkKind) -> int:
        """How many marks are of a kind."""
        return sum(mark.kind == kind for mark in self.marks)

    def evidence_url(self, language: str) -> str:
        """Under which the evidence of each mark is found, in a language of the page."""
        return f"/papers/{self.number}/evidence/{language}"


class Shelf:
    """The papers that were looked at last, by number; may be used by several threads."""

    def __init__(
        self,
        settings: Settings,
        resources: container.SharedResources,
        arxiv: ArxivClients,
        nights_cache: Path,
    ) -> None:
        self._settings = settings
        self._licenses = resources.store.licenses
        self._workers: Extractor = resources.workers
        self._arxiv = arxiv
        self._nights = PdfCache(nights_cache, arxiv.session, settings.arxiv.site_url)
        self._papers: OrderedDict[str, ShownPaper] = OrderedDict()
        self._lock = Lock()

    def get(self, number: str) -> ShownPaper | None:
        """The paper of a number; None where it is not there any more."""
        with self._lock:
            if number in self._papers:
                self._papers.move_to_end(number)
            return self._papers.get(number)

    def show(
        self, entry: PostEntry, pdf: Path | None, formats: tuple[PostFormat, ...]
    ) -> ShownPaper:
        """Put a summary on the shelf: its claims are looked up in the document, which is read if it
        has to be.
        """
        licensed = replace(entry, paper=add_license(entry.paper, self._licenses))
        document, pdf = self._document(licensed, pdf)
        summary = MarkedSummary(licensed, document, licensed.paper)
        return self._put(
            ShownPaper(_number(), summary.marks, pdf, licensed.paper, licensed, summary, formats)
        )

    def show_check(self, marks: tuple[Mark, ...], pdf: Path | None, paper: Paper) -> ShownPaper:
        """Put the claims of some text about a paper on the shelf."""
        return self._put(ShownPaper(_number(), marks, pdf, paper))

    def page_image(self, shown: ShownPaper, mark: Mark, at: int) -> PageImage | None:
        """The page on which the paper has a claim for the `at`-th time, if there is one.

        Raises ExtractError.
        """
        if shown.pdf is None or not 0 <= at < len(mark.places):
            return None
        place = mark.places[at]
        return self._workers.render_page(shown.pdf, place.page, place.words, mark.claim.value)

    def figures(self, shown: ShownPaper) -> tuple[Figure, ...]:
        """The figures whose images may be shown."""
        return (
            ()
            if shown.entry is None
            else embedded_figures(shown.entry, self._settings.post.figures)
        )

    def figure_file(self, shown: ShownPaper, name: str) -> Path | None:
        """The image of a figure that may be shown, by its name; None where there is none."""
        known = {figure.image for figure in self.figures(shown)}
        if shown.entry is None or shown.entry.images is None or name not in known:
            return None
        path = shown.entry.images / name
        return path if path.is_file() else None

    def archive(self, shown: ShownPaper, style: PostStyle, day: date) -> bytes:
        """Posts in the chosen formats, figures and JSON as one ZIP file. Raises WriteError."""
        assert shown.entry is not None
        packed = io.BytesIO()
        with (
            tempfile.TemporaryDirectory(prefix="chatpaper-") as folder,
            zipfile.ZipFile(packed, "w") as archive,
        ):
            for post_format in shown.formats:
                write_post(Post(day, None, (shown.entry,)), post_format, style, Path(folder))
            root = Path(folder) / day.isoformat()
            for file in sorted(path for path in root.rglob("*") if path.is_file()):
                kind = zipfile.ZIP_STORED if file.suffix == ".png" else zipfile.ZIP_DEFLATED
                archive.write(file, file.relative_to(root), kind)
        return packed.getvalue()

    def _put(self, shown: ShownPaper) -> ShownPaper:
        with self._lock:
            self._papers[shown.number] = shown
            while len(self._papers) > MOST_PAPERS:
                self._papers.popitem(last=False)
        return shown

    def _document(self, entry: PostEntry, pdf: Path | None) -> tuple[Document, Path | None]:
        """All that can be read of a paper: an entry keeps no sections.

        Without its PDF, that is the abstract.
        """
        pdf = pdf if pdf is not None else self._pdf_of(entry.paper)
        if pdf is None or entry.abstract_only is not None:
            return entry.document, pdf
        try:
            return DocumentLoader(self._settings.cache_dir, self._workers.extract).read(
                entry.paper, pdf, None
            ).document, pdf
        except ExtractError:
            return entry.document, None

    def _pdf_of(self, paper: Paper) -> Path | None:
        kept = self._nights.path_of(paper)
        if paper.version is not None and kept.is_file():
            return kept
        try:
            return self._arxiv.fetch_pdf(paper)
        except FetchError:
            return None


def _number() -> str:
    return secrets.token_urlsafe(16)
