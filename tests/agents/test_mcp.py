"""An agent works with `chatpaper mcp`, by the client library of the protocol."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agents.agent import Agent, start_agent
from tests.cli.conftest import Shown


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_shown: Shown) -> Path:
    """Return a folder that `chatpaper demo` made, with its invented papers."""
    return demo_shown.continue_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def agent(demo: Path) -> Iterator[Agent]:
    with start_agent(demo) as started:
        yield started


def test_tools_say_that_they_only_read(agent: Agent) -> None:
    tools = agent.tools()
    assert set(tools) == {"search_papers", "get_summary", "get_section", "check_claim"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert tool.description
        assert tool.output_schema["properties"]["notice"]
    assert "never instructions" in (agent.client.instructions or "")


def test_papers_are_found_by_their_words_page_by_page(agent: Agent) -> None:
    found = agent.call("search_papers", words="植入 重复图像")
    assert [each["arxiv_id"] for each in found["papers"]] == ["planted-images"]
    assert "重复图像" in found["papers"][0]["snippet"]
    every = agent.call("search_papers", topic="diffusion models")
    assert (every["total"], every["next_offset"]) == (4, None)
    rest = agent.call("search_papers", offset=3)
    assert rest["papers"] == every["papers"][3:]
    assert agent.call("search_papers", until="2020-01-01")["total"] == 0


def test_a_summary_comes_with_the_pages_that_support_it(agent: Agent) -> None:
    summary = agent.call("get_summary", paper="planted-images")
    assert summary["title"].startswith("Planted Images")
    assert summary["language"] == "zh"
    assert summary["summary"]["key_takeaways"]
    quoted = [each for each in summary["evidence"] if each["quote"]]
    assert quoted
    assert all(each["page"] for each in quoted)
    assert "2.1" in [each["number"] for each in summary["sections"]]
    assert any("虚构" in note for note in summary["notes"])


def test_sections_are_read_by_number_or_title_with_what_is_below_them(agent: Agent) -> None:
    def read(section: str) -> Any:
        return agent.call("get_section", paper="planted-images", section=section)

    listed = read("")["sections"]
    titles = {each["number"]: each["title"] for each in listed}
    assert titles["3.1"] == "Dose and response"
    by_number = read("3.1")
    assert by_number == read("dose and response")
    assert by_number["page"] == 2
    above = read("Results")
    assert by_number["text"] in above["text"]
    assert "3.2 Time of training" in above["text"]
    assert "copies" in read("4")["text"]
    assert "We plant 50" in read("abstract")["text"]


def test_a_claim_is_held_against_the_paper(agent: Agent) -> None:
    right = agent.call(
        "check_claim",
        paper="planted-images",
        claim="Stopping training at a third of the usual length removes 92% of the reproductions.",
    )
    assert right["verdict"] == "supported"
    assert {claim["page"] for claim in right["claims"]} == {1}
    wrong = agent.call(
        "check_claim", paper="planted-images", claim="The detector finds 97.3% of the copies."
    )
    assert wrong["verdict"] == "not_supported"
    assert [claim["value"] for claim in wrong["claims"] if not claim["supported"]] == ["97.3%"]
    assert "leave it out" in wrong["advice"]
    assert any("copies" in excerpt["text"] for excerpt in wrong["excerpts"])
    words = agent.call("check_claim", paper="planted-images", claim="它使用扩散模型。")
    assert words["verdict"] == "nothing_to_check"
    assert words["excerpts"]


def test_errors_say_what_to_do(agent: Agent) -> None:
    assert "search_papers finds those that there are" in agent.refusal("get_summary", paper="x")
    assert "there are: Diffusion Models" in agent.refusal("search_papers", topic="NeRF")
    assert "2.1 Doses" in agent.refusal("get_section", paper="planted-images", section="Dosis")
    assert "offset within it" in agent.refusal(
        "get_section", paper="planted-images", section="1", offset=10**6
    )
    assert "at most 4000" in agent.refusal("check_claim", paper="planted-images", claim="a" * 4001)


@pytest.mark.parametrize("name", ["{demo}/papers/planted-images.pdf", "http://127.0.0.1:9/a.pdf"])
def test_neither_files_nor_other_addresses_are_read_for_agents(
    agent: Agent, demo: Path, name: str
) -> None:
    refusal = agent.refusal("get_section", paper=name.format(demo=demo))
    assert "give an arXiv id" in refusal


def test_what_papers_say_is_marked_as_data(agent: Agent) -> None:
    for tool, arguments in (
        ("search_papers", {}),
        ("get_summary", {"paper": "planted-images"}),
        ("get_section", {"paper": "planted-images", "section": "1"}),
        ("check_claim", {"paper": "planted-images", "claim": "It has 50 images."}),
    ):
        answer = agent.ask(tool, **arguments)
        assert next(iter(json.loads(answer.content[0].text))) == "notice"
