"""Agents may have papers summarized, over stdio and HTTP, with fakes of arXiv and Gemini."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.agents.agent import connect, start_agent
from tests.agents.serving import serving
from tests.cli.conftest import Terminal, connected, standard_papers, terminal_at
from tests.cli.forked import Forker
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini


@pytest.fixture
def online(
    tmp_path: Path, library: Path, papers_read: Path, forker: Forker | None
) -> Iterator[tuple[Terminal, FakeGemini]]:
    """Return a terminal with the fakes behind it, and nothing summarized yet."""
    with FakeArxiv(standard_papers(library)) as arxiv, FakeGemini() as gemini:
        terminal = terminal_at(tmp_path, forker)
        yield connected(terminal, arxiv, gemini, papers_read), gemini


def test_a_paper_is_summarized_once_and_its_progress_told_within_the_budget_of_the_server(
    online: tuple[Terminal, FakeGemini],
) -> None:
    terminal, gemini = online
    environment = terminal.environment | {"CHATPAPER_BUDGET__MAX_PAPERS": "1"}
    with start_agent(
        terminal.home, "--summaries", environment=environment, forker=terminal.forker
    ) as agent:
        tool = agent.tools()["summarize_paper"]
        assert not tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        # Any paper of arXiv can be read and checked before anything is paid for.
        read = agent.call("get_section", paper="arXiv:2611.00001v1", section="abstract")
        assert read["arxiv_id"] == "2611.00001"
        assert "names no paper of arXiv" in agent.refusal("summarize_paper", paper="planted")
        assert "arXiv has no paper 2611.09999" in agent.refusal(
            "summarize_paper", paper="2611.09999"
        )
        agent.progress.clear()
        made = agent.call("summarize_paper", paper="2611.00001")
        assert made["summary"]["summary"]
        messages = [message for _, _, message in agent.progress]
        assert messages[0] == "2611.00001v1: downloading the PDF"
        assert "2611.00001v1: asking the model, and checking what it says" in messages
        assert [at for at, _, _ in agent.progress] == sorted(at for at, _, _ in agent.progress)
        calls = len(gemini.requests)
        assert agent.call("summarize_paper", paper="2611.00001") == made
        assert agent.call("get_summary", paper="2611.00001") == made
        assert len(gemini.requests) == calls
        found = agent.call("search_papers", words="step budgets")
        assert [each["arxiv_id"] for each in found["papers"]] == ["2611.00001"]
        assert "budget.max_papers is used up" in agent.refusal(
            "summarize_paper", paper="2611.00004"
        )
    assert list(terminal.posts.rglob("2611.00001.md"))


def ask(address: str, **headers: str) -> int:
    """Return the status of a request for the list of tools."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepted = {"accept": "application/json, text/event-stream"}
    return httpx2.post(address, json=body, headers=accepted | headers).status_code


@asynccontextmanager
async def with_password(address: str, password: str) -> AsyncIterator[Any]:
    """Connect to an address by a client of HTTP that ends with the connection."""
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {password}"}
    async with (
        httpx2.AsyncClient(headers=headers) as client,
        streamable_http_client(address, http_client=client) as streams,
    ):
        yield streams


def test_agents_are_served_over_http_and_no_page_of_another_site(
    online: tuple[Terminal, FakeGemini],
) -> None:
    terminal, _ = online
    with serving(terminal) as address:
        assert address.startswith("http://127.0.0.1:")
        with connect(address) as agent:
            assert "summarize_paper" not in agent.tools()
            claim = "The paper has 40 steps."
            assert agent.call("check_claim", paper="2611.00001", claim=claim)["excerpts"]
        assert ask(address, origin="https://evil.example") == 403
        assert ask(address, host="evil.example") == 403


def test_a_server_for_others_asks_for_its_password(online: tuple[Terminal, FakeGemini]) -> None:
    terminal, _ = online
    refused = terminal.run("mcp", "--http", "--host", "0.0.0.0")
    assert (refused.exit_code, "web.password" in refused.err) == (2, True)
    with serving(terminal, CHATPAPER_WEB__PASSWORD="swordfish") as address:
        assert ask(address) == 401
        assert ask(address, authorization="Bearer guessed") == 401
        with connect(with_password(address, "swordfish")) as agent:
            assert agent.call("search_papers")["total"] == 0


def test_wrong_usage_is_told(terminal: Any) -> None:
    wrong = terminal.run("mcp", "--port", "8000")
    assert (wrong.exit_code, "go with --http" in wrong.err) == (2, True)


@pytest.fixture
def terminal(tmp_path: Path, forker: Forker | None) -> Terminal:
    return terminal_at(tmp_path, forker)
