"""The run report: it adds up, and its exit code says the most pressing thing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chatpaper.domain import Paper
from chatpaper.domain.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ChatPaperError,
    DefectError,
    ExitCode,
    QuotaExhaustedError,
    UpstreamError,
)
from chatpaper.pipeline.report.report_json import report_to_json
from chatpaper.pipeline.report.run_report import (
    PaperReport,
    RunReport,
    TopicReport,
    total_cost,
)
from chatpaper.storage.papers.outcomes import Status

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PAPER = Paper("2611.00001", "A Paper")


def paper(status: Status, error: ChatPaperError | None = None) -> PaperReport:
    return PaperReport(PAPER, ("LLM",), status, error=error)


def report(
    *papers: PaperReport, topic: TopicReport | None = None, stopped_by: ChatPaperError | None = None
) -> RunReport:
    topics = (topic,) if topic else ()
    return RunReport("run", date(2026, 11, 22), NOW, NOW, topics, papers, stopped_by=stopped_by)


def test_the_json_has_an_empty_topic_for_a_paper_that_was_asked_for_alone() -> None:
    alone = replace(paper("published"), topics=(None,))
    (written,) = report_to_json(report(alone)).papers
    assert written.topics == ("",)


@pytest.mark.parametrize(
    ("finished", "code"),
    [
        (report(), ExitCode.DONE),
        (report(paper("published"), paper("excluded")), ExitCode.DONE),
        (
            report(paper("published"), paper("failed", BadCompletionError("x"))),
            ExitCode.SOME_FAILED,
        ),
        (report(paper("published"), paper("failed", UpstreamError("x"))), ExitCode.SOME_FAILED),
        (report(paper("failed", BackendUnavailableError("x"))), ExitCode.UPSTREAM),
        (
            report(
                paper("failed", BackendUnavailableError("x")),
                paper("failed", BadCompletionError("x")),
            ),
            3,
        ),
        (
            report(paper("published"), topic=TopicReport("LLM", "q", error=UpstreamError("x"))),
            ExitCode.UPSTREAM,
        ),
        (report(paper("published"), paper("failed", DefectError("x"))), ExitCode.DEFECT),
        (report(paper("published"), paper("queued")), ExitCode.BUDGET),
        (report(paper("queued"), stopped_by=QuotaExhaustedError("x")), ExitCode.BUDGET),
        (report(paper("queued"), stopped_by=BackendRejectedError("x")), ExitCode.USAGE),
        (replace(report(paper("queued")), dry_run=True), ExitCode.DONE),
    ],
)
def test_the_exit_code_says_the_most_pressing_thing(finished: RunReport, code: int) -> None:
    assert finished.exit_code == code
    assert report_to_json(finished).exit_code == code


def test_a_clock_that_is_set_back_gives_no_negative_time() -> None:
    set_back = replace(report(), finished=NOW - timedelta(hours=1))
    assert report_to_json(set_back).totals.seconds == 0


def test_a_topic_whose_papers_do_not_add_up_is_a_defect() -> None:
    TopicReport("LLM", "q", found=3, published=1, excluded=1, failed=1)
    with pytest.raises(AssertionError, match="do not add up"):
        TopicReport("LLM", "q", found=3, published=1, excluded=1, failed=0)


def test_a_total_with_an_unknown_price_is_unknown() -> None:
    assert total_cost([0.1, 0.2]) == 0.3
    assert total_cost([0.1, None]) is None
