"""`chatpaper run --source huggingface` from the outside."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.huggingface import SAMPLE_PAPERS, DailyPaper, FakeHuggingFace
from tests.fakes.loopback import HTML

RUN = ("run", "--source", "huggingface", "--json")
THAT_DAY = ("--date", "2024-08-07")
ABSTRACT = (
    "We study vision-language models on many images, and diffusion models that are usually sampled "
    "with a number of steps that was chosen once. A simple rule finds a budget of steps that a "
    "small model really needs."
)


@pytest.fixture
def hub(online: Terminal, arxiv: FakeArxiv, library: Path) -> Iterator[FakeHuggingFace]:
    """Serve one day's list, whose papers arXiv has."""
    pdf = (library / "step-budgets.pdf").read_bytes()
    arxiv.papers[:] = [
        FakePaper(
            paper.id,
            paper.title,
            ABSTRACT,
            paper.authors,
            comment="Project page given",
            pdf=pdf,
        )
        for paper in SAMPLE_PAPERS
    ]
    with FakeHuggingFace({date(2024, 8, 7): SAMPLE_PAPERS}) as server:
        online.environment["CHATPAPER_HUGGINGFACE__BASE_URL"] = server.url
        online.environment["CHATPAPER_HUGGINGFACE__DELAY_SECONDS"] = "0"
        yield server


def post_of(terminal: Terminal, day: str, topic: str) -> tuple[str, list[dict[str, Any]]]:
    path = terminal.posts / day / f"{topic}.md"
    return path.read_text("utf-8"), json.loads(path.with_suffix(".json").read_text("utf-8"))[
        "papers"
    ]


def test_all_papers_of_a_day_are_one_post_most_upvotes_first(
    online: Terminal, hub: FakeHuggingFace
) -> None:
    done = online.run(*RUN, *THAT_DAY)
    assert done.exit_code == 0, done.err
    (topic,) = done.report["topics"]
    assert (topic["name"], topic["found"], topic["published"]) == ("Daily Papers", 3, 3)
    assert topic["query"] == f"{hub.url}/papers/date/2024-08-07"
    text, papers = post_of(online, "2024-08-07", "Daily_Papers")
    assert [paper["upvotes"] for paper in papers] == [59, 58, 36]
    assert re.findall(r"^## (\S+)", text, re.MULTILINE) == ["LLaVA-OneVision:", "MMIU:", "An"]
    assert [paper["version"] for paper in papers] == [1, 1, 1]
    assert papers[1]["links"][:2] == [
        "https://mmiu-bench.github.io",
        "https://github.com/OpenGVLab/MMIU",
    ]
    assert (
        "代码及项目：<https://mmiu-bench.github.io>、<https://github.com/OpenGVLab/MMIU>、" in text
    )
    again = online.run(*RUN, *THAT_DAY)
    assert again.report["totals"]["llm_calls"] == 0
    assert post_of(online, "2024-08-07", "Daily_Papers") == (text, papers)


def test_a_topic_takes_what_is_about_it(
    online: Terminal, hub: FakeHuggingFace, arxiv: FakeArxiv
) -> None:
    arxiv.papers[1] = FakePaper(SAMPLE_PAPERS[1].id, "Many Images", "Of cats.", pdf=None)
    arxiv.papers[2] = FakePaper(SAMPLE_PAPERS[2].id, "Fewer Images", "Of dogs.", pdf=None)
    done = online.run(
        *RUN, *THAT_DAY, "--topic", "Diffusion Models", "--topic", "Daily Papers", "--dry-run"
    )
    assert done.exit_code == 0, done.err
    one, everything = done.report["topics"]
    assert (one["found"], one["excluded"]) == (3, 2)
    assert (everything["found"], everything["excluded"]) == (3, 0)
    # Both topics are served by one reading of the list and one look-up at arXiv.
    assert (len(hub.requests), arxiv.count("/api/query")) == (2, 1)


def test_where_arxiv_is_silent_hugging_faces_records_are_taken_and_it_is_told(
    online: Terminal, hub: FakeHuggingFace, arxiv: FakeArxiv
) -> None:
    hub.days[date(2024, 8, 7)] = [
        replace(SAMPLE_PAPERS[0], summary=ABSTRACT),
        DailyPaper("a-blog-post", "No paper of arXiv", ABSTRACT, upvotes=3),
    ]
    arxiv.always(status(503), path="/api/query")
    done = online.run(*RUN, *THAT_DAY)
    assert done.exit_code == 0, done.err
    assert "going on with what Hugging Face tells" in done.err
    for paper in done.report["papers"]:
        assert any("the record is Hugging Face's" in warning for warning in paper["warnings"])
    _, papers = post_of(online, "2024-08-07", "Daily_Papers")
    assert [(paper["arxiv_id"], paper["source"], paper["abstract_only"]) for paper in papers] == [
        ("2408.03178", "huggingface", None),
        ("a-blog-post", "huggingface", "pdf_unavailable"),
    ]


def test_a_weekend_is_said_plainly_and_a_fault_is_none(
    online: Terminal, hub: FakeHuggingFace
) -> None:
    quiet = online.run(*RUN, "--date", "2024-08-04")
    assert quiet.exit_code == 0, quiet.err
    assert "Hugging Face lists no daily papers for 2024-08-04, a Sunday" in quiet.err
    assert quiet.report["topics"][0]["found"] == 0
    hub.always = HTML
    fault = online.run(*RUN, "--date", "2024-08-04")
    assert fault.exit_code == 4
    assert "Hugging Face sent text/html" in fault.report["topics"][0]["error"]
    assert not list(online.posts.rglob("*.md"))


def test_a_day_to_come_and_days_in_the_wrong_order_are_refused(
    online: Terminal, hub: FakeHuggingFace
) -> None:
    future = online.run(*RUN, "--date", "2124-08-07")
    assert future.exit_code == 2
    assert "not later than today" in future.err
    backwards = online.run(*RUN, "--since", "2024-08-07", "--until", "2024-08-06")
    assert backwards.exit_code == 2
    nothing = online.run("run", "--json")
    assert nothing.exit_code == 2
    assert "No topic is given" in nothing.err
