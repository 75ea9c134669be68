"""`forget` removes a paper or a post everywhere, and nothing else."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import (
    TONIGHT,
    Night,
    Outcome,
    Publish,
    Terminal,
    library_paper,
    restore_for,
)
from tests.cli.test_run import files_below
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

TOPIC = "Diffusion Models"
POST = f"{TONIGHT}/Diffusion_Models"
RUN = ("run", "--topic", TOPIC, "--date", TONIGHT, "--format", "daily", "--format", "card")
PAPER, TITLE = "2611.00001", "Step Budgets for Diffusion Models"
OTHERS = ("2611.00002", "2611.00003")
LATER = "2026-12-01"


def published(terminal: Terminal, *arguments: str) -> Outcome:
    done = terminal.run(*RUN, *arguments, "--json")
    assert done.exit_code == 0, done.err
    return done


@contextmanager
def open_database(terminal: Terminal) -> Iterator[sqlite3.Connection]:
    path = terminal.home / "state" / "chatpaper.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


@pytest.fixture(scope="module")
def night(publish: Publish) -> Night:
    return publish(RUN)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Go on from a night on which the topic was published, where a test says so."""
    return restore_for(request, "posted", tmp_path)


@pytest.fixture
def posted(online: Terminal) -> Terminal:
    """Return a terminal that goes on from that night."""
    return online


def database(terminal: Terminal) -> str:
    with open_database(terminal) as connection:
        return "\n".join(connection.iterdump())


def traces(terminal: Terminal, *words: str) -> list[tuple[str, str]]:
    """Return where in the posts and the database any of the words stands."""
    texts = {
        name: content.decode("utf-8", "replace")
        for name, content in files_below(terminal.posts).items()
    } | {"database": database(terminal)}
    return [
        (name, word) for name, text in texts.items() for word in words if word in f"{name}\n{text}"
    ]


def test_a_paper_is_gone_from_posts_index_feed_and_database_and_the_others_stay(
    online: Terminal, gemini: FakeGemini
) -> None:
    published(online)
    before, calls = files_below(online.posts), len(gemini.calls)
    done = online.run("forget", f"arXiv:{PAPER}v1", "--yes")
    assert (done.exit_code, done.err) == (0, "")
    assert f"written again without it: {online.posts / POST}.md" in done.out
    assert f"removed: {online.posts / POST / PAPER}.card.md" in done.out
    assert traces(online, PAPER, TITLE) == []
    after = files_below(online.posts)
    for other in OTHERS:
        assert f"{POST}/{other}.card.md" in after
        assert other in (online.posts / f"{POST}.md").read_text("utf-8")
        assert other in (online.posts / "feed.xml").read_text("utf-8")
        assert other in database(online)
    assert online.run("lint", online.posts).exit_code == 0
    assert online.run("doctor").out.count("FAIL database") == 0
    (night,) = json.loads(online.run("status", "--json").out)["nights"]
    assert (night["found"], night["published"], night["excluded"]) == (2, 2, 0)
    # Nothing of it was kept, not even the answer: a run takes it in as if it were new.
    assert published(online).report["topics"][0]["published"] == 3
    assert files_below(online.posts) == before
    assert len(gemini.calls) == calls + 1


def test_what_is_never_wanted_again_is_excluded_until_it_is_asked_for(posted: Terminal) -> None:
    assert posted.run("forget", PAPER, "--never", "--yes").exit_code == 0
    report = published(posted).report
    assert (report["topics"][0]["published"], report["topics"][0]["excluded"]) == (2, 1)
    (told,) = [paper for paper in report["papers"] if paper["arxiv_id"] == PAPER]
    assert told["reason"] == "excluded by `chatpaper forget --never`"
    other = ("run", "--topic", "step budgets", "--date", TONIGHT, "--json")
    assert PAPER not in [
        paper["arxiv_id"]
        for paper in posted.run(*other).report["papers"]
        if paper["status"] == "published"
    ]
    assert (posted.posts / f"{POST}.md").read_text("utf-8").count("\n## ") == 2
    assert posted.run("retry", PAPER).exit_code == 2
    assert posted.run("summarize", PAPER, "--date", TONIGHT).exit_code == 0
    assert published(posted).report["topics"][0]["published"] == 3


def test_a_paper_that_was_never_seen_can_be_excluded_and_let_in_again(online: Terminal) -> None:
    assert online.run("forget", PAPER, "--never", "--yes").exit_code == 0
    assert published(online).report["topics"][0]["published"] == 2
    assert online.run("forget", PAPER, "--yes").exit_code == 0
    assert published(online).report["topics"][0]["published"] == 3


@pytest.mark.parametrize("name", [POST, f"posts/{POST}.card.md", f"{TONIGHT}/{TOPIC}"])
def test_a_post_is_gone_in_all_its_formats(posted: Terminal, name: str) -> None:
    if name.endswith(".card.md"):
        name = f"posts/{POST}/{PAPER}.card.md"
    done = posted.run("forget", "--post", name, "--yes")
    assert (done.exit_code, done.err) == (0, "")
    if name.endswith(".card.md"):
        assert traces(posted, PAPER, TITLE) == []
        assert traces(posted, OTHERS[0]) != []
        return
    assert traces(posted, PAPER, TITLE, *OTHERS) == []
    assert sorted(files_below(posted.posts)) == ["feed.xml", "index.md"]
    assert [path.name for path in posted.posts.iterdir() if path.is_dir()] == []
    assert published(posted).report["topics"][0]["published"] == 3


def test_a_post_that_somebody_edited_stays_and_is_told(posted: Terminal) -> None:
    post = posted.posts / f"{POST}.md"
    edited = post.read_text("utf-8") + "\n我的笔记。\n"
    post.write_text(edited, "utf-8")
    done = posted.run("forget", PAPER, "--yes")
    assert done.exit_code == 3
    assert f"{post} was edited or is not ours, and stays as it is" in done.err
    assert post.read_text("utf-8") == edited
    beside = post.with_name("Diffusion_Models.new.md").read_text("utf-8")
    assert PAPER not in beside
    assert OTHERS[0] in beside
    # It shows the images, which stay with it.
    assert list((posted.posts / POST / PAPER).glob("*.png")) != []
    assert {name for name, _ in traces(posted, TITLE)} == {f"{POST}.md"}


def test_an_edited_post_that_shows_nothing_else_stays_without_its_json(online: Terminal) -> None:
    assert online.run("summarize", PAPER, "--date", TONIGHT).exit_code == 0
    post = online.posts / TONIGHT / f"{PAPER}.md"
    post.write_text(post.read_text("utf-8") + "\n我的笔记。\n", "utf-8")
    assert online.run("forget", PAPER, "--yes").exit_code == 3
    assert "我的笔记" in post.read_text("utf-8")
    assert not post.with_suffix(".json").exists()
    assert {name for name, _ in traces(online, TITLE)} == {f"{TONIGHT}/{PAPER}.md"}


def test_a_paper_can_be_forgotten_in_one_topic_alone(online: Terminal, gemini: FakeGemini) -> None:
    both = ("--topic", "step budgets")
    published(online, *both)
    done = online.run("forget", PAPER, "--topic", "diffusion-models", "--yes", "--never")
    assert done.exit_code == 0, done.err
    assert PAPER not in (online.posts / f"{POST}.md").read_text("utf-8")
    assert not (online.posts / POST / PAPER).exists()
    other = online.posts / TONIGHT / "step_budgets.md"
    assert PAPER in other.read_text("utf-8")
    assert list((online.posts / TONIGHT / "step_budgets" / PAPER).glob("*.png")) != []
    before, calls = files_below(online.posts), len(gemini.calls)
    assert published(online, *both).exit_code == 0
    assert (files_below(online.posts), len(gemini.calls)) == (before, calls)


def later_version(posted: Terminal, arxiv: FakeArxiv) -> None:
    """Post a paper in its first version, and in a later post the second."""
    posted.environment |= {
        "CHATPAPER_RUN__REVISIONS": "repost",
        "CHATPAPER_RUN__CATCH_UP_DAYS": "0",
    }
    arxiv.papers[0] = replace(
        arxiv.papers[0], version=2, updated=datetime(2026, 11, 28, 9, tzinfo=UTC)
    )
    run = [*RUN]
    run[run.index(TONIGHT)] = LATER
    assert posted.run(*run).exit_code == 0
    assert f"{PAPER}v2" in (posted.posts / LATER / "Diffusion_Models.md").read_text("utf-8")


def test_all_versions_of_a_paper_are_forgotten(posted: Terminal, arxiv: FakeArxiv) -> None:
    later_version(posted, arxiv)
    assert posted.run("forget", PAPER, "--yes").exit_code == 0
    assert traces(posted, PAPER, TITLE) == []
    assert not (posted.posts / LATER).exists()


def test_the_later_version_stays_where_only_the_earlier_post_is_forgotten(
    posted: Terminal, arxiv: FakeArxiv
) -> None:
    later_version(posted, arxiv)
    later = posted.posts / LATER / "Diffusion_Models.md"
    assert TONIGHT in later.read_text("utf-8")
    assert posted.run("forget", "--post", POST, "--yes").exit_code == 0
    assert not (posted.posts / TONIGHT).exists()
    assert f"{PAPER}v2" in later.read_text("utf-8")
    assert TONIGHT not in later.read_text("utf-8")


def answer(terminal: Terminal, key: str) -> Outcome:
    """Run the command where somebody sits at a terminal and presses a key."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*terminal.program, "forget", PAPER],
        cwd=terminal.home,
        env=terminal.variables({}),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, f"{key}\n".encode())
        out, err = process.communicate(timeout=60)
    os.close(ours)
    return Outcome(process.returncode, out, err)


def test_it_asks_before_it_does(posted: Terminal) -> None:
    before = files_below(posted.posts)
    unasked = posted.run("forget", PAPER)
    assert unasked.exit_code == 2
    assert "add --yes" in unasked.err
    refused = answer(posted, "n")
    assert refused.exit_code == 0
    assert f"forgets {PAPER} {TITLE} ({TOPIC})" in refused.out
    assert f"changes {posted.posts / POST}.md" in refused.out
    assert "Nothing was changed" in refused.err
    assert files_below(posted.posts) == before
    assert answer(posted, "y").exit_code == 0
    assert traces(posted, PAPER) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["2611.09999"], "2611.09999 is not known"),
        ([PAPER, "--topic", "Difusion Models"], "did you mean 'Diffusion Models'?"),
        (["--post", f"{TONIGHT}/LLM"], f"of that day there are {TONIGHT}/Diffusion Models, {POST}"),
        (["--post", "LLM"], "name it like"),
        ([], "Name papers by their ids, or one post"),
        ([PAPER, "--post", POST], "Name papers by their ids, or one post"),
    ],
)
def test_what_is_not_known_is_told_and_nothing_is_changed(
    posted: Terminal, arguments: list[str], told: str
) -> None:
    before = files_below(posted.posts)
    done = posted.run("forget", *arguments, "--yes")
    assert done.exit_code == 2
    assert told in done.err
    assert files_below(posted.posts) == before


def test_what_breaks_off_is_done_when_it_is_repeated(posted: Terminal) -> None:
    index = posted.posts / "index.md"
    index.unlink()
    index.mkdir()
    assert posted.run("forget", PAPER, "--yes").exit_code == 2
    assert PAPER in database(posted)
    index.rmdir()
    assert posted.run("forget", PAPER, "--yes").exit_code == 0
    assert traces(posted, PAPER, TITLE) == []


def test_a_post_that_can_no_longer_be_written_again_is_told(posted: Terminal) -> None:
    with open_database(posted) as connection:
        connection.execute("DELETE FROM entries WHERE arxiv_id = ?", (OTHERS[0],))
    before = (posted.posts / f"{POST}.md").read_bytes()
    done = posted.run("forget", PAPER, "--yes")
    assert done.exit_code == 3
    assert f"{posted.posts / POST}.md stays as it is" in done.err
    assert (posted.posts / f"{POST}.md").read_bytes() == before
    with open_database(posted) as connection:
        connection.execute("DELETE FROM posts")
    done = posted.run("forget", OTHERS[1], "--yes")
    assert done.exit_code == 3
    assert f"{posted.posts / POST}.md stays as it is" in done.err
    shown = posted.run("status", "--json").report
    assert OTHERS[1] not in json.dumps(shown)


def test_invented_papers_can_be_taken_out_of_ones_own_posts(
    online: Terminal, arxiv: FakeArxiv, library: Path
) -> None:
    """The examples were once what people tried chatpaper on, among their own posts."""
    tried = ("run", "--topic", TOPIC, "--date", TONIGHT, "--source", str(library))
    assert online.run(*tried, "--backend", "extractive").exit_code == 0
    arxiv.papers[:] = [library_paper(library, "laptop-report", 7, "A Real Diffusion Model")]
    published(online)
    invented = sorted(path.stem for path in library.glob("*.pdf"))
    done = online.run("forget", *invented, "--yes")
    assert (done.exit_code, done.err) == (0, "")
    records = json.loads((library / "metadata.json").read_text("utf-8"))
    assert traces(online, *(record["title"] for record in records if record["title"])) == []
    assert [path.name for path in (online.posts / POST).iterdir() if path.is_dir()] == [
        "2611.00007"
    ]
    (paper,) = json.loads((online.posts / f"{POST}.json").read_text("utf-8"))["papers"]
    assert paper["arxiv_id"] == "2611.00007"
