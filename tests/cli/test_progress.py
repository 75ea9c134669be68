"""How far long work has come is shown to people at a terminal, and to nobody else."""

import doctest
import re
from itertools import pairwise

import pytest

from chatpaper.cli.progress import run_progress
from chatpaper.cli.progress.run_progress import Tally
from chatpaper.domain import Paper
from chatpaper.fetch.topics.table import list_builtin_topics
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.storage.papers.outcomes import Status
from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import FakeArxiv

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
# A pause that the test can wait for between each two of some hundred requests.
DELAY_SECONDS = 0.004


def test_a_terminal_shows_what_is_done_waiting_and_failed_and_what_it_cost(
    online: Terminal,
) -> None:
    shown = online.on_a_terminal(*RUN, stream="stderr", COLUMNS="120", TERM="xterm", NO_COLOR="1")
    assert re.search(r"0 done, 3 waiting, 0 failed, 0\.0000 USD", shown)
    assert re.search(r"3 done, 0 waiting, 0 failed, 0\.0\d\d\d USD .* left", shown)
    assert re.search(r"(fetch|extract|summarize) 2611\.0000\dv1", shown)


def test_nothing_of_it_is_written_elsewhere(online: Terminal) -> None:
    assert "waiting, " not in online.run(*RUN).err


def test_quiet_commands_show_none_at_a_terminal_either(online: Terminal) -> None:
    shown = online.on_a_terminal(*RUN, "-q", stream="stderr", TERM="xterm")
    assert "waiting, " not in shown


@pytest.mark.parametrize(
    ("status", "spent", "shown"),
    [
        ("published", 0.5, "2 done, 8 waiting, 1 failed, 0.5000 USD"),
        ("excluded", 0.5, "2 done, 8 waiting, 1 failed, 0.5000 USD"),
        ("failed", 0.5, "1 done, 8 waiting, 2 failed, 0.5000 USD"),
        ("queued", None, "1 done, 8 waiting, 1 failed, 1 postponed, unknown cost"),
    ],
)
def test_a_paper_is_counted_by_what_became_of_it(
    status: Status, spent: float | None, shown: str
) -> None:
    report = PaperReport(Paper("2611.00001", "A Paper"), ("LLM",), status)
    assert str(Tally(waiting=9, done=1, failed=1).add(report, spent)) == shown


def test_the_example_is_true() -> None:
    assert doctest.testmod(run_progress) == doctest.TestResults(0, attempted=1)


def test_counting_asks_arxiv_once_a_topic_at_one_rate(online: Terminal, arxiv: FakeArxiv) -> None:
    shown = online.on_a_terminal(
        "topics",
        "list",
        "--count",
        stream="stderr",
        COLUMNS="120",
        TERM="xterm",
        CHATPAPER_ARXIV__DELAY_SECONDS=str(DELAY_SECONDS),
    )
    names = [topic.name for topic in list_builtin_topics()]
    # What finds nothing is asked again before that is believed.
    queries = dict.fromkeys(request.query["search_query"] for request in arxiv.requests)
    assert len(queries) == len(names)
    times = [request.at for request in arxiv.requests]
    assert min(later - earlier for earlier, later in pairwise(times)) >= DELAY_SECONDS
    assert f"{len(names)}/{len(names)}" in shown
    assert names[-1] in shown
