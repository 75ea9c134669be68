"""`status` lists what was given up, `retry` queues it; a second provider gets what one refuses."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes import gemini as answers
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, error

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
GIVEN_UP = "2611.00001"


@pytest.fixture
def second() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


def give_up(terminal: Terminal) -> None:
    """Change the database as if the model had failed on a paper on four nights."""
    with (
        closing(sqlite3.connect(terminal.home / "state" / "chatpaper.db")) as connection,
        connection,
    ):
        connection.execute(
            "UPDATE outcomes SET status = 'excluded', stage = 'summarize', attempts = 4, "
            "post_date = NULL, "
            "reason = 'gave up after 4 attempts: in English' WHERE arxiv_id = ?",
            (GIVEN_UP,),
        )


def test_what_was_given_up_is_named_and_taken_up_again(
    online: Terminal, gemini: FakeGemini
) -> None:
    assert online.run(*RUN).exit_code == 0
    give_up(online)
    shown = online.run("status")
    assert f"{GIVEN_UP} (Diffusion Models): gave up after 4 attempts: in English" in shown.out
    assert f"`chatpaper retry {GIVEN_UP}`" in shown.out
    (told,) = online.run("status", "--json").report["given_up"]
    assert (told["arxiv_id"], told["attempts"]) == (GIVEN_UP, 4)
    assert online.run(*RUN, "--json").report["topics"][0]["published"] == 2
    done = online.run("retry", f"arXiv:{GIVEN_UP}v1")
    assert done.exit_code == 0
    assert 'chatpaper run --topic "Diffusion Models"' in done.out
    assert online.run("status", "--json").report["given_up"] == []
    assert online.run(*RUN, "--json").report["topics"][0]["published"] == 3
    again = online.run("retry")
    assert (again.exit_code, again.out) == (0, "")
    assert "No paper was given up" in again.err
    wrong = online.run("retry", GIVEN_UP)
    assert wrong.exit_code == 2
    assert f"{GIVEN_UP} neither failed nor was given up" in wrong.err


@pytest.mark.parametrize(
    "refusal",
    [answers.blocked_prompt(), answers.answer("I'm sorry, but I can't help with that.")],
    ids=["withheld", "in ordinary words"],
)
def test_a_second_provider_has_the_paper_that_the_first_refuses(
    online: Terminal, gemini: FakeGemini, second: FakeOpenAI, refusal: Reply
) -> None:
    gemini.script(refusal)
    chosen = {
        "CHATPAPER_LLM__FALLBACK_BACKEND": "openai",
        "CHATPAPER_LLM__FALLBACK_MODEL": "fake-chat",
        "CHATPAPER_LLM__FALLBACK_BASE_URL": second.base_url,
        "CHATPAPER_LLM__FALLBACK_API_KEY": "sk-second",
        "CHATPAPER_LLM__CONCURRENCY": "1",
        "CHATPAPER_LLM__VERIFY": "never",
    }
    done = online.run(*RUN, "--json", **chosen)
    assert done.exit_code == 0, done.err
    assert done.report["topics"][0]["published"] == 3
    assert [call.headers["authorization"] for call in second.calls] == ["Bearer sk-second"]
    beside = json.loads((online.posts / TONIGHT / "Diffusion_Models.json").read_text("utf-8"))
    models = [paper["model"] for paper in beside["papers"]]
    assert sorted(models) == ["fake-chat", "gemini-3.5-flash-lite", "gemini-3.5-flash-lite"]
    # The same again asks nobody.
    calls = len(gemini.calls) + len(second.calls)
    assert online.run(*RUN, "--json", **chosen).report["totals"]["llm_calls"] == 0
    assert len(gemini.calls) + len(second.calls) == calls


def test_a_second_provider_that_cannot_be_asked_stops_no_other_paper(
    online: Terminal, gemini: FakeGemini, second: FakeOpenAI
) -> None:
    gemini.script(answers.blocked_prompt())
    second.script(*[error(401, "Incorrect API key provided: sk-second-key.")] * 3)
    done = online.run(
        *RUN,
        "--json",
        CHATPAPER_LLM__FALLBACK_BACKEND="openai",
        CHATPAPER_LLM__FALLBACK_MODEL="fake-chat",
        CHATPAPER_LLM__FALLBACK_BASE_URL=second.base_url,
        CHATPAPER_LLM__FALLBACK_API_KEY="sk-second-key",
        CHATPAPER_LLM__CONCURRENCY="1",
    )
    assert (done.exit_code, done.report["topics"][0]["published"]) == (3, 2)
    (failed,) = [paper for paper in done.report["papers"] if paper["status"] == "failed"]
    assert "llm.fallback_api_key" in failed["reason"]
    assert "sk-second-key" not in done.out + done.err
    assert failed["attempts"] == 0


@pytest.mark.parametrize("key", ["你的密钥", "your-api-key"])
def test_a_key_that_can_be_none_is_told_before_arxiv_is_asked(online: Terminal, key: str) -> None:
    done = online.run(*RUN, GEMINI_API_KEY=key)
    assert done.exit_code == 2
    assert "The key (" in done.err
    assert not (online.home / "posts").exists() or not list(online.posts.rglob("*.md"))
