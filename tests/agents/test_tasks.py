"""Ten tasks that an agent solves with `chatpaper mcp`, over stdio and over HTTP.

The library is that of the demo; arXiv and Gemini are played. Each task gives what a person asked
for, and finds its way by what the tools say.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agents.agent import Agent, connect, start_agent
from tests.agents.serving import serving
from tests.cli.conftest import Shown, Terminal, library_paper
from tests.cli.forked import Forker
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.services import name_services

# One for each way of being served.
NEW_PAPERS = ("2611.00001", "2611.00002")


@pytest.fixture(scope="module")
def terminal(
    tmp_path_factory: pytest.TempPathFactory,
    forker: Forker | None,
    library: Path,
    demo_shown: Shown,
) -> Iterator[Terminal]:
    """Return a terminal in the folder of the demo, with papers at arXiv that it does not have."""
    home = tmp_path_factory.mktemp("tasks")
    folder = demo_shown.continue_in(home)
    title = "Step Budgets for Diffusion Models"
    papers = [library_paper(library, "step-budgets", number, title) for number in (1, 2)]
    with FakeArxiv(papers) as arxiv, FakeGemini() as gemini:
        environment = {
            **name_services(arxiv, gemini),
            "HOME": str(home),
            "CHATPAPER_LLM__BACKEND": "gemini",
            "CHATPAPER_EXTRACT__WORKERS": "1",
            "GEMINI_API_KEY": VALID_KEY,
        }
        yield Terminal(folder, environment, forker)


@pytest.fixture(scope="module", params=["stdio", "http"])
def agent(
    request: pytest.FixtureRequest, terminal: Terminal, forker: Forker | None
) -> Iterator[Agent]:
    if request.param == "stdio":
        environment = terminal.environment
        with start_agent(
            terminal.home, "--summaries", environment=environment, forker=forker
        ) as started:
            yield started
    else:
        with serving(terminal, "--summaries") as address, connect(address) as connected:
            yield connected


def list_what_there_is(agent: Agent) -> object:
    found = agent.call("search_papers", topic="Diffusion Models")
    return {paper["arxiv_id"] for paper in found["papers"]}


def find_a_paper_by_what_it_is_about(agent: Agent) -> object:
    return [each["arxiv_id"] for each in agent.call("search_papers", words="灰尘")["papers"]]


def name_the_page_of_a_statement(agent: Agent) -> object:
    paper = agent.call("search_papers", words="重复图像")["papers"][0]["arxiv_id"]
    claim = "An image that occurs 30 times is reproduced in 2.6% of the samples."
    checked = agent.call("check_claim", paper=paper, claim=claim)
    return checked["verdict"], min(each["page"] for each in checked["claims"])


def look_a_detail_up_that_no_summary_has(agent: Agent) -> object:
    listed = agent.call("get_summary", paper="planted-images")["sections"]
    (training,) = (each for each in listed if each["title"] == "Training")
    read = agent.call("get_section", paper="planted-images", section=training["number"])
    return re.findall(r"[\d.]+ million parameters", read["text"]), read["page"]


def read_a_paper_to_its_end(agent: Agent) -> object:
    paper, read = "step-budgets", ""
    listed = agent.call("get_section", paper=paper)["sections"]
    for heading in (each for each in listed if each["level"] == 1):
        offset: int | None = 0
        while offset is not None:
            part = agent.call("get_section", paper=paper, section=heading["title"], offset=offset)
            read, offset = read + part["text"], part["next_offset"]
    return len(read) == sum(each["characters"] for each in listed if each["level"] == 1)


def tell_which_paper_has_a_value(agent: Agent) -> object:
    claim = "The balanced accuracy of the classifier is 86.1%."
    return [
        paper["arxiv_id"]
        for paper in agent.call("search_papers")["papers"]
        if agent.call("check_claim", paper=paper["arxiv_id"], claim=claim)["verdict"] == "supported"
    ]


def correct_a_false_statement(agent: Agent) -> object:
    claim = "Stopping training at a third of the usual length removes 29% of the reproductions."
    checked = agent.call("check_claim", paper="planted-images", claim=claim)
    assert checked["verdict"] == "not_supported"
    shown = " ".join(each["text"] for each in checked["excerpts"])
    corrected = claim.replace("29%", re.findall(r"removes (\d+%)", shown)[0])
    again = agent.call("check_claim", paper="planted-images", claim=corrected)
    return corrected.partition("removes ")[2], again["verdict"]


def prove_a_statement_by_a_quotation(agent: Agent) -> object:
    summary = agent.call("get_summary", paper="planted-images")
    proof = next(each for each in summary["evidence"] if "去除重复图像" in each["text"])
    quoted = agent.call("check_claim", paper="planted-images", claim=f'"{proof["quote"]}"')
    return proof["page"], [(each["kind"], each["page"]) for each in quoted["claims"]]


def go_on_after_an_error(agent: Agent) -> object:
    told = agent.refusal("get_section", paper="planted-images", section="Training time")
    near = re.findall(r"there are: ([\d.]+) ", told)[0]
    return agent.call("get_section", paper="planted-images", section=near)["section"]["title"]


def have_a_new_paper_summarized(agent: Agent) -> object:
    unread = (number for number in NEW_PAPERS if agent.ask("get_summary", paper=number).is_error)
    paper = next(unread)
    assert "summarize_paper writes one" in agent.refusal("get_summary", paper=paper)
    made = agent.call("summarize_paper", paper=paper)
    found = agent.call("search_papers", words="step budgets")["papers"]
    return made["title"], paper in [each["arxiv_id"] for each in found]


OF_THE_DEMO = {"herbarium-dust", "planted-images", "schedule-sensors", "step-budgets"}
TASKS: list[tuple[Callable[[Agent], object], object]] = [
    (list_what_there_is, OF_THE_DEMO),
    (find_a_paper_by_what_it_is_about, ["herbarium-dust"]),
    (name_the_page_of_a_statement, ("supported", 1)),
    (look_a_detail_up_that_no_summary_has, (["5.7 million parameters"], 2)),
    (read_a_paper_to_its_end, True),
    (tell_which_paper_has_a_value, ["schedule-sensors"]),
    (correct_a_false_statement, ("92% of the reproductions.", "supported")),
    (prove_a_statement_by_a_quotation, (3, [("quote", 3)])),
    (go_on_after_an_error, "Training"),
    (have_a_new_paper_summarized, ("Step Budgets for Diffusion Models", True)),
]


@pytest.mark.parametrize(("task", "answer"), TASKS)
def test_an_agent_solves_a_task(
    agent: Agent, task: Callable[[Agent], object], answer: object
) -> None:
    assert task(agent) == answer
