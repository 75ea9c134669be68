"""Real servers: what is published, what a person is told, and what is left for the next run."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from chatpaper.domain.text.tokens import estimate_tokens
from tests.cli.conftest import Outcome, Terminal
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, error, streamed

PAPER = "leaf-shapes.pdf"
# Less than a paper, as much as a server has that was started without a word about its context.
SMALL_CONTEXT_TOKENS = 2048


def in_parts(reply: Reply) -> Reply:
    (only,) = reply.body["choices"]
    thoughts = {"type": "thinking", "thinking": [{"type": "text", "text": "嗯。"}]}
    content = [thoughts, {"type": "text", "text": only["message"]["content"]}]
    return Reply(
        body=reply.body
        | {"choices": [only | {"message": {"role": "assistant", "content": content}}]}
    )


def talkative(reply: Reply) -> Reply:
    (only,) = reply.body["choices"]
    content = (
        "好的，先想一下。</think>\n以下是结果：\n```json\n"
        f"{only['message']['content']}\n```\n希望有帮助。"
    )
    return Reply(
        body=reply.body
        | {"choices": [only | {"message": {"role": "assistant", "content": content}}]}
    )


def cut_in_silence(reply: Reply) -> Reply:
    counted = reply.body["usage"] | {"prompt_tokens": SMALL_CONTEXT_TOKENS}
    return Reply(body=reply.body | {"usage": counted})


def later_name_of_the_limit(body: Mapping[str, Any]) -> Reply | None:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    )
    return error(400, message) if "max_tokens" in body else None


def only_streams(body: Mapping[str, Any]) -> Reply | None:
    return None if body.get("stream") else error(400, "This model only support stream mode")


def small_context(body: Mapping[str, Any]) -> Reply | None:
    tokens = sum(estimate_tokens(message["content"]) for message in body["messages"])
    told = {
        "message": "the request exceeds the available context size",
        "n_prompt_tokens": tokens,
        "n_ctx": 3300,
    }
    return Reply(400, {"error": told}) if tokens > 3300 else None


def summarize(terminal: Terminal, library: Path, server: FakeOpenAI, paper: str = PAPER) -> Outcome:
    return terminal.run(
        *("summarize", library / paper, "--backend", "openai", "--model", "fake-chat", "--json"),
        CHATPAPER_LLM__BASE_URL=server.base_url,
    )


PUBLISHED: dict[str, tuple[dict[str, Any], str]] = {
    "content in parts": ({"disguise": in_parts}, ""),
    "thoughts, prose and a fence": ({"disguise": talkative, "supports": ("text",)}, ""),
    "a stream that nobody asked for": ({"disguise": streamed}, ""),
    "streams alone": ({"refuse": only_streams}, "streamed from now on"),
    "another name of the limit": (
        {"refuse": later_name_of_the_limit},
        "max_completion_tokens is sent from now on",
    ),
}


@pytest.mark.parametrize(("server_is", "told"), PUBLISHED.values(), ids=PUBLISHED.keys())
def test_a_paper_is_published_by_every_kind_of_server(
    terminal: Terminal, library: Path, server_is: dict[str, Any], told: str
) -> None:
    with FakeOpenAI(**server_is) as server:
        done = summarize(terminal, library, server)
    assert done.exit_code == 0, done.err
    assert done.report["papers"][0]["status"] == "published"
    assert told in done.err


def test_a_small_context_leaves_out_what_does_not_fit_and_says_so(
    terminal: Terminal, library: Path
) -> None:
    with FakeOpenAI(refuse=small_context) as server:
        done = summarize(terminal, library, server, "step-budgets.pdf")
        assert server.calls[1:], done.err
        assert [small_context(call.body) is None for call in server.calls[:2]] == [False, True]
    assert done.exit_code == 0, done.err
    (post,) = (terminal.home / "posts").glob("2*/*.md")
    assert "受模型上下文长度所限，以下部分" in post.read_text("utf-8")


def test_a_prompt_that_is_cut_in_silence_stops_the_run_and_costs_no_paper_an_attempt(
    terminal: Terminal, library: Path
) -> None:
    papers = terminal.home / "papers"
    papers.mkdir()
    for name in (PAPER, "herbarium-dust.pdf"):
        copy(library / name, papers)
    run = (
        "run",
        "--topic",
        "LLM",
        "--source",
        papers,
        "--backend",
        "ollama",
        "--model",
        "fake-chat",
        "--json",
    )
    with FakeOpenAI(disguise=cut_in_silence) as server:
        for day in ("2026-11-22", "2026-11-23"):
            done = terminal.run(
                *run,
                "--date",
                day,
                CHATPAPER_LLM__BASE_URL=server.base_url,
                CHATPAPER_LLM__CONCURRENCY="1",
            )
            assert done.exit_code == 2
            assert "counted 2048 tokens" in done.err
            assert "OLLAMA_CONTEXT_LENGTH" in done.err
            assert {paper["status"] for paper in done.report["papers"]} == {"queued"}
        assert not list((terminal.home / "posts").glob("**/*.md"))
    with FakeOpenAI() as server:
        done = terminal.run(*run, "--date", "2026-11-24", CHATPAPER_LLM__BASE_URL=server.base_url)
        assert {paper["status"] for paper in done.report["papers"]} == {"published"}


@pytest.mark.parametrize(
    ("tokens", "ours", "exit_code", "told"),
    [
        (40_000, "", 0, "ok   context: the server takes 40000 tokens"),
        (
            4096,
            "",
            0,
            "WARN context: the server takes 4096 tokens at once, and a paper of twenty pages needs",
        ),
        (4096, "4096", 0, "parts of longer papers are left out"),
        (
            4096,
            "8192",
            2,
            "FAIL context: the server takes 4096 tokens at once, and llm.context_tokens is 8192",
        ),
    ],
)
def test_doctor_says_whether_papers_fit_the_server(
    online: Terminal, tokens: int, ours: str, exit_code: int, told: str
) -> None:
    chosen = {"CHATPAPER_LLM__CONTEXT_TOKENS": ours} if ours else {}
    with FakeOpenAI(
        tells={"/api/ps": {"models": [{"name": "fake-chat", "context_length": tokens}]}}
    ) as server:
        done = online.run(
            "doctor",
            CHATPAPER_LLM__BACKEND="ollama",
            CHATPAPER_LLM__MODEL="fake-chat",
            CHATPAPER_LLM__BASE_URL=server.base_url,
            **chosen,
        )
    assert done.exit_code == exit_code, done.out
    assert told in done.out
