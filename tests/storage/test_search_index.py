"""The index of what was published: words in two scripts, filters, and what becomes of entries."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chatpaper.domain import Claim, Document, FieldAnswer, Paper, PostEntry, Summary
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.search_index import MATCH_BEGINS, MATCH_ENDS
from chatpaper.storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def entry_of(arxiv_id: str, title: str, summary: str, takeaway: str = "") -> PostEntry:
    answers: dict[str, FieldAnswer] = {"summary": summary, "key_takeaways": (Claim(takeaway),)}
    return PostEntry(
        Paper(arxiv_id, title, version=1),
        Document(),
        Summary(answers, "zh", "gemini", "m", "print"),
    )


def publish(store: Store, topic: str, day: int, entry: PostEntry) -> None:
    arxiv_id = entry.paper.arxiv_id
    post_date = date(2026, 11, day)
    store.outcomes.record(
        [Outcome(topic, arxiv_id, 1, "published", post_date=post_date, night=post_date)], (), NOW
    )
    store.entries.save(topic, "1", entry)


def ids(store: Store, *wanted: object, **filters: object) -> list[str]:
    return [hit.arxiv_id for hit in store.search_index.search(*wanted, **filters)]  # type: ignore[arg-type]


def test_a_part_of_a_chinese_word_finds_the_whole(store: Store) -> None:
    publish(store, "Diffusion", 20, entry_of("2611.00001", "Steps", "本文研究扩散模型的采样步数。"))
    publish(store, "Diffusion", 21, entry_of("2611.00002", "Leaves", "散步时扩大视野。"))
    assert ids(store, "扩散") == ["2611.00001"]
    assert ids(store, "扩散模型") == ["2611.00001"]
    assert ids(store, "模型 采样") == ["2611.00001"]


def test_titles_summaries_and_takeaways_are_searched_and_word_ends_may_lack(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "Sampling Budgets", "总结"))
    publish(store, "A", 20, entry_of("2", "Other", "A study of Schrödinger bridges"))
    publish(store, "A", 20, entry_of("3", "Third", "总结", "要点讲的是蒸馏"))
    assert ids(store, "budget") == ["1"]
    assert ids(store, "schrodinger") == ["2"]
    assert ids(store, "蒸馏") == ["3"]
    assert ids(store, "budget 蒸馏") == []


def test_hits_show_what_was_found_as_it_was_written(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "扩散模型：for All", "用扩散模型生成图像。"))
    (hit,) = store.search_index.search("扩散")
    assert hit.title == f"{MATCH_BEGINS}扩散{MATCH_ENDS}模型：for All"


def test_the_excerpt_is_of_the_summary_and_there_is_none_of_the_title_alone(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "Diffusion of Dust", "灰尘。", "用 diffusion 去除。"))
    publish(store, "A", 19, entry_of("2", "Diffusion", "总结", "要点"))
    passage, none = (hit.snippet for hit in store.search_index.search("diffusion"))
    assert passage == f"用 {MATCH_BEGINS}diffusion{MATCH_ENDS} 去除。"
    assert none == ""


def test_title_and_excerpt_are_of_the_latest_summary(store: Store) -> None:
    earlier, later = entry_of("1", "Steps", ""), entry_of("1", "Steps", "")
    for entry, language, title, summary in (
        (earlier, "zh", "扩散模型的步数", "总结扩散模型。"),
        (later, "ja", "拡散モデルのステップ数", "拡散モデルの要約です。"),
    ):
        answers: dict[str, FieldAnswer] = {"title": title, "summary": summary}
        written = replace(entry.summary, answers=answers, language=language)
        publish(store, "A", 20, replace(entry, summary=written))
    (hit,) = (hit.unmarked() for hit in store.search_index.search("steps 要約"))
    assert (hit.title, hit.snippet) == ("Steps · 拡散モデルのステップ数", "拡散モデルの要約です。")
    assert ids(store, "总结") == []


def test_keywords_do_not_run_into_one_word(store: Store) -> None:
    entry = entry_of("1", "One", "")
    answers: dict[str, FieldAnswer] = {
        "keywords": ("特征提取", "性能评估"),
        "summary": "附录给出证明。方法有效。",
    }
    publish(store, "A", 20, replace(entry, summary=replace(entry.summary, answers=answers)))
    (hit,) = store.search_index.search("性能")
    assert hit.snippet == f"特征提取；{MATCH_BEGINS}性能{MATCH_ENDS}评估；附录给出证明。方法有效。"


def test_topic_and_days_filter_and_the_newest_comes_first(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "One", "模型"))
    publish(store, "A", 22, entry_of("2", "Two", "模型"))
    publish(store, "B", 21, entry_of("3", "Three", "模型"))
    assert ids(store) == ["2", "3", "1"]
    assert ids(store, "模型", topics=["A"]) == ["2", "1"]
    assert ids(store, since=date(2026, 11, 21), until=date(2026, 11, 21)) == ["3"]
    assert [(count.topic, count.papers) for count in store.search_index.papers_by_day()] == [
        ("A", 1),
        ("B", 1),
        ("A", 1),
    ]


@pytest.mark.parametrize(
    "words", ['"', "*", "AND", "title:x OR (", '扩散" OR "', "-", "NEAR(a b)", "''; DROP TABLE x"]
)
def test_nothing_that_is_looked_for_is_syntax(store: Store, words: str) -> None:
    publish(store, "A", 20, entry_of("1", "Plain", "文字"))
    assert ids(store, words) in ([], ["1"])


def test_an_entry_that_changes_or_is_forgotten_is_found_no_more(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "Old Words", "旧文"))
    publish(store, "A", 20, entry_of("1", "New Words", "新文"))
    assert (ids(store, "old"), ids(store, "new")) == ([], ["1"])
    with store.database.transaction() as connection:
        connection.execute("DELETE FROM entries WHERE arxiv_id = '1'")
    assert ids(store, "new") == []


def test_entries_from_before_the_index_are_entered_once(store: Store) -> None:
    publish(store, "A", 20, entry_of("1", "From Before", "之前的论文"))
    with store.database.transaction() as connection:
        connection.execute("DELETE FROM search")
    assert ids(store, "before") == []
    assert store.search_index.rebuild() == 1
    assert ids(store, "before") == ["1"]
    assert store.search_index.rebuild() == 0
