"""One paper's misfortune is no other paper's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatpaper.domain import Document, Paper, Section, Summary, TokenEstimate
from chatpaper.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ExtractError,
    PdfUnavailableError,
    UpstreamError,
)
from chatpaper.pipeline.budget import Budget, Limits
from chatpaper.pipeline.intake import Candidate
from chatpaper.pipeline.reading import Reader
from chatpaper.pipeline.report import Stage
from chatpaper.pipeline.work import Finished, Job, Workshop

DOCUMENT = Document("Title", "Abstract", sections=(Section("1", "Intro", 1, 1, "Text."),))
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
    jobs = [Job(Candidate(Paper(arxiv_id, "Title", abstract="Abstract")), ("LLM",)) for arxiv_id in IDS]
    settled: dict[str, Finished] = {}

    def settle(done: Finished) -> None:
        settled[done.report.paper.arxiv_id] = done

    reports = workshop.carry_out(jobs, lambda job: None, settle)
    assert {report.paper.arxiv_id: report for report in reports} == {key: each.report for key, each in settled.items()}
    return tuple(settled[report.paper.arxiv_id] for report in reports)


def test_what_became_of_the_papers_comes_back_in_their_order(tmp_path: Path) -> None:
    finished = carried_out(tmp_path, concurrency=3)
    assert [done.report.paper.arxiv_id for done in finished] == list(IDS)
    assert [done.report.status for done in finished] == ["published"] * 3


@pytest.mark.parametrize(
    "error", [BadCompletionError("bad"), BackendUnavailableError("down"), ZeroDivisionError("a defect")]
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
        assert (done.entry.abstract_only, done.entry.document.abstract) == ("pdf_unavailable", "Abstract")


@pytest.mark.parametrize(("reason", "text"), [("crashed", "unreadable"), ("timeout", "unreadable")])
def test_a_pdf_that_cannot_be_read_leaves_the_abstract(tmp_path: Path, reason: str, text: str) -> None:
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
