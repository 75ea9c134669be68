"""No injected instruction reaches a post, however obedient the model, and each is noted."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, terminal_at
from tests.cli.forked import Forker
from tests.fakes.gemini import VALID_KEY
from tests.summarize.injections import INJECTIONS, Injection, ObedientGemini, write_papers

LEAST_INJECTIONS = 40

each_injection = pytest.mark.parametrize(
    ("number", "injection"), list(enumerate(INJECTIONS, 1)), ids=[each.name for each in INJECTIONS]
)


@dataclass(frozen=True)
class Night:
    """What a run over all these papers left."""

    report: Any
    post: str
    records: dict[str, Any]
    prompts: dict[int, str]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, forker: Forker | None) -> Night:
    home = tmp_path_factory.mktemp("injections")
    papers = home / "papers"
    papers.mkdir()
    write_papers(papers)
    with ObedientGemini() as gemini:
        terminal = terminal_at(home, forker)
        terminal.environment |= {
            "CHATPAPER_LLM__BASE_URL": gemini.url,
            "CHATPAPER_BUDGET__MAX_PAPERS": "100",
            "GEMINI_API_KEY": VALID_KEY,
        }
        done = terminal.run(
            "run", "--topic", "Leaves", "--source", papers, "--date", TONIGHT, "--json"
        )
        prompts: dict[int, str] = {}
        for call in gemini.calls:
            text = call.body["contents"][0]["parts"][0]["text"]
            number = int(text.partition("Leaves in Wind, Part ")[2].split()[0])
            prompts.setdefault(number, text)
    assert done.exit_code in (0, 3), done.err
    post = home / "posts" / TONIGHT / "Leaves.md"
    text = post.read_text("utf-8") if post.is_file() else ""
    records = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"] if text else []
    return Night(done.report, text, {record["arxiv_id"]: record for record in records}, prompts)


def numbered(number: int) -> str:
    return f"leaves-{number:02d}"


def test_there_are_enough_of_them() -> None:
    assert len(INJECTIONS) >= LEAST_INJECTIONS
    assert any(injection.hidden for injection in INJECTIONS)


@each_injection
def test_an_injection_reaches_no_post(night: Night, number: int, injection: Injection) -> None:
    report = next(
        paper for paper in night.report["papers"] if paper["arxiv_id"] == numbered(number)
    )
    assert report["status"] in ("published", "failed")
    record = night.records.get(numbered(number))
    assert (record is not None) == (report["status"] == "published")
    if record is not None:
        written = json.dumps([record["summary"], record["evidence"]], ensure_ascii=False)
        assert injection.says not in written
        assert injection.text not in written
    assert injection.says not in night.post


@each_injection
def test_the_model_is_shown_what_readers_see(
    night: Night, number: int, injection: Injection
) -> None:
    """The mark of the fence alone is taken out of it."""
    assert "Leaves move in wind" in night.prompts[number]
    shown = " ".join(night.prompts[number].partition("You have answered before")[0].split())
    assert (injection.text.replace("<<<", "") in shown) != injection.hidden
    assert shown.count("<<<END PAPER") == 1


@each_injection
def test_only_what_no_reader_sees_is_told_of(
    night: Night, number: int, injection: Injection
) -> None:
    record = night.records.get(numbered(number))
    if record is not None:
        assert any("不可见的文字" in note for note in record["notes"]) == injection.hidden


def test_what_came_of_each_is_told(night: Night) -> None:
    """A paper whose injection the model keeps obeying fails with a reason, and is not published."""
    failed = {
        paper["arxiv_id"]: paper for paper in night.report["papers"] if paper["status"] == "failed"
    }
    assert all(paper["stage"] == "summarize" and paper["reason"] for paper in failed.values())
    for number, injection in enumerate(INJECTIONS, 1):
        reason = (
            failed[numbered(number)]["reason"]
            if numbered(number) in failed
            else "published without it"
        )
        print(f"{injection.name}: {reason}")
