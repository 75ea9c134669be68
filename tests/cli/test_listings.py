"""Index and feed of the output folder, as nights go by."""

import sqlite3
from contextlib import closing
from pathlib import Path

import feedparser

from tests.cli.conftest import TONIGHT, Terminal, library_paper
from tests.fakes.arxiv import FakeArxiv

TOPIC = ("run", "--topic", "Diffusion Models", "--date")
LISTINGS = ("index.md", "feed.xml")


def listings(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in LISTINGS}


def test_each_night_adds_its_papers_to_index_and_feed(
    online: Terminal, arxiv: FakeArxiv, library: Path
) -> None:
    assert online.run(*TOPIC, TONIGHT).exit_code == 0
    before = listings(online.posts)
    feed = feedparser.parse(before["feed.xml"])
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [
        "A Withdrawn Diffusion Model",
        "A Diffusion Model Whose PDF Is Missing",
        "Step Budgets for Diffusion Models",
    ]
    assert "作者已撤回本文" in feed.entries[0].content[0].value
    assert f"[daily]({TONIGHT}/Diffusion_Models.md) · 3 篇".encode() in before["index.md"]
    assert online.run(*TOPIC, TONIGHT).exit_code == 0
    assert listings(online.posts) == before
    arxiv.papers.append(library_paper(library, "ring-relaxation", 9, "One More Diffusion Model"))
    assert (
        online.run(
            *TOPIC, "2026-11-23", CHATPAPER_POST__SITE_URL="https://example.org/papers/"
        ).exit_code
        == 0
    )
    feed = feedparser.parse((online.posts / "feed.xml").read_bytes())
    assert (len(feed.entries), feed.entries[0].title) == (4, "One More Diffusion Model")
    assert 'src="https://example.org/papers/2026-11-23/' in feed.entries[0].content[0].value
    assert "## 2026-11-23\n" in (online.posts / "index.md").read_text("utf-8")


def test_a_kill_between_post_and_index_is_made_up_for_by_a_run_with_another_output(
    online: Terminal,
) -> None:
    assert online.run(*TOPIC, TONIGHT).exit_code == 0
    before = listings(online.posts)
    for name in LISTINGS:
        (online.posts / name).unlink()
    with closing(sqlite3.connect(online.home / "state" / "chatpaper.db")) as connection, connection:
        connection.execute("UPDATE posts SET pending = 1")
    elsewhere = online.run(
        "run", "--topic", "NeRF", "--date", "2026-11-24", "--output", online.home / "elsewhere"
    )
    assert elsewhere.exit_code == 0
    assert listings(online.posts) == before


def test_index_and_feed_can_be_left_out(online: Terminal) -> None:
    done = online.run(
        *TOPIC, TONIGHT, CHATPAPER_POST__INDEX="false", CHATPAPER_POST__FEED_ENTRIES="0"
    )
    assert done.exit_code == 0
    assert sorted(path.name for path in online.posts.iterdir()) == [TONIGHT]


def test_a_site_url_must_be_an_address(online: Terminal) -> None:
    done = online.run(*TOPIC, TONIGHT, CHATPAPER_POST__SITE_URL="example.org")
    assert done.exit_code == 2
    assert "post.site_url" in done.err
