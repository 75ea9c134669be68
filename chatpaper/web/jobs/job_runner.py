"""Carries out one job: a run of the pipeline, as `chatpaper summarize` would make it."""

import logging
from dataclasses import replace
from functools import partial

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import resolve_paper
from chatpaper.app.settings import Settings
from chatpaper.domain import PostEntry
from chatpaper.domain.errors import (
    BudgetReachedError,
    ChatPaperError,
    ConfigError,
    DefectError,
    StoreError,
)
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.fetch.paper_reference import ArxivReference
from chatpaper.pipeline.selection import Candidate
from chatpaper.storage.store import Store
from chatpaper.web.access.allowance import compute_remaining_budget
from chatpaper.web.jobs.job import Job, JobProgress, State, WatchedBackend
from chatpaper.web.jobs.requests import SummaryRequest

log = logging.getLogger(__name__)


class CancelledError(BudgetReachedError):
    """A visitor cancelled a job."""


class JobRunner:
    """Runs the pipeline for jobs; what fails is reported in the job and never raised."""

    def __init__(
        self,
        settings: Settings,
        arxiv: ArxivClients,
        resources: container.SharedResources,
        nightly: Store,
    ) -> None:
        """Set up with the page's own `settings` and `resources`.

        `nightly` is the database of the nightly runs, whose summaries are reused.
        """
        self.settings = settings
        self._arxiv = arxiv
        self._resources = resources
        self._nightly = nightly

    def run(self, job: Job) -> None:
        """Summarize the paper of a job, and forget the key that its visitor typed in."""
        try:
            self._summarize(job)
        except ChatPaperError as error:
            job.change(state=_failed_state(job), error=error)
        except Exception as error:
            log.exception("unexpected error at a visitor's paper")
            job.change(state="failed", error=DefectError(type(error).__name__))
        finally:
            job.forget_key()

    def find_entry(self, key: str) -> PostEntry | None:
        """Return the summary of a paper that the page's database has."""
        return self._resources.store.entries.find(None, key)

    def _summarize(self, job: Job) -> None:
        settings = job.request.apply_to(self.settings)
        request = container.build_request(settings, None)
        if not job.request.api_key.get_secret_value():
            budget = compute_remaining_budget(
                self.settings, self._resources.store.usage, request.post_date
            )
            settings = settings.model_copy(update={"budget": budget})
        watched = replace(self._resources, wrap_backend=partial(WatchedBackend, job=job))
        pipeline = container.build_pipeline(
            settings,
            request,
            self._arxiv,
            watched,
            cancellation=job.cancellation,
            progress=JobProgress(job),
        )
        report = pipeline.summarize([self._find_candidate(job.request)], request)
        paper = report.papers[0]
        if paper.status == "published":
            job.change(state="done", report=paper)
        else:
            reason = paper.error or report.stopped_by or ConfigError(paper.reason)
            job.change(state=_failed_state(job), report=paper, error=reason)

    def _find_candidate(self, request: SummaryRequest) -> Candidate:
        """Return the paper; for one that is known, arXiv is not asked, which takes seconds."""
        known = self._find_known(request)
        if known is not None:
            return Candidate(known.paper)
        return resolve_paper(request.reference, self._arxiv)

    def _find_known(self, request: SummaryRequest) -> PostEntry | None:
        """Return a paper of arXiv that was summarized before, for a visitor or by a nightly run."""
        if not isinstance(request.reference, ArxivReference):
            return None
        entry = self.find_entry(request.key) or self._copy_from_nightly(request.key)
        wanted = request.reference.arxiv_id.version
        return entry if entry is not None and wanted in (None, entry.paper.version) else None

    def _copy_from_nightly(self, key: str) -> PostEntry | None:
        try:
            entries = self._nightly.entries.of_recipe(str(EXTRACTOR_VERSION), key)
        except StoreError as error:
            log.warning("%s", error)
            return None
        if not entries:
            return None
        self._resources.store.entries.save(None, str(EXTRACTOR_VERSION), entries[0])
        return entries[0]


def _failed_state(job: Job) -> State:
    return "cancelled" if isinstance(job.cancellation.reason, CancelledError) else "failed"
