"""What the first view tells of the last night."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.domain import Document, Paper, PostEntry, Summary
from chatpaper.storage.papers.outcomes import Outcome, Status
from chatpaper.storage.run_history import TopicRunResult, TopicRunStatus
from chatpaper.storage.store import Store
from chatpaper.web.tabs.paper_views import start_with_paper
from chatpaper.web.translations import load_translations
from chatpaper.web.viewer.last_night import load_last_night, load_last_papers
from chatpaper.web.viewer.night_view import render_night
from chatpaper.write.formats import load_labels
from tests.web.asking import DAY

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


def publish(store: Store, topic: str, arxiv_id: str, day: date = DAY, language: str = "zh") -> None:
    answers = {"title": r"步数 $\alpha$ <b>", "tldr": "四十步就够。"}
    paper = Paper(arxiv_id, r"Steps $\alpha$ <b>", version=1)
    store.entries.save(
        topic, "r", PostEntry(paper, Document(), Summary(answers, language, "gemini", "m", "p"))
    )
    record(store, topic, arxiv_id, "published", day)


def record(store: Store, topic: str, arxiv_id: str, status: Status, day: date = DAY) -> None:
    posted = day if status == "published" else None
    outcome = Outcome(topic, arxiv_id, 1, status, post_date=posted, night=day)
    store.outcomes.record([outcome], [], NOW)


def end(store: Store, topic: str, day: date = DAY, state: TopicRunStatus = "done") -> None:
    waiting = [each for each in store.outcomes.unfinished(topic) if each.night == day]
    store.history.close(TopicRunResult(topic, day, state, waiting))


def shown(store: Store, language: str = "zh", today: date = DAY, *, private: bool = True) -> str:
    night = load_last_night(store, lambda topic: topic != "Hidden")
    earlier = load_last_papers(store, night.post_date, lambda _: True) if night else None
    html = render_night(night, earlier, today, load_translations(language), private=private)
    return re.sub(r"\s+", " ", html)


def test_a_night_is_told_with_its_topics_counts_and_papers(store: Store) -> None:
    publish(store, "GAN", "2611.00001")
    publish(store, "LLM", "2611.00002")
    record(store, "LLM", "2611.00003", "failed")
    record(store, "LLM", "2611.00004", "queued")
    record(store, "LLM", "2611.00005", "queued")
    end(store, "GAN")
    end(store, "LLM", state="budget")
    night = load_last_night(store, lambda _: True)
    assert night is not None
    assert [
        (topic.run.topic, topic.run.published, topic.failed, topic.queued) for topic in night.topics
    ] == [("GAN", 1, 0, 0), ("LLM", 1, 1, 2)]
    chinese = shown(store)
    assert "昨夜：2026 年 11 月 22 日（周日）" in chinese
    assert "<strong>2</strong> 篇排队中" in chinese
    assert "预算或配额已用完" in chinese
    assert '<a href="/papers/2611.00001">步数 α &lt;b&gt;</a>' in chinese
    assert "四十步就够。" in chinese
    assert "Steps α &lt;b&gt; · 2611.00001" in chinese
    english = shown(store, "en")
    assert "Last night: Sunday, 22 November 2026" in english
    assert '<a href="/papers/2611.00001">Steps α &lt;b&gt;</a>' in english


def test_topics_that_visitors_may_not_see_are_not_told(store: Store) -> None:
    publish(store, "Hidden", "2611.00001")
    end(store, "Hidden")
    assert "Hidden" not in shown(store)


@pytest.mark.parametrize(
    ("days", "heading"), [(0, "昨夜"), (1, "昨夜"), (2, "最近一次运行"), (40, "最近一次运行")]
)
def test_a_night_long_ago_is_not_called_the_last(store: Store, days: int, heading: str) -> None:
    publish(store, "GAN", "2611.00001")
    end(store, "GAN")
    assert f"<h2>{heading}：2026 年" in shown(store, today=DAY + timedelta(days=days))


def test_after_a_quiet_night_the_papers_before_it_are_shown(store: Store) -> None:
    publish(store, "GAN", "2611.00001", DAY - timedelta(days=3))
    end(store, "GAN", DAY - timedelta(days=3))
    end(store, "GAN", DAY - timedelta(days=2), "nothing_announced")
    end(store, "GAN", DAY, "nothing_announced")
    # A day that a backfill filled is no night.
    yesterday = DAY - timedelta(days=1)
    store.history.open_backfilled("GAN", [yesterday])
    publish(store, "GAN", "2611.00009", yesterday)
    store.history.close_unended("GAN", yesterday, "taken in by a backfill")
    text = shown(store, "en")
    assert "arXiv announced no new papers." in text
    assert "Before that: Thursday, 19 November 2026" in text
    assert "/papers/2611.00001" in text


def test_where_nothing_has_run_the_page_says_how_to_begin(store: Store) -> None:
    owner, visitor = shown(store), shown(store, private=False)
    assert "还没有运行过" in owner
    assert "chatpaper run --topic" in owner
    assert "chatpaper demo" in owner
    assert "chatpaper run" not in visitor
    assert 'href="/zh/?tab=paper"' in visitor


def test_the_notice_of_a_post_follows_the_paper_and_its_date_is_left_out() -> None:
    labels = load_labels("en")
    post = ">⚠️ Made below\n>\n>🔴 Not for citing\n\n# 2026-11-22 更新\n\n## Steps\n\ntext\n"
    assert start_with_paper(post, DAY, labels) == (
        "## Steps\n\ntext\n\n>⚠️ Made above\n>\n>🔴 Not for citing"
    )
    assert start_with_paper("# Steps\n\n> quoted\n", DAY, labels) == "# Steps\n\n> quoted\n"
