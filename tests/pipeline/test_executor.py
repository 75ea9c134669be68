"""One paper's misfortune is no other paper's."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

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
from chatpaper.pipeline.documents import Reader
from chatpaper.pipeline.execution.budget import Budget, Limits
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.executor import (
    DOCUMENTS_A_CALL,
    MOST_FETCHED,
    Finished,
    Summarizing,
    Workshop,
)
from chatpaper.pipeline.report.run_report import Stage
from chatpaper.pipeline.selection import Candidate, Job
from chatpaper.write.formats import label_languages, load_labels
from chatpaper.write.render import reader_notes

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
    def finish(self, paper: Paper) -> None: ...


def carried_out(
    tmp_path: Path,
    *,
    fetch: Callable[[Paper], Path] | None = None,
    read: Callable[[Path, Path], Document] | None = None,
    failures: dict[str, Exception] | None = None,
    concurrency: int = 1,
) -> tuple[Finished, ...]:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(b"%PDF")
    workshop = Workshop(
        Reader(tmp_path / "cache", read or (lambda _pdf, _folder: DOCUMENT)),
        fetch or (lambda _paper: pdf),
        StillSummarizer(failures or {}),
        (),
        Budget(Limits()),
        concurrency=concurrency,
        seconds_now=lambda: 0.0,
        progress=NoProgress(),
    )
    jobs = [
        Job(Candidate(Paper(arxiv_id, "Title", abstract="Abstract")), ("LLM",)) for arxiv_id in IDS
    ]
    settled: dict[str, Finished] = {}

    def settle(done: Finished) -> None:
        settled[done.report.paper.arxiv_id] = done

    reports = workshop.carry_out(jobs, lambda job: None, settle)
    assert {report.paper.arxiv_id: report for report in reports} == {
        key: each.report for key, each in settled.items()
    }
    return tuple(settled[report.paper.arxiv_id] for report in reports)


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
        for language in label_languages():
            (note,) = reader_notes(done.entry, load_labels(language))
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


class Gate:
    """A summarizer that lets no paper through before it is told to, and counts how many are with
    it.
    """

    def __init__(self, opens: Callable[[Paper], threading.Event]) -> None:
        self._opens = opens
        self._lock = threading.Lock()
        self.asked: list[str] = []
        self.most_at_once = 0
        self._at_once = 0

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        return TokenEstimate(1, 1, 0.0)

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        with self._lock:
            self.asked.append(paper.arxiv_id)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        assert self._opens(paper).wait(WAIT_SECONDS), f"nothing let {paper.arxiv_id} through"
        with self._lock:
            self._at_once -= 1
        return Summary({}, "zh", "fake", "fake", "f", llm_calls=1)

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        return ()


def workshop_of(
    tmp_path: Path,
    summarizer: Summarizing,
    *,
    fetch: Callable[[Paper], Path],
    concurrency: int,
    cancellation: CancellationToken | None = None,
) -> Workshop:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(b"%PDF")
    return Workshop(
        Reader(tmp_path / "cache", lambda _pdf, _folder: DOCUMENT),
        fetch,
        summarizer,
        (),
        Budget(Limits()),
        readers=2,
        concurrency=concurrency,
        seconds_now=lambda: 0.0,
        progress=NoProgress(),
        cancellation=cancellation,
    )


def jobs(count: int) -> list[Job]:
    return [
        Job(Candidate(Paper(f"2611.{n:05d}", "Title", abstract="Abstract")), ("LLM",))
        for n in range(count)
    ]


def test_fetching_goes_on_while_the_model_is_slow_and_no_more_is_asked_at_once_than_may_be(
    tmp_path: Path,
) -> None:
    """The model gives no answer before the last paper is fetched."""
    fetched: list[str] = []
    all_fetched = threading.Event()
    many = jobs(MOST_FETCHED // 2)

    def fetch(paper: Paper) -> Path:
        fetched.append(paper.arxiv_id)
        if len(fetched) == len(many):
            deadline = time.monotonic() + WAIT_SECONDS
            while gate.most_at_once < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            all_fetched.set()
        return tmp_path / "paper.pdf"

    gate = Gate(lambda paper: all_fetched)
    reports = workshop_of(tmp_path, gate, fetch=fetch, concurrency=2).carry_out(
        many, lambda job: None, lambda done: None
    )
    assert [report.status for report in reports] == ["published"] * len(many)
    assert gate.most_at_once == 2
    assert fetched == [job.paper.arxiv_id for job in many]


def test_no_more_is_fetched_ahead_than_the_stages_have_room_for(tmp_path: Path) -> None:
    fetched: list[str] = []
    full = MOST_FETCHED + DOCUMENTS_A_CALL
    opened = threading.Event()

    def fetch(paper: Paper) -> Path:
        fetched.append(paper.arxiv_id)
        if len(fetched) == full:
            # Whoever would go beyond this has the time to do so before the model answers.
            threading.Timer(0.3, lambda: (ahead.append(len(fetched)), opened.set())).start()
        return tmp_path / "paper.pdf"

    ahead: list[int] = []
    workshop = workshop_of(tmp_path, Gate(lambda paper: opened), fetch=fetch, concurrency=1)
    workshop.carry_out(jobs(3 * MOST_FETCHED), lambda job: None, lambda done: None)
    assert ahead == [full]
    assert len(fetched) == 3 * MOST_FETCHED


def test_a_paper_that_hangs_at_the_model_holds_up_no_other(tmp_path: Path) -> None:
    others_done, open_to_all = threading.Event(), threading.Event()
    open_to_all.set()
    many = jobs(8)
    settled: list[str] = []

    def settle(done: Finished) -> None:
        settled.append(done.report.paper.arxiv_id)
        if len(settled) == len(many) - 1:
            others_done.set()

    gate = Gate(lambda paper: others_done if paper == many[0].paper else open_to_all)
    workshop = workshop_of(
        tmp_path, gate, fetch=lambda paper: tmp_path / "paper.pdf", concurrency=2
    )
    reports = workshop.carry_out(many, lambda job: None, settle)
    assert settled[-1] == many[0].paper.arxiv_id
    assert [report.paper.arxiv_id for report in reports] == [job.paper.arxiv_id for job in many]


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
    workshop = workshop_of(tmp_path, gate, fetch=fetch, concurrency=1, cancellation=cancellation)
    reports = workshop.carry_out(jobs(8), lambda job: None, lambda done: None)
    published = [report.paper.arxiv_id for report in reports if report.status == "published"]
    assert published == gate.asked
    assert len(gate.asked) <= 1
    assert {report.reason for report in reports if report.status == "queued"} == {"enough"}
    with pytest.raises(BudgetReachedError, match="enough"):
        cancellation.wait(60)


def test_what_cannot_be_stored_is_not_published_and_ends_the_run(tmp_path: Path) -> None:
    def settle(done: Finished) -> None:
        raise StoreError("the disk is full")

    workshop = workshop_of(
        tmp_path, StillSummarizer({}), fetch=lambda paper: tmp_path / "paper.pdf", concurrency=1
    )
    reports = workshop.carry_out(jobs(4), lambda job: None, settle)
    assert {(report.status, report.reason) for report in reports} == {
        ("queued", "the disk is full")
    }
    assert isinstance(workshop.stopped_by, StoreError)


def test_what_is_done_meanwhile_comes_after_the_last_download_and_does_not_wait_for_the_model(
    tmp_path: Path,
) -> None:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(b"%PDF")
    fetched: list[str] = []
    done = threading.Event()

    def fetch(paper: Paper) -> Path:
        assert not done.is_set()
        fetched.append(paper.arxiv_id)
        return pdf

    class Waiting(StillSummarizer):
        def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
            assert done.wait(WAIT_SECONDS)
            return super().summarize(paper, document, fields)

    def meanwhile() -> None:
        assert len(fetched) == 3
        done.set()

    shop = workshop_of(tmp_path, Waiting({}), fetch=fetch, concurrency=1)
    reports = shop.carry_out(jobs(3), lambda job: None, lambda finished: None, meanwhile)
    assert [report.status for report in reports] == ["published"] * 3


def test_a_disk_that_fails_meanwhile_stops_the_run_and_breaks_nothing_off(tmp_path: Path) -> None:
    def meanwhile() -> None:
        raise StoreError("the disk is full")

    shop = workshop_of(tmp_path, StillSummarizer({}), fetch=lambda paper: tmp_path, concurrency=1)
    shop.carry_out([], lambda job: None, lambda finished: None, meanwhile)
    assert str(shop.stopped_by) == "the disk is full"
