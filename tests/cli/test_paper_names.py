"""A paper of a PDF file is found by the arXiv id of the file's name, whatever the command."""

from pathlib import Path

import pytest

from tests.cli.conftest import TONIGHT, Outcome, Terminal
from tests.fakes.arxiv import FakeArxiv

SHORT = "1706.03762"
TITLE = "How Many Steps Are Enough? Choosing the Sampling Budget T of Small Diffusion Models"


def summarize(terminal: Terminal, library: Path, stem: str, name: str) -> str:
    """Summarize a paper of the library under another name, and return its key."""
    pdf = terminal.home / f"{name}.pdf"
    pdf.write_bytes((library / f"{stem}.pdf").read_bytes())
    done = terminal.run("summarize", pdf, "--date", TONIGHT, "--backend", "extractive", "--json")
    assert done.exit_code == 0, done.err
    pdf.unlink()
    key: str = done.report["papers"][0]["arxiv_id"]
    assert key.startswith(f"{name}-")
    return key


def ask(terminal: Terminal, name: str) -> Outcome:
    question = "Which budget of steps is enough for diffusion models?"
    return terminal.run("ask", name, question, "--backend", "extractive", "--json")


@pytest.fixture
def key(online: Terminal, library: Path) -> str:
    return summarize(online, library, "step-budgets", SHORT)


@pytest.mark.parametrize("name", [SHORT, f"https://arxiv.org/abs/{SHORT}", f"{SHORT}.pdf"])
def test_the_short_id_is_shown_marked_and_forgotten(online: Terminal, key: str, name: str) -> None:
    assert online.run("show", name).out == online.run("show", key).out != ""
    line = f"{key}  {TITLE}\n"
    assert online.run("like", name).out == line
    assert online.run("like").out == line
    assert online.run("like", name, "--undo").out == line
    assert online.run("like").out == ""
    done = online.run("forget", name, "--yes")
    assert (done.exit_code, done.err) == (0, "")
    assert f"forgets {key} {TITLE}" in done.out
    assert online.run("show", key).exit_code == 2


def test_a_question_about_the_short_id_goes_to_the_stored_paper(
    online: Terminal, key: str, arxiv: FakeArxiv
) -> None:
    before = len(arxiv.requests)
    done = ask(online, SHORT)
    assert done.exit_code == 0, done.err
    assert done.report["arxiv_id"] == key
    assert len(arxiv.requests) == before


def test_a_short_id_that_fits_several_papers_names_them(online: Terminal, library: Path) -> None:
    keys = [
        summarize(online, library, "step-budgets", SHORT),
        summarize(online, library, "planted-images", f"{SHORT}v2"),
    ]
    told = f"{SHORT} stands for several papers; there are: {', '.join(keys)}."
    for command in (("show", SHORT), ("like", SHORT), ("forget", SHORT, "--yes")):
        done = online.run(*command)
        assert (done.exit_code, done.out) == (2, "")
        assert told in done.err
    assert told in ask(online, SHORT).err
    for name in (keys[1], f"{SHORT}v2"):
        assert online.run("like", name).out.startswith(f"{keys[1]}  Planted Images")
        assert ask(online, name).report["arxiv_id"] == keys[1]


def test_an_id_without_a_stored_paper_is_that_of_arxiv(online: Terminal, key: str) -> None:
    assert online.run("like", "2611.00001").out == "2611.00001\n"
    assert ask(online, "2611.00001").report["arxiv_id"] == "2611.00001"
