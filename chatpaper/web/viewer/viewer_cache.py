"""Papers that visitors look at: a summary with its annotations, its document, and its files."""

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
from chatpaper.domain.atomic_files import compute_digest
from chatpaper.domain.errors import ExtractError, FetchError
from chatpaper.extract.pdf.highlights import PageImage
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.pipeline.documents import DocumentLoader, load_kept_document
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.pipeline.updates.licenses import add_license
from chatpaper.storage.papers.entries import PaperRecords
from chatpaper.web.viewer.annotations import AnnotatedSummary, AnnotationKind, ClaimAnnotation
from chatpaper.write.formats import PostFormat
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle, select_embedded_figures

# A paper with its passages takes a few megabytes.
MAX_VIEWS = 64


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper that a visitor looks at, with claims about it.

    `number` cannot be guessed; `pdf` is None where there is no file.
    """

    number: str
    annotations: tuple[ClaimAnnotation, ...]
    pdf: Path | None
    paper: Paper

    def count(self, kind: AnnotationKind) -> int:
        """Count the annotations of a kind."""
        return sum(annotation.kind == kind for annotation in self.annotations)

    def evidence_url(self, language: str) -> str:
        """Return the address below which the evidence of each annotation is found."""
        return f"/papers/{self.number}/evidence/{language}"


@dataclass(frozen=True, slots=True)
class SummaryView(PaperView):
    """A paper that a visitor looks at with its summary, in the formats that were asked for."""

    entry: PostEntry
    summary: AnnotatedSummary
    formats: tuple[PostFormat, ...]


class ViewerCache:
    """The papers that were looked at last, by number; may be used by several threads."""

    def __init__(
        self,
        settings: Settings,
        resources: container.SharedResources,
        arxiv: ArxivClients,
        nightly_cache: Path,
        records: PaperRecords,
    ) -> None:
        """Set up with the page's own settings.

        `nightly_cache` and `records` are the cache and the records of nightly runs.
        """
        self._settings = settings
        self._licenses = resources.store.licenses
        self._workers: Extractor = resources.workers
        self._arxiv = arxiv
        self._records = records
        self._nightly_pdfs = PdfCache(nightly_cache, arxiv.session, settings.arxiv.site_url)
        self._views: OrderedDict[str, PaperView] = OrderedDict()
        self._lock = Lock()

    def find(self, number: str) -> PaperView | None:
        """Return the view of a number; None where it is no longer here."""
        with self._lock:
            if number in self._views:
                self._views.move_to_end(number)
            return self._views.get(number)

    def open_summary(
        self, entry: PostEntry, pdf: Path | None, formats: tuple[PostFormat, ...]
    ) -> SummaryView:
        """Open a summary; its claims are looked up in the document, which is read where needed."""
        licensed = replace(entry, paper=add_license(entry.paper, self._licenses))
        document, pdf = self._read_document(licensed, pdf)
        summary = AnnotatedSummary(licensed, document, licensed.paper)
        view = SummaryView(
            _new_number(), summary.annotations, pdf, licensed.paper, licensed, summary, formats
        )
        self._add(view)
        return view

    def open_check(
        self, annotations: tuple[ClaimAnnotation, ...], pdf: Path | None, paper: Paper
    ) -> PaperView:
        """Open the claims of some text about a paper."""
        view = PaperView(_new_number(), annotations, pdf, paper)
        self._add(view)
        return view

    def render_page(
        self, view: PaperView, annotation: ClaimAnnotation, at: int, *, cropped: bool
    ) -> PageImage | None:
        """Render the page of the `at`-th place of a claim, counted from 0, if there is one.

        `cropped` to the passage, it can be read on a phone. Raises ExtractError.
        """
        if view.pdf is None or not 0 <= at < len(annotation.places):
            return None
        place = annotation.places[at]
        return self._workers.render_page(
            view.pdf, place.page, place.words, annotation.claim.value, cropped=cropped
        )

    def list_figures(self, view: PaperView) -> tuple[Figure, ...]:
        """Return the figures whose images may be shown."""
        if not isinstance(view, SummaryView):
            return ()
        return select_embedded_figures(view.entry, self._settings.post.figures)

    def find_figure_file(self, view: PaperView, number: int) -> Path | None:
        """Return the image of a figure of the document that may be shown, counted from 0."""
        if not isinstance(view, SummaryView) or view.entry.images is None:
            return None
        figures = view.entry.document.figures
        if not 0 <= number < len(figures):
            return None
        image = figures[number].image
        if image not in {figure.image for figure in self.list_figures(view)}:
            return None
        path = view.entry.images / image
        return path if path.is_file() else None

    def pack(self, view: SummaryView, style: PostStyle, day: date) -> bytes:
        """Pack posts in the chosen formats, figures and JSON as a ZIP file. Raises WriteError."""
        packed = io.BytesIO()
        with (
            tempfile.TemporaryDirectory(prefix="chatpaper-") as folder,
            zipfile.ZipFile(packed, "w") as archive,
        ):
            for post_format in view.formats:
                write_post(Post(day, None, (view.entry,)), post_format, style, Path(folder))
            root = Path(folder) / day.isoformat()
            for file in sorted(path for path in root.rglob("*") if path.is_file()):
                kind = zipfile.ZIP_STORED if file.suffix == ".png" else zipfile.ZIP_DEFLATED
                archive.write(file, file.relative_to(root), kind)
        return packed.getvalue()

    def _add(self, view: PaperView) -> None:
        with self._lock:
            self._views[view.number] = view
            while len(self._views) > MAX_VIEWS:
                self._views.popitem(last=False)

    def _read_document(self, entry: PostEntry, pdf: Path | None) -> tuple[Document, Path | None]:
        """Read the whole paper, of which an entry has no sections; without a PDF, its abstract."""
        pdf = pdf if pdf is not None else self._find_pdf(entry)
        if entry.abstract_only is not None:
            return entry.document, pdf
        # What a night has read need not be read again, which takes seconds.
        kept = load_kept_document(entry.images)
        if kept is not None or pdf is None:
            return kept or entry.document, pdf
        reader = DocumentLoader(self._settings.cache_dir, self._workers.extract)
        try:
            return reader.load(entry.paper, pdf, None).document, pdf
        except ExtractError:
            return entry.document, None

    def _find_pdf(self, entry: PostEntry) -> Path | None:
        paper = entry.paper
        cached = self._nightly_pdfs.path_of(paper)
        if paper.version is not None and cached.is_file():
            return cached
        try:
            return self._arxiv.fetch_pdf(paper)
        except FetchError:
            return self._find_own_pdf(entry)

    def _find_own_pdf(self, entry: PostEntry) -> Path | None:
        """Return the PDF that the owner had the paper from, if its contents are still the same."""
        record = self._records.find(entry.paper.arxiv_id)
        pdf = candidate_from_json(record).pdf if record is not None else None
        if pdf is None or not entry.pdf_digest or not pdf.is_file():
            return None
        return pdf if compute_digest(pdf).startswith(entry.pdf_digest) else None


def _new_number() -> str:
    return secrets.token_urlsafe(16)
