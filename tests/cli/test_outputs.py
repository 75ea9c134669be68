"""No paper, topic or post replaces another, and what a person edited stays."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import TONIGHT, Terminal, library_paper
from tests.cli.test_run import files_below
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import LoopbackServer, Reply, Request

NEXT_DAY = "2026-11-23"
TOPIC = "Diffusion Models"
EDITED = "\n我的笔记：第二节值得重读。\n"


class PdfSite(LoopbackServer):
    """A site whose PDFs differ in the query of their address alone."""

    def __init__(self, papers: dict[str, bytes]) -> None:
        super().__init__()
        self.papers = papers
        self.down = False

    def reply(self, request: Request) -> Reply:
        return Reply(503) if self.down else Reply(body=self.papers[urlsplit(request.path).query])


def posted(folder: Path) -> dict[str, str]:
    """Return the titles of the papers in the posts of a folder, by the names of their files."""
    found = {path.stem: json.loads(path.read_bytes()) for path in folder.rglob("*.json")}
    return {stem: paper["title"] for stem, record in found.items() for paper in record["papers"]}


def truth(library: Path, stem: str) -> str:
    return str(json.loads((library / "truth" / f"{stem}.json").read_text("utf-8"))["title"])


def put(pdf: Path, library: Path, stem: str) -> Path:
    pdf.parent.mkdir(exist_ok=True)
    pdf.write_bytes((library / f"{stem}.pdf").read_bytes())
    return pdf


@pytest.fixture
def titles(library: Path) -> tuple[str, str]:
    return truth(library, "step-budgets"), truth(library, "leaf-shapes")


@pytest.mark.parametrize("together", [True, False])
def test_two_pdfs_of_one_name_are_two_papers(
    online: Terminal, gemini: FakeGemini, library: Path, titles: tuple[str, str], together: bool
) -> None:
    first = put(online.home / "a" / "paper.pdf", library, "step-budgets")
    second = put(online.home / "b" / "paper.pdf", library, "leaf-shapes")
    for group in [(first, second)] if together else [(first,), (second,)]:
        done = online.run("summarize", *group, "--date", TONIGHT)
        assert done.exit_code == 0, done.err
    found = posted(online.posts / TONIGHT)
    (other,) = found.keys() - {"paper"}
    assert (found["paper"], found[other]) == titles
    assert other.startswith("paper-")
    images = {path.parent.name for path in (online.posts / TONIGHT).rglob("*.png")}
    assert images <= {"paper", other}
    calls, before = len(gemini.calls), files_below(online.posts)
    assert online.run("summarize", second, first, "--date", TONIGHT).exit_code == 0
    assert (len(gemini.calls), files_below(online.posts)) == (calls, before)


def test_a_file_that_was_replaced_is_read(
    online: Terminal, gemini: FakeGemini, library: Path, titles: tuple[str, str]
) -> None:
    pdf = put(online.home / "paper.pdf", library, "step-budgets")
    assert online.run("summarize", pdf, "--date", TONIGHT).exit_code == 0
    put(pdf, library, "leaf-shapes")
    assert online.run("summarize", pdf, "--date", NEXT_DAY).exit_code == 0
    assert (
        tuple({**posted(online.posts / TONIGHT), **posted(online.posts / NEXT_DAY)}.values())
        == titles
    )
    calls = len(gemini.calls)
    put(pdf, library, "step-budgets")
    assert online.run("summarize", pdf, "--date", "2026-11-24").exit_code == 0
    assert posted(online.posts / "2026-11-24") == {"paper": titles[0]}
    assert len(gemini.calls) == calls


def test_addresses_that_differ_in_their_query_are_two_papers(
    online: Terminal, gemini: FakeGemini, library: Path, titles: tuple[str, str]
) -> None:
    papers = {
        "id=abc": (library / "step-budgets.pdf").read_bytes(),
        "id=def": (library / "leaf-shapes.pdf").read_bytes(),
        "id=ghi": (library / "leaf-shapes.pdf").read_bytes(),
    }
    with PdfSite(papers) as site:
        urls = [f"{site.url}/pdf?{query}" for query in papers]
        done = online.run("summarize", *urls, "--date", TONIGHT)
        assert done.exit_code == 0, done.err
        calls = len(gemini.calls)
        assert online.run("summarize", *reversed(urls), "--date", NEXT_DAY).exit_code == 0
    for day in (TONIGHT, NEXT_DAY):
        found = posted(online.posts / day)
        assert (found.pop("pdf"), *found.values()) == titles
    assert len(gemini.calls) == calls


def test_an_address_that_failed_keeps_its_plain_name(
    online: Terminal, library: Path, titles: tuple[str, str]
) -> None:
    with PdfSite({"id=abc": (library / "step-budgets.pdf").read_bytes()}) as site:
        url = f"{site.url}/pdf?id=abc"
        site.down = True
        assert online.run("summarize", url, "--date", TONIGHT).exit_code == 4
        site.down = False
        assert online.run("summarize", url, "--date", TONIGHT).exit_code == 0
    assert posted(online.posts / TONIGHT) == {"pdf": titles[0]}


def test_a_folder_whose_file_was_replaced_has_a_new_paper(
    online: Terminal, gemini: FakeGemini, library: Path, titles: tuple[str, str]
) -> None:
    folder = online.home / "papers"
    pdf = put(folder / "paper.pdf", library, "step-budgets")
    put(folder / "copy.pdf", library, "step-budgets")
    run = ("run", "--topic", TOPIC, "--source", folder, "--json", "--date")
    assert online.run(*run, TONIGHT).report["topics"][0]["published"] == 1
    calls = len(gemini.calls)
    put(pdf, library, "leaf-shapes")
    put(folder / "copy.pdf", library, "leaf-shapes")
    topic = online.run(*run, NEXT_DAY).report["topics"][0]
    assert (topic["published"], topic["failed"]) == (1, 0)
    assert list(posted(online.posts / NEXT_DAY).values()) == [titles[1]]
    assert len(gemini.calls) == 2 * calls


def test_a_file_that_is_called_like_a_paper_of_arxiv_is_not_that_paper(
    online: Terminal, library: Path, titles: tuple[str, str]
) -> None:
    pdf = put(online.home / "2611.00001.pdf", library, "leaf-shapes")
    assert online.run("summarize", pdf, "--date", TONIGHT).exit_code == 0
    assert posted(online.posts / TONIGHT) == {"2611.00001": titles[1]}
    assert online.run("summarize", "2611.00001", "--date", TONIGHT).exit_code == 0
    found = posted(online.posts / TONIGHT)
    assert len(found) == 2
    assert found["2611.00001"] == titles[1]


def test_names_that_would_be_one_file_are_two(online: Terminal, library: Path) -> None:
    names = {"a b.pdf": "step-budgets", "a_b.pdf": "leaf-shapes", "A_B.pdf": "schedule-sensors"}
    pdfs = [put(online.home / "papers" / name, library, stem) for name, stem in names.items()]
    formats = ("--format", "card", "--format", "daily")
    done = online.run("summarize", *pdfs, "--date", TONIGHT, *formats)
    assert done.exit_code == 0, done.err
    folder = online.posts / TONIGHT
    assert len({path.name.casefold() for path in folder.glob("*.md")}) == 6
    assert len({path.name.casefold() for path in folder.iterdir() if path.is_dir()}) == len(
        [path for path in folder.iterdir() if path.is_dir()]
    )
    titles = {truth(library, stem) for stem in names.values()}
    assert set(posted(folder).values()) == titles
    run = (
        "run",
        "--topic",
        TOPIC,
        "--source",
        online.home / "papers",
        "--date",
        NEXT_DAY,
        *formats,
    )
    assert online.run(*run).exit_code == 0
    assert len({path.name.casefold() for path in (online.posts / NEXT_DAY).rglob("*.card.md")}) == 3


@pytest.mark.parametrize(
    ("first", "second"), [("Withdrawn Diffusion", "Withdrawn: Diffusion"), ("A GAN", "a gan")]
)
def test_topics_that_would_be_one_file_are_two(
    online: Terminal, arxiv: FakeArxiv, library: Path, first: str, second: str
) -> None:
    phrases = {first: "withdrawn", second: "step budgets"}
    (online.home / "chatpaper.toml").write_text(
        "".join(
            f'[topics."{name}"]\nphrases = ["{phrase}"]\n'
            for name, phrase in phrases.items()
            if phrase
        )
        if first.casefold() != second.casefold()
        else f'[topics."{first}"]\nphrases = ["withdrawn"]\n'
    )
    assert online.run("run", "--topic", first, "--date", TONIGHT).exit_code == 0
    (post,) = (online.posts / TONIGHT).glob("*.md")
    before = post.read_bytes()
    assert online.run("run", "--topic", second, "--date", TONIGHT).exit_code == 0
    assert post.read_bytes() == before
    if first.casefold() != second.casefold():
        (other,) = set((online.posts / TONIGHT).glob("*.md")) - {post}
        assert other.stem.startswith(f"{post.stem}-")


def test_a_topic_in_two_spellings_is_one(online: Terminal) -> None:
    done = online.run(
        "run", "--topic", "GAN", "--topic", "gan", "--topic", "diffusion models", "--date", TONIGHT
    )
    assert done.exit_code == 0, done.err
    assert len(done.out.splitlines()) == 3


def test_a_phrase_in_two_spellings_is_one_topic(online: Terminal, gemini: FakeGemini) -> None:
    first = online.run("run", "--topic", "step budgets", "--date", TONIGHT, "--json")
    assert first.report["topics"][0]["published"] == 1, first.err
    calls = len(gemini.calls)
    again = online.run(
        "run", "--topic", "Step-Budgets", "--topic", "STEP  budgets", "--date", TONIGHT, "--json"
    )
    assert [(topic["name"], topic["published"]) for topic in again.report["topics"]] == [
        ("step budgets", 1)
    ]
    assert len(gemini.calls) == calls
    assert [path.name for path in (online.posts / TONIGHT).glob("*.md")] == ["step_budgets.md"]


def test_a_paper_in_two_spellings_is_one(online: Terminal, gemini: FakeGemini) -> None:
    spellings = ("2611.00001v1", "https://arxiv.org/abs/2611.00001", "arXiv:2611.00001")
    done = online.run("summarize", *spellings, "--date", TONIGHT, "--json")
    assert done.exit_code == 0, done.err
    assert len(done.report["papers"]) == 1
    alone = len(gemini.calls)
    assert done.report["totals"]["llm_calls"] == alone


def test_two_versions_of_a_paper_are_not_one_post(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, library: Path
) -> None:
    assert online.run("summarize", "2611.00001v1", "--date", TONIGHT).exit_code == 0
    before, calls = files_below(online.posts), len(gemini.calls)
    arxiv.papers[0] = library_paper(library, "leaf-shapes", 1, "Step Budgets, Revised", version=2)
    done = online.run("summarize", "2611.00001", "--date", TONIGHT)
    assert done.exit_code == 2
    assert "choose another --date" in done.err
    assert (files_below(online.posts), len(gemini.calls)) == (before, calls)
    assert online.run("summarize", "2611.00001", "--date", NEXT_DAY).exit_code == 0


@pytest.fixture
def published(online: Terminal) -> Path:
    """Publish a topic, and return the path of its post."""
    assert online.run("run", "--topic", TOPIC, "--date", TONIGHT).exit_code == 0
    return online.posts / TONIGHT / "Diffusion_Models.md"


def edit(post: Path) -> bytes:
    post.write_bytes(post.read_bytes() + EDITED.encode())
    return post.read_bytes()


def beside(post: Path) -> Path:
    return post.with_suffix(".new.md")


def sentence(post: Path) -> str:
    return f"{post} was edited or is not ours, and stays as it is; the new post is {beside(post)}."


def test_an_edited_post_outlives_the_same_run_and_render(online: Terminal, published: Path) -> None:
    original = published.read_bytes()
    edited = edit(published)
    for command in (("run", "--topic", TOPIC, "--date", TONIGHT), ("render",), ("render",)):
        done = online.run(*command)
        assert done.exit_code == 0, done.err
        assert sentence(published) in done.out
        assert sentence(published) in done.err
        assert (published.read_bytes(), beside(published).read_bytes()) == (edited, original)
    report = online.run("run", "--topic", TOPIC, "--date", TONIGHT, "--json").report
    assert report["warnings"] == [sentence(published)]
    assert any(sentence(published) in paper["warnings"] for paper in report["papers"])
    assert report["posts"] == [str(beside(published))]
    beside(published).replace(published)
    again = online.run("render")
    assert sentence(published) not in again.out
    assert (published.read_bytes(), beside(published).exists()) == (original, False)


def test_an_edited_post_outlives_a_later_version(
    online: Terminal, arxiv: FakeArxiv, library: Path, published: Path
) -> None:
    edited = edit(published)
    arxiv.papers[0] = library_paper(
        library, "step-budgets", 1, "Step Budgets for Diffusion Models", version=2
    )
    done = online.run("run", "--topic", TOPIC, "--date", NEXT_DAY)
    assert done.exit_code == 0, done.err
    assert sentence(published) in done.out
    assert published.read_bytes() == edited
    assert beside(published).read_bytes() != edited


def test_what_stands_beside_an_edited_post_is_not_lost_either(
    online: Terminal, published: Path
) -> None:
    edit(published)
    assert online.run("render").exit_code == 0
    edited = edit(beside(published))
    done = online.run("render")
    assert "move one of them away" in done.out
    assert beside(published).read_bytes() == edited


def test_a_person_who_says_so_has_edited_posts_written_over(
    online: Terminal, published: Path
) -> None:
    original = published.read_bytes()
    edit(published)
    assert sentence(published) in online.run("render").out
    done = online.run("render", "--overwrite")
    assert done.exit_code == 0, done.err
    assert sentence(published) not in done.out
    assert (published.read_bytes(), beside(published).exists()) == (original, False)
    # What a version left that noted nothing, and that no template of today would write.
    edit(published)
    forget_what_was_written(online, published)
    online.run("render", "--overwrite")
    assert (published.read_bytes(), beside(published).exists()) == (original, False)


def test_a_file_of_ones_own_in_the_place_of_a_post_stays(online: Terminal) -> None:
    folder = online.posts / TONIGHT
    folder.mkdir(parents=True)
    own, data = folder / "2611.00001.md", folder / "2611.00001.json"
    own.write_text("my own notes\n")
    data.write_text('{"notes": 1}')
    done = online.run("summarize", "2611.00001", "--date", TONIGHT)
    assert done.exit_code == 0, done.err
    assert sentence(own) in done.out
    assert (own.read_text(), data.read_text()) == ("my own notes\n", '{"notes": 1}')
    assert "Step Budgets" in beside(own).read_text("utf-8")
    assert (
        json.loads(data.with_suffix(".new.json").read_text("utf-8"))["papers"][0]["arxiv_id"]
        == "2611.00001"
    )


def test_a_post_that_an_earlier_version_wrote_is_written_again_unless_it_was_edited(
    online: Terminal, arxiv: FakeArxiv, library: Path, published: Path
) -> None:
    forget_what_was_written(online, published)
    original = published.read_bytes()
    arxiv.papers[0] = library_paper(
        library, "step-budgets", 1, "Step Budgets for Diffusion Models", version=2
    )
    done = online.run("run", "--topic", TOPIC, "--date", NEXT_DAY)
    assert sentence(published) not in done.out
    assert published.read_bytes() != original
    forget_what_was_written(online, published)
    edited = edit(published)
    assert sentence(published) in online.run("render").out
    assert published.read_bytes() == edited


def forget_what_was_written(terminal: Terminal, post: Path) -> None:
    """Leave state and JSON as a version left them that noted nothing of what it wrote."""
    with (
        closing(sqlite3.connect(terminal.home / "state" / "chatpaper.db")) as connection,
        connection,
    ):
        connection.execute("DELETE FROM written")
    record = post.with_suffix(".json")
    content: dict[str, Any] = json.loads(record.read_bytes())
    del content["markdown_sha256"]
    record.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
