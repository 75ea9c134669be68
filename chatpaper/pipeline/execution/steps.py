"""The steps of the work on one paper: fetch its PDF, read it, have it summarized."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import AbstractOnlyReason, PostEntry
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ExtractError, FetchError
from chatpaper.pipeline.documents import DocumentLoader, FetchPdf, LoadedDocument, obtain_pdf
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.planning import PaperSummarizer, PaperTask
from chatpaper.pipeline.report.run_report import PaperReport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FetchedPaper:
    """A paper whose PDF is there, or of which it is known why there is none."""

    task: PaperTask
    pdf: Path | None
    missing: AbstractOnlyReason | None


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper that was read, and how long that took."""

    task: PaperTask
    loaded: LoadedDocument
    seconds: float


@dataclass(frozen=True, slots=True)
class PaperSteps:
    """Does the work on one paper, step by step; each raises a ChatPaperError where it fails."""

    loader: DocumentLoader
    fetch_pdf: FetchPdf
    summarizer: PaperSummarizer
    clock: Clock = SYSTEM_CLOCK

    def fetch(self, task: PaperTask) -> FetchedPaper:
        """Fetch the PDF, unless it is at hand or there is none."""
        pdf, missing = obtain_pdf(task.paper, task.candidate.pdf, self.fetch_pdf)
        return FetchedPaper(task, pdf, missing)

    def read(self, fetched: FetchedPaper) -> ReadPaper:
        """Read the PDF, or else the abstract."""
        task, began = fetched.task, self.clock.monotonic()
        is_own = task.candidate.pdf is not None
        loaded = self.loader.load(task.paper, fetched.pdf, fetched.missing, is_own=is_own)
        return ReadPaper(task, loaded, self.clock.monotonic() - began)

    def summarize(self, read: ReadPaper) -> PaperResult:
        """Have a model answer the fields of the task."""
        task, loaded, began = read.task, read.loaded, self.clock.monotonic()
        summary = self.summarizer.summarize(loaded.paper, loaded.document, task.fields)
        log.info("%s: summarized with %d call(s)", task.paper.idv, summary.llm_calls)
        entry = PostEntry(
            loaded.paper,
            # A post shows nothing of the sections; their text stays in the cache of documents.
            replace(loaded.document, sections=(), front_matter=""),
            task.kept.summary.merge(summary) if task.kept else summary,
            loaded.abstract_only,
            loaded.images,
            pdf_digest=loaded.pdf_digest,
        )
        seconds = read.seconds + self.clock.monotonic() - began
        report = PaperReport.published(loaded.paper, task.topics, summary, seconds)
        return PaperResult(report, entry, matched_phrases=task.matched_phrases)

    def estimate(self, task: PaperTask) -> PaperReport:
        """Fetch and read a paper, and estimate what a model would use for it."""
        try:
            loaded = self.read(self.fetch(task)).loaded
        except FetchError as error:
            return PaperResult.failed(task, "fetch", error).report
        except ExtractError as error:
            return PaperResult.failed(task, "extract", error).report
        estimate = self.summarizer.estimate(loaded.paper, loaded.document, task.fields)
        return PaperReport(loaded.paper, task.topics, "queued", reason="dry run", estimate=estimate)
