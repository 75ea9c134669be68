"""One paper's misfortune is no other paper's."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from chatpaper.domain import Document, Paper, Section, Summary, TokenEstimate
from chatpaper.domain.documents import Unread
from chatpaper.domain.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    BudgetReachedError,
    ExtractError,
    PdfUnavailableError,
    StoreError,
    UpstreamError,
)
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.controls import RunControls
from chatpaper.pipeline.execution.executor import (
    DOCUMENTS_PER_CALL,
    MAX_PREFETCHED,
    PaperExecutor,
)
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.execution.steps import PaperSteps
from chatpaper.pipeline.planning import PaperSummarizer, PaperTask
from chatpaper.pipeline.report.run_report import PaperReport, Stage
from chatpaper.pipeline.request import Limits
from chatpaper.pipeline.selection import Candidate
from chatpaper.write.formats import list_languages, load_labels
from chatpaper.write.notes import collect_notes

DOCUMENT = Document("Title", "Abstract", sections=(Section("1", "Intro", 1, 1, "Text."),))
# Longer than anything here takes; who waits for this long waits for ever.
WAIT_SECONDS = 20.0
IDS = ("2611.00001", "2611.00002", "2611.00003")


class StillSummarizer:
    """Answers at once; fails for the papers that it is told to fail for."""

    def __init__(self, failures: dict[str, Exception]) -> None:
        self._failures = failures

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        return TokenEstimate(1, 1, 0.0)

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        if paper.arxiv_id in self._failures:
            raise self._failures[paper.arxiv_id]
        return Summary({}, "zh", "fake", "fake", "f", llm_calls=1)

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        return ()


class NoProgress:
    def begin(self, papers: int) -> None: ...
    def at(self, paper: Paper, stage: Stage) -> None: ...
    def finish(self, report: PaperReport, spent_usd: float | None) -> None: ...


def executor_of(
    tmp_path: Path,
    summarizer: PaperSummarizer,
    *,
    fetch: Callable[[Paper], Path] | None = None,
    read: Callable[[Path, Path], Document] | None = None,
    concurrency: int = 1,
    cancellation: CancellationToken | None = None,
) -> PaperExecutor:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(b"%PDF")
    loader = DocumentLoader(tmp_path / "cache", read or (lambda _pdf, _folder: DOCUMENT))
    return PaperExecutor(
        PaperSteps(loader, fetch or (lambda _paper: pdf), summarizer),
        RunControls(Budget(Limits()), cancellation or CancellationToken(), NoProgress()),
        concurrency=concurrency,
    )


def tasks(count: int) -> list[PaperTask]:
    return [
        PaperTask(Candidate(Paper(f"2611.{n:05d}", "Title", abstract="Abstract")), ("LLM",))
        for n in range(1, count + 1)
    ]


def executed(
    executor: PaperExecutor,
    chosen: Sequence[PaperTask],
    store: Callable[[PaperResult], None] = lambda result: None,
    after_downloads: Iterable[object] = (),
) -> tuple[PaperResult, ...]:
    """Return the results in the order of the tasks, each of which was stored when it came."""
    results: dict[str, PaperResult] = {}
    with executor.execute(chosen) as execution:
        execution.submit_after_downloads(after_downloads)
        for result in execution:
            store(result)
            results[result.report.paper.arxiv_id] = result
    return tuple(results[task.paper.arxiv_id] for task in chosen)


def carried_out(
    tmp_path: Path,
    *,
    fetch: Callable[[Paper], Path] | None = None,
    read: Callable[[Path, Path], Document] | None = None,
    failures: dict[str, Exception] | None = None,
    concurrency: int = 1,
) -> tuple[PaperResult, ...]:
    executor = executor_of(
        tmp_path,
        StillSummarizer(failures or {}),
        fetch=fetch,
        read=read,
        concurrency=concurrency,
    )
    return executed(executor, tasks(len(IDS)))


def test_what_became_of_the_papers_comes_back_in_their_order(tmp_path: Path) -> None:
    finished = carried_out(tmp_path, concurrency=3)
    assert [done.report.paper.arxiv_id for done in finished] == list(IDS)
    assert [done.report.status for done in finished] == ["published"] * 3


@pytest.mark.parametrize(
    "error",
    [BadCompletionError("bad"), BackendUnavailableError("down"), ZeroDivisionError("a defect")],
)
def test_a_failed_summary_costs_one_paper(tmp_path: Path, error: Exception) -> None:
    finished = carried_out(tmp_path, failures={IDS[1]: error})
    assert [done.report.status for done in finished] == ["published", "failed", "published"]
    assert str(error) in finished[1].report.reason


def test_a_download_that_fails_costs_one_paper(tmp_path: Path) -> None:
    pdf = tmp_path / "paper.pdf"

    def fetch(paper: Paper) -> Path:
        if paper.arxiv_id == IDS[0]:
            raise UpstreamError("reset")
        return pdf

    finished = carried_out(tmp_path, fetch=fetch)
    assert [done.report.status for done in finished] == ["failed", "published", "published"]
    assert finished[0].report.stage == "fetch"


def test_without_a_pdf_the_abstract_is_read_and_that_is_said(tmp_path: Path) -> None:
    def fetch(paper: Paper) -> Path:
        raise PdfUnavailableError("404")

    for done in carried_out(tmp_path, fetch=fetch):
        assert done.entry is not None
        assert (done.entry.abstract_only, done.entry.document.abstract) == (
            "pdf_unavailable",
            "Abstract",
        )


@pytest.mark.parametrize(
    ("unread", "reason"),
    [("fonts", "garbled_fonts"), ("pictures", "scanned"), ("", "no_body_text")],
)
def test_a_pdf_without_text_is_called_what_it_is(
    tmp_path: Path, unread: Unread, reason: str
) -> None:
    def read(pdf: Path, folder: Path) -> Document:
        return Document(title="Title", pages=3, unread=unread)

    for done in carried_out(tmp_path, read=read):
        assert done.entry is not None
        assert done.entry.abstract_only == reason
        for language in list_languages():
            (note,) = collect_notes(done.entry, load_labels(language))
            assert ("ToUnicode" in note) == (unread == "fonts")
            assert bool(re.search("扫描|scan|スキャン", note)) == (unread == "pictures")


@pytest.mark.parametrize(("reason", "text"), [("crashed", "unreadable"), ("timeout", "unreadable")])
def test_a_pdf_that_cannot_be_read_leaves_the_abstract(
    tmp_path: Path, reason: str, text: str
) -> None:
    def read(pdf: Path, folder: Path) -> Document:
        raise ExtractError("the reader crashed", path=str(pdf), reason=reason)

    for done in carried_out(tmp_path, read=read):
        assert done.entry is not None
        assert done.entry.abstract_only == text
        assert "the reader crashed" in done.entry.document.warnings


def test_a_document_is_read_once_and_kept(tmp_path: Path) -> None:
    reads: list[Path] = []

    def read(pdf: Path, folder: Path) -> Document:
        reads.append(pdf)
        return DOCUMENT

    first = carried_out(tmp_path, read=read)
    again = carried_out(tmp_path, read=read)
    assert len(reads) == 1
    assert [done.entry for done in again] == [done.entry for done in first]


def test_a_rejected_key_queues_everything_that_has_not_begun(tmp_path: Path) -> None:
    finished = carried_out(tmp_path, failures={IDS[0]: BackendRejectedError("wrong key")})
    assert [done.report.status for done in finished] == ["queued"] * 3
    assert {done.report.reason for done in finished} == {"wrong key"}


class Opening(Protocol):
    """An event, or what else can be waited for."""

    def wait(self, timeout: float) -> bool:
        """Return whether it came before the timeout, in seconds."""


class Turnstile:
    """An opening for as many as are let through."""

    def __init__(self) -> None:
        self._permits = threading.Semaphore(0)

    def let_through(self, count: int) -> None:
        self._permits.release(count)

    def wait(self, timeout: float) -> bool:
        return self._permits.acquire(timeout=timeout)


class Gate:
    """A summarizer that holds back each paper until it is told otherwise.

    It counts how many papers it holds at once.
    """

    def __init__(self, opens: Callable[[Paper], Opening]) -> None:
        self._opens = opens
        self._lock = threading.Lock()
        self.asked: list[str] = []
        self.most_at_once = 0
        self.two_at_once = threading.Event()
        self.answered = 0
        self._at_once = 0

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        return TokenEstimate(1, 1, 0.0)

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        with self._lock:
            self.asked.append(paper.arxiv_id)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            if self._at_once == 2:
                self.two_at_once.set()
        assert self._opens(paper).wait(WAIT_SECONDS), f"nothing let {paper.arxiv_id} through"
        with self._lock:
            self._at_once -= 1
            self.answered += 1
        return Summary({}, "zh", "fake", "fake", "f", llm_calls=1)

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        return ()


def test_fetching_goes_on_while_the_model_is_slow_and_no_more_is_asked_at_once_than_may_be(
    tmp_path: Path,
) -> None:
    """The model gives no answer before the last paper is fetched."""
    fetched: list[str] = []
    all_fetched = threading.Event()
    many = tasks(MAX_PREFETCHED // 2)

    def fetch(paper: Paper) -> Path:
        fetched.append(paper.arxiv_id)
        if len(fetched) == len(many):
            gate.two_at_once.wait(WAIT_SECONDS)
            all_fetched.set()
        return tmp_path / "paper.pdf"

    gate = Gate(lambda paper: all_fetched)
    results = executed(executor_of(tmp_path, gate, fetch=fetch, concurrency=2), many)
    assert [result.report.status for result in results] == ["published"] * len(many)
    assert gate.most_at_once == 2
    assert fetched == [task.paper.arxiv_id for task in many]


def test_no_more_is_fetched_ahead_than_the_stages_have_room_for(tmp_path: Path) -> None:
    """The model answers about one paper more for each that is fetched once the stages are full."""
    full = MAX_PREFETCHED + DOCUMENTS_PER_CALL
    many = tasks(3 * MAX_PREFETCHED)
    turnstile = Turnstile()
    gate = Gate(lambda paper: turnstile)
    ahead: list[int] = []

    def fetch(paper: Paper) -> Path:
        ahead.append(len(ahead) + 1 - gate.answered)
        if len(ahead) >= full:
            turnstile.let_through(1 if len(ahead) < len(many) else full)
        return tmp_path / "paper.pdf"

    executed(executor_of(tmp_path, gate, fetch=fetch), many)
    assert max(ahead) == full
    assert len(ahead) == len(many)


def test_a_paper_that_hangs_at_the_model_holds_up_no_other(tmp_path: Path) -> None:
    others_done, open_to_all = threading.Event(), threading.Event()
    open_to_all.set()
    many = tasks(8)
    stored: list[str] = []

    def store(result: PaperResult) -> None:
        stored.append(result.report.paper.arxiv_id)
        if len(stored) == len(many) - 1:
            others_done.set()

    gate = Gate(lambda paper: others_done if paper == many[0].paper else open_to_all)
    results = executed(executor_of(tmp_path, gate, concurrency=2), many, store)
    assert stored[-1] == many[0].paper.arxiv_id
    assert [result.report.status for result in results] == ["published"] * len(many)


def test_a_wish_to_stop_lets_what_is_asked_about_finish_and_queues_the_rest(tmp_path: Path) -> None:
    cancellation = CancellationToken()
    opened = threading.Event()

    def fetch(paper: Paper) -> Path:
        if paper.arxiv_id.endswith("4"):
            cancellation.cancel(BudgetReachedError("enough"))
            opened.set()
        return tmp_path / "paper.pdf"

    def wait_for_first(paper: Paper) -> threading.Event:
        return opened

    gate = Gate(wait_for_first)
    executor = executor_of(tmp_path, gate, fetch=fetch, cancellation=cancellation)
    reports = [result.report for result in executed(executor, tasks(8))]
    published = [report.paper.arxiv_id for report in reports if report.status == "published"]
    assert published == gate.asked
    assert len(gate.asked) <= 1
    assert {report.reason for report in reports if report.status == "queued"} == {"enough"}
    with pytest.raises(BudgetReachedError, match="enough"):
        cancellation.wait(60)


def test_no_call_is_made_while_an_answer_waits_to_be_stored(tmp_path: Path) -> None:
    opened = threading.Event()
    opened.set()
    gate = Gate(lambda paper: opened)
    stored: list[list[str]] = []

    def store(result: PaperResult) -> None:
        # Whoever would ask about the next paper has the time to do so.
        time.sleep(0.02)
        stored.append(list(gate.asked))

    results = executed(executor_of(tmp_path, gate), tasks(4), store)
    ids = [result.report.paper.arxiv_id for result in results]
    assert stored == [ids[:1], ids[:2], ids[:3], ids]


def test_a_caller_that_breaks_off_begins_nothing_more_and_leaves_no_thread(tmp_path: Path) -> None:
    opened = threading.Event()
    opened.set()
    gate = Gate(lambda paper: opened)
    executor = executor_of(tmp_path, gate, concurrency=2)
    before = set(threading.enumerate())

    def break_off(result: PaperResult) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        executed(executor, tasks(3 * MAX_PREFETCHED), break_off)
    assert set(threading.enumerate()) == before
    assert len(gate.asked) < MAX_PREFETCHED
    assert str(executor.controls.cancellation.reason) == "The run broke off."


def test_an_execution_whose_results_nobody_takes_begins_nothing_more(tmp_path: Path) -> None:
    executor = executor_of(tmp_path, StillSummarizer({}))
    before = set(threading.enumerate())
    with executor.execute(tasks(3 * MAX_PREFETCHED)):
        pass
    assert set(threading.enumerate()) == before
    assert executor.controls.cancellation.reason is not None


class Lookups:
    """Work for after the downloads: says when it is done, and fails if it is told to."""

    def __init__(self, fault: Exception | None = None, *, endless: bool = False) -> None:
        self.done = threading.Event()
        self._fault = fault
        self._endless = endless

    def __iter__(self) -> Iterator[int]:
        if self._fault:
            raise self._fault
        self.done.set()
        yield from itertools.count() if self._endless else ()


def test_work_after_the_downloads_does_not_wait_for_the_model(tmp_path: Path) -> None:
    pdf = tmp_path / "paper.pdf"
    lookups = Lookups()
    fetched: list[str] = []

    def fetch(paper: Paper) -> Path:
        assert not lookups.done.is_set()
        fetched.append(paper.arxiv_id)
        return pdf

    executor = executor_of(tmp_path, Gate(lambda paper: lookups.done), fetch=fetch)
    results = executed(executor, tasks(3), after_downloads=lookups)
    assert [result.report.status for result in results] == ["published"] * 3
    assert len(fetched) == 3


def test_a_disk_that_fails_after_the_downloads_stops_the_run_and_breaks_nothing_off(
    tmp_path: Path,
) -> None:
    executor = executor_of(tmp_path, StillSummarizer({}))
    executed(executor, [], after_downloads=Lookups(StoreError("the disk is full")))
    assert str(executor.controls.cancellation.reason) == "the disk is full"


def test_a_defect_after_the_downloads_is_raised_when_all_is_done(tmp_path: Path) -> None:
    executor = executor_of(tmp_path, StillSummarizer({}))
    results: list[PaperResult] = []
    with pytest.raises(ZeroDivisionError):
        executed(executor, tasks(3), results.append, Lookups(ZeroDivisionError()))
    assert [result.report.status for result in results] == ["published"] * 3


def test_work_after_the_downloads_ends_where_the_caller_breaks_off(tmp_path: Path) -> None:
    lookups = Lookups(endless=True)
    executor = executor_of(tmp_path, StillSummarizer({}))

    def break_off(result: PaperResult) -> None:
        assert lookups.done.wait(WAIT_SECONDS)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        executed(executor, tasks(1), break_off, lookups)


def test_what_an_earlier_run_has_done_is_published_even_if_the_run_is_cancelled(
    tmp_path: Path,
) -> None:
    (first, *_) = carried_out(tmp_path)
    assert first.entry is not None
    cancellation = CancellationToken()
    cancellation.cancel(BudgetReachedError("enough"))
    executor = executor_of(tmp_path, StillSummarizer({}), cancellation=cancellation)
    done, new = tasks(2)
    results = executed(executor, [replace(done, kept=first.entry), new])
    assert [result.report.status for result in results] == ["published", "queued"]
    assert results[0].entry == first.entry
