"""The index of an output folder, and the reading of the posts that it stands on."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatpaper.write.render import PostStyle
from chatpaper.write.site.index import render_index
from chatpaper.write.site.post_folder import DAYS_WITH_TITLES, PostFolder, PublishedPost
from chatpaper.write.site.site_index import SiteIndex, SiteStyle
from tests.write.listings import LABELS, post, record

DAY = date(2026, 7, 2)


def page(folder: Path) -> str:
    return render_index(PostFolder(folder, folder / "cache").posts(), LABELS)


def test_posts_stand_by_date_and_topic_with_formats_counts_and_titles(tmp_path: Path) -> None:
    two = [record("2607.00001"), record("2607.00002")]
    post(tmp_path, DAY, "LLM", two)
    post(tmp_path, DAY, "LLM", two, format="bilingual")
    post(tmp_path, DAY, "Diffusion Models", two[:1])
    post(tmp_path, DAY - timedelta(1), "LLM", [record("2606.00009")])
    text = page(tmp_path)
    assert "| LLM | 2 | 3 | [2026-07-02](2026-07-02/LLM.md) |" in text.replace(
        "LLM.bilingual.md", "LLM.md"
    )
    after = text[text.index("## ") :].splitlines()
    assert [line for line in after if line] == [
        "## 2026-07-02",
        "- Diffusion Models：[daily](2026-07-02/Diffusion_Models.md) · 1 篇",
        "    - Paper 2607.00001",
        "- LLM：[bilingual](2026-07-02/LLM.bilingual.md) · [daily](2026-07-02/LLM.md) · 2 篇",
        "    - Paper 2607.00001",
        "    - Paper 2607.00002",
        "## 2026-07-01",
        "- LLM：[daily](2026-07-01/LLM.md) · 1 篇",
        "    - Paper 2606.00009",
    ]


def test_papers_alone_and_formats_of_one_paper_are_linked_at_their_titles(tmp_path: Path) -> None:
    post(tmp_path, DAY, "", [record("2607.00001")], path="2607.00001.json")
    post(
        tmp_path, DAY, "LLM", [record("2607.00002")], format="card", path="LLM/2607.00002.card.json"
    )
    text = page(tmp_path)
    assert "- 单篇论文：1 篇\n    - Paper 2607.00001 · [daily](2026-07-02/2607.00001.md)\n" in text
    assert (
        "- LLM：1 篇\n    - Paper 2607.00002 · [card](2026-07-02/LLM/2607.00002.card.md)\n" in text
    )


def test_titles_and_topics_are_text(tmp_path: Path) -> None:
    hostile = "<script>x</script> [a](javascript:b) | `c` *d* {{ e }} {% f %}"
    post(tmp_path, DAY, hostile, [record(title=hostile)], path="odd (name).json")
    rendered = MarkdownIt("commonmark").enable("table").render(page(tmp_path))
    assert "<script" not in rendered
    assert 'href="javascript' not in rendered
    assert "{{" not in page(tmp_path)
    assert rendered.count('href="2026-07-02/odd%20%28name%29.md"') == 2
    assert rendered.count("<td") == 4


def test_old_days_are_listed_without_titles(tmp_path: Path) -> None:
    for age in range(DAYS_WITH_TITLES + 1):
        post(tmp_path, DAY - timedelta(age), "LLM", [record(title=f"Aged {age}")])
    text = page(tmp_path)
    assert f"Aged {DAYS_WITH_TITLES - 1}" in text
    assert f"Aged {DAYS_WITH_TITLES}\n" not in text
    assert f"[daily]({(DAY - timedelta(DAYS_WITH_TITLES)).isoformat()}/LLM.md)" in text


def test_only_posts_that_changed_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = post(tmp_path, DAY, "LLM", [record(title="Before")])
    post(tmp_path, DAY, "NeRF", [record(title="Other")])
    before = PostFolder(tmp_path, tmp_path / "cache").posts()
    read: list[str] = []
    loads = json.loads
    monkeypatch.setattr(
        "chatpaper.write.site.post_folder.json.loads",
        lambda text: (read.append(text), loads(text))[1],
    )
    assert PostFolder(tmp_path, tmp_path / "cache").posts() == before
    assert read == []
    first.write_text(first.read_text().replace("Before", "Behind"))
    os.utime(first, ns=(1, 1))
    titles = [
        title
        for found in PostFolder(tmp_path, tmp_path / "cache").posts()
        for _, title in found.papers
    ]
    assert (titles, len(read)) == (["Behind", "Other"], 1)


def test_what_is_no_post_is_named_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post(tmp_path, DAY, "LLM", [record()])
    (tmp_path / "2026-07-02" / "notes.json").write_text('{"mine": 1}')
    (tmp_path / "2026-07-02" / "broken.json").write_text("{")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "x.json").write_text("{")
    assert len(PostFolder(tmp_path, tmp_path / "cache").posts()) == 1
    assert ("notes.json" in caplog.text, "broken.json" in caplog.text, "x.json" in caplog.text) == (
        True,
        True,
        False,
    )


def test_a_spoiled_cache_costs_nothing_but_time(tmp_path: Path) -> None:
    post(tmp_path, DAY, "LLM", [record()])
    before = PostFolder(tmp_path, tmp_path / "cache").posts()
    (cache,) = (tmp_path / "cache" / "archives").glob("*/2026.json")
    cache.write_text("{")
    assert PostFolder(tmp_path, tmp_path / "cache").posts() == before


def test_what_is_remembered_of_other_years_is_left_as_it_is(tmp_path: Path) -> None:
    for year in (2024, 2025, 2026):
        post(tmp_path, DAY.replace(year=year), "LLM", [record()])
    before = PostFolder(tmp_path, tmp_path / "cache").posts()
    kept = {path.name: path.stat().st_ino for path in (tmp_path / "cache" / "archives").glob("*/*")}
    post(tmp_path, DAY + timedelta(1), "LLM", [record()])
    assert PostFolder(tmp_path, tmp_path / "cache").posts()[1:] == before
    now = {path.name: path.stat().st_ino for path in (tmp_path / "cache" / "archives").glob("*/*")}
    assert [name for name in sorted(now) if now[name] != kept[name]] == ["2026.json"]


def test_an_index_that_somebody_else_wrote_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post(tmp_path, DAY, "LLM", [record()])
    (tmp_path / "index.md").write_text("# My own page\n")
    listing = SiteIndex(
        SiteStyle(feed_entries=0), PostStyle(LABELS), ZoneInfo("UTC"), tmp_path / "cache"
    )
    listing.refresh(tmp_path)
    assert (tmp_path / "index.md").read_text() == "# My own page\n"
    assert "post.index = false" in caplog.text


def test_older_posts_keep_no_titles_and_the_index_is_the_same(tmp_path: Path) -> None:
    for age in range(DAYS_WITH_TITLES + 3):
        day = DAY - timedelta(age)
        post(tmp_path, day, "LLM", [record("1", title=f"Again {age}"), record(f"{age}", title="B")])
    # A post of a single paper is named with its title for ever, and so are those beside it.
    old = DAY - timedelta(DAYS_WITH_TITLES + 1)
    post(tmp_path, old, "LLM", [record("1", title="Alone")], path="LLM/1.json")
    folder = PostFolder(tmp_path, tmp_path / "cache")
    posts = folder.posts()
    assert [found.date for found in posts if not found.papers] == [
        DAY - timedelta(DAYS_WITH_TITLES),
        DAY - timedelta(DAYS_WITH_TITLES + 2),
    ]
    whole = tuple(
        replace(
            found,
            papers=tuple((each["arxiv_id"], each["title"]) for each in folder.records(found)),
            digests="",
        )
        for found in posts
    )
    assert render_index(posts, LABELS) == render_index(whole, LABELS)
    assert folder.posts() == posts
    for found in posts[:3]:
        (tmp_path / found.path).unlink()
    assert page(tmp_path) == render_index(folder.posts(), LABELS)
    assert folder.posts()[DAYS_WITH_TITLES - 1].papers


@given(st.lists(st.sets(st.integers(0, 30)), min_size=2), st.integers(1, 4))
def test_papers_of_several_posts_count_once_however_few_are_held_at_once(
    posts: list[set[int]], at_once: int
) -> None:
    published = [
        PublishedPost(
            f"2026-07-02/{number}.json",
            DAY,
            "LLM",
            "daily",
            tuple((f"2607.{key:05d}", "A title") for key in sorted(keys)),
        )
        for number, keys in enumerate(posts)
    ]
    for of_topic in (published, [each.shortened() for each in published]):
        with patch("chatpaper.write.site.index._PAPERS_AT_ONCE", at_once):
            text = render_index(of_topic, LABELS)
        assert f"| LLM | 1 | {len(set().union(*posts))} | [2026-07-02]" in text
