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
    reading: LoadedDocument
    seconds: float


@dataclass(frozen=True, slots=True)
class PaperSteps:
    """Does the work on one paper, step by step; each raises a ChatPaperError where it fails."""

    reader: DocumentLoader
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
        reading = self.reader.read(task.paper, fetched.pdf, fetched.missing, is_own=is_own)
        return ReadPaper(task, reading, self.clock.monotonic() - began)

    def summarize(self, read: ReadPaper) -> PaperResult:
        """Have a model answer the fields of the task."""
        task, reading, began = read.task, read.reading, self.clock.monotonic()
        summary = self.summarizer.summarize(reading.paper, reading.document, task.fields)
        log.info("%s: summarized with %d call(s)", task.paper.idv, summary.llm_calls)
        entry = PostEntry(
            reading.paper,
            # A post shows nothing of the sections; their text stays in the cache of documents.
            replace(reading.document, sections=(), front_matter=""),
            task.kept.summary.merge(summary) if task.kept else summary,
            reading.abstract_only,
            reading.images,
            pdf_digest=reading.pdf_digest,
        )
        seconds = read.seconds + self.clock.monotonic() - began
        report = PaperReport.published(reading.paper, task.topics, summary, seconds)
        return PaperResult(report, entry)

    def estimate(self, task: PaperTask) -> PaperReport:
        """Fetch and read a paper, and estimate what a model would use for it."""
        try:
            reading = self.read(self.fetch(task)).reading
        except FetchError as error:
            return PaperResult.failed(task, "fetch", error).report
        except ExtractError as error:
            return PaperResult.failed(task, "extract", error).report
        estimate = self.summarizer.estimate(reading.paper, reading.document, task.fields)
        return PaperReport(
            reading.paper, task.topics, "queued", reason="dry run", estimate=estimate
        )
