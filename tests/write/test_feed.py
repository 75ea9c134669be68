"""The feed: valid Atom, whole entries, safe, and the same bytes for the same posts."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from chatpaper.domain import Claim, FieldAnswer, Result
from chatpaper.write.render import PostStyle
from chatpaper.write.site.feed import (
    FeedEntry,
    FeedStyle,
    collect_entries,
    render_feed,
)
from chatpaper.write.site.post_folder import PostFolder
from chatpaper.write.site.site_index import SiteIndex, SiteStyle
from tests.write.listings import LABELS, POST, post, record

# Its posts are JSON alone: the index links to Markdown that is not there.
pytestmark = pytest.mark.unlinted("links to posts without Markdown")

SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 7, 2)


def style(site_url: str = "", *, evidence: bool = True) -> FeedStyle:
    return FeedStyle(PostStyle(LABELS, "Lin", evidence), site_url, "/", SHANGHAI)


def read(*records: Any, site_url: str = "", evidence: bool = True) -> Any:
    """Validate a feed of these papers, and give it as a reader sees it."""
    entries = [FeedEntry(each, POST, ("Diffusion Models",)) for each in records]
    content = render_feed(entries, style(site_url, evidence=evidence))
    assert SCHEMA.validate(etree.fromstring(content)), SCHEMA.error_log
    feed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.bozo_exception
    return feed


def refresh(folder: Path, cache: Path, limit: int = 100) -> bytes:
    style_ = SiteStyle(feed_entries=limit)
    SiteIndex(style_, PostStyle(LABELS), SHANGHAI, cache).refresh(folder)
    return (folder / "feed.xml").read_bytes()


def test_an_entry_holds_the_whole_summary_with_links_to_the_pages_that_support_it() -> None:
    feed = read(record(notes=["作者已撤回本文。"]), site_url="https://example.org/papers")
    (entry,) = feed.entries
    assert entry.id == "tag:example.org,2026:chatpaper/paper/2607.00001v1"
    assert entry.title == "Paper 2607.00001"
    assert [author.name for author in entry.authors] == ["Ada Lovelace", "Łukasz Ørsted"]
    assert (entry.link, entry.updated) == (
        "http://arxiv.org/abs/2607.00001v1",
        "2026-07-02T00:00:00+08:00",
    )
    assert [tag.term for tag in entry.tags] == ["Diffusion Models", "cs.CV", "cs.LG"]
    page = html.fromstring(entry.content[0].value)
    text = page.text_content()
    for shown in (
        "题目",
        "作者已撤回本文。",
        "本文提出方法。",
        "扩散模型、采样",
        "第一步。",
        "第二步。",
    ):
        assert shown in text
    assert [" ".join(item.text_content().split()) for item in page.xpath("//ul/li")] == [
        "要点一。（第 3 页）",
        "要点二。 「原文未找到依据」",
    ]
    assert page.xpath("//ul//a/@href") == ["https://arxiv.org/pdf/2607.00001v1#page=3"]


def test_evidence_is_left_out_where_posts_leave_it_out() -> None:
    assert "#page=" not in read(record(), evidence=False).entries[0].content[0].value


def test_addresses_are_absolute_once_the_site_is_known() -> None:
    figure = {
        "image": "Diffusion_Models/2607.00001/figure-1.png",
        "label": "Figure 1",
        "caption": "A caption",
    }
    relative = read(record(figures=[figure]))
    (entry,) = relative.entries
    assert 'src="2026-07-02/Diffusion_Models/2607.00001/figure-1.png"' in entry.content[0].value
    assert [link.href for link in entry.links] == [
        "http://arxiv.org/abs/2607.00001v1",
        "2026-07-02/Diffusion_Models/",
    ]
    absolute = read(record(figures=[figure]), site_url="https://example.org/p")
    page = html.fromstring(absolute.entries[0].content[0].value)
    addresses = [
        *page.xpath("//@href"),
        *page.xpath("//@src"),
        *(link.href for link in absolute.feed.links),
    ]
    assert "https://example.org/p/2026-07-02/Diffusion_Models/2607.00001/figure-1.png" in addresses
    assert "https://example.org/p/2026-07-02/Diffusion_Models/" in addresses
    assert all(address.startswith(("https://", "http://")) for address in addresses)


def test_a_newer_version_moves_the_time_of_an_entry_and_keeps_its_id() -> None:
    before, after = (
        read(record()),
        read(record(latest_version=2, updated="2026-07-20T10:00:00+00:00")),
    )
    assert after.entries[0].id == before.entries[0].id
    assert after.entries[0].updated == after.feed.updated == "2026-07-20T18:00:00+08:00"


HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000\u0008\ufffe &amp; ]]> {{ 7*7 }}'
)


def test_what_papers_and_models_say_is_text() -> None:
    hostile = record(
        title=HOSTILE,
        authors=(HOSTILE,),
        answers={
            "title": HOSTILE,
            "summary": HOSTILE,
            "key_takeaways": (),
            "method_steps": (HOSTILE,),
        },
        abs_url="javascript:alert(1)",
        links=["javascript:alert(1)", 'https://example.org/"onclick="x'],
        notes=[HOSTILE],
        figures=[{"image": '"onerror="x.png', "label": HOSTILE, "caption": HOSTILE}],
        evidence=[{"field": "key_takeaways", "text": HOSTILE, "page": 1}],
        pdf_url="javascript:alert(1)",
    )
    (entry,) = read(hostile).entries
    page = html.fromstring(f"<div>{entry.content[0].value}</div>")
    assert page.xpath("//script") == []
    assert page.xpath("//@onerror | //@onclick") == []
    assert not [address for address in page.xpath("//@href | //@src") if "javascript" in address]
    assert page.text_content().count("<script>alert(1)</script>") >= 5
    assert "javascript" not in " ".join(link.href for link in entry.links)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
@example(text=":")
@example(text="%")
@example(text="100%2")
def test_any_text_makes_a_valid_feed(text: str) -> None:
    answers: dict[str, FieldAnswer] = {
        "summary": text,
        "key_takeaways": (text,),
        "keywords": (text,),
    }
    odd = record(
        "x", title=text, authors=(text or "A",), answers=answers, links=[text], notes=[text]
    )
    feed = read(odd | {"abs_url": text, "version": None})
    assert len(feed.entries) == 1


def test_a_feed_without_entries_is_valid() -> None:
    assert read().entries == []


def test_papers_of_several_posts_are_one_entry_with_all_topics(tmp_path: Path) -> None:
    post(tmp_path, DAY, "LLM", [record("2607.00001"), record("2607.00002")])
    post(tmp_path, DAY, "Diffusion Models", [record("2607.00001")])
    post(tmp_path, DAY, "Diffusion Models", [record("2607.00001")], format="bilingual")
    archive = PostFolder(tmp_path, tmp_path / "cache")
    entries = collect_entries(archive, archive.posts(), 100)
    assert [(entry.idv, entry.topics) for entry in entries] == [
        ("2607.00001v1", ("Diffusion Models", "LLM")),
        ("2607.00002v1", ("LLM",)),
    ]


def test_an_entry_has_the_answers_of_all_formats(tmp_path: Path) -> None:
    short: dict[str, FieldAnswer] = {
        "summary": "本文提出方法。",
        "key_takeaways": (Claim("要点一。", "quote", 3, "1"),),
    }
    longer: dict[str, FieldAnswer] = {
        "summary": "又一总结。",
        "method_steps": ("第一步。",),
        "proofs": (Claim("证明。", "quote", 4, "2"),),
    }
    post(tmp_path, DAY, "LLM", [record(answers=short)], format="bilingual")
    post(tmp_path, DAY, "LLM", [record(answers=longer)])
    archive = PostFolder(tmp_path, tmp_path / "cache")
    (entry,) = collect_entries(archive, archive.posts(), 100)
    assert entry.record["summary"] == {
        "summary": "本文提出方法。",
        "key_takeaways": ["要点一。"],
        "method_steps": ["第一步。"],
        "proofs": ["证明。"],
    }
    assert [item["page"] for item in entry.record["evidence"]] == [3, 4]


def test_results_are_a_table_and_the_verdict_comes_first() -> None:
    row = Result("排序", "Harbour <b>", "深度", "11", "14", "Batcher", "Table 1", 3)
    answers: dict[str, FieldAnswer] = {
        "tldr": "网络更小。",
        "summary": "本文提出方法。",
        "results": (row,),
        "limitations": ("需要重新训练。",),
    }
    (entry,) = read(record(answers=answers)).entries
    page = html.fromstring(entry.content[0].value)
    text = page.text_content()
    assert text.index("网络更小。") < text.index("本文提出方法。") < text.index("需要重新训练。")
    assert [cell.text for cell in page.iter("td")] == [
        "排序 Harbour <b>",
        "深度",
        "11",
        "14 Batcher",
    ]


def test_the_newest_papers_are_kept_and_older_posts_are_not_even_read(tmp_path: Path) -> None:
    post(tmp_path, date(2026, 7, 3), "LLM", [record("2607.00003"), record("2607.00002")])
    post(tmp_path, date(2026, 7, 1), "LLM", [record("2607.00001")])
    archive = PostFolder(tmp_path, tmp_path / "cache")
    posts = archive.posts()
    (tmp_path / posts[1].path).unlink()
    assert [entry.idv for entry in collect_entries(archive, posts, 1)] == ["2607.00003v1"]
    assert len(collect_entries(archive, posts, 2)) == 2
    with pytest.raises(FileNotFoundError):
        collect_entries(archive, posts, 3)


def test_the_same_posts_give_the_same_bytes_and_a_limit_of_0_gives_no_feed(tmp_path: Path) -> None:
    post(tmp_path, DAY, "LLM", [record()])
    first = refresh(tmp_path, tmp_path / "one")
    (tmp_path / "feed.xml").unlink()
    assert refresh(tmp_path, tmp_path / "two") == first
    (tmp_path / "feed.xml").unlink()
    with pytest.raises(FileNotFoundError):
        refresh(tmp_path, tmp_path / "two", limit=0)


def test_a_feed_that_somebody_else_made_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post(tmp_path, DAY, "LLM", [record()])
    (tmp_path / "feed.xml").write_text("<rss/>")
    assert refresh(tmp_path, tmp_path / "cache") == b"<rss/>"
    assert "post.feed_entries = 0" in caplog.text
