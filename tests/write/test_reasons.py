"""Posts say why a paper is offered, in the language of their reader, and put the best first."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from chatpaper.domain import (
    Document,
    Paper,
    Post,
    PostEntry,
    Ranking,
    RankingReason,
    ReasonKind,
    Summary,
)
from chatpaper.write.formats import load_format, load_labels
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from chatpaper.write.views.reasons import describe_ranking

PAPER = Paper("2607.00001", "Sorting What Arrives", abstract="A sorting network is learned.")
RANKING = Ranking(
    0.75,
    (
        RankingReason("author", ("Ada *L*",)),
        RankingReason("terms", ("sorting", "network")),
        RankingReason("code"),
    ),
)


def written(format: str, language: str, folder: Path, ranking: Ranking | None = RANKING) -> str:
    chosen = load_format(format)
    answers = {**dict.fromkeys(chosen.fields, ""), "tldr": "很小。"}
    summary = Summary(answers, "zh", "gemini", "m", "p")
    entry = PostEntry(PAPER, Document(), summary, ranking=ranking)
    post = Post(date(2026, 7, 2), "Sorting", (entry,))
    return write_post(post, chosen, PostStyle(load_labels(language)), folder).read_text("utf-8")


@pytest.mark.parametrize("format", ["daily", "bilingual", "report"])
def test_a_post_says_once_why_a_paper_is_offered(format: str, tmp_path: Path) -> None:
    said = r"你关注的作者：Ada \*L\*；与你的文献同样涉及：sorting、network；附有代码"
    assert f"**推荐理由**：{said}\n" in written(format, "zh", tmp_path)
    assert "推荐理由" not in written(format, "zh", tmp_path / "unranked", None)


def test_the_list_of_a_brief_says_it_too(tmp_path: Path) -> None:
    summary = Summary(dict.fromkeys(load_format("brief").fields, ""), "en", "gemini", "m", "p")
    entry = PostEntry(PAPER, Document(), summary, ranking=RANKING)
    other = PostEntry(replace(PAPER, arxiv_id="2607.00002", title="B"), Document(), summary)
    style = PostStyle(load_labels("en"))
    post = Post(date(2026, 7, 2), "Sorting", (entry, other))
    text = write_post(post, load_format("brief"), style, tmp_path).read_text("utf-8")
    said = r"by Ada \*L\*, whom you follow · sorting, network, as in your papers · with code"
    assert f"({said})" in text


@pytest.mark.parametrize("language", ["zh", "en", "ja"])
@pytest.mark.parametrize("kind", get_args(ReasonKind))
def test_each_kind_of_reason_has_words_in_each_language(kind: ReasonKind, language: str) -> None:
    (said,) = describe_ranking(
        Ranking(0.5, (RankingReason(kind, ("NeurIPS",)),)), load_labels(language)
    )
    assert said
    assert ("NeurIPS" in said) is (kind != "code")


def test_the_best_paper_for_the_reader_comes_first() -> None:
    summary = Summary({}, "zh", "gemini", "m", "p")
    other = replace(PAPER, arxiv_id="2607.00002", upvotes=900)
    best = PostEntry(PAPER, Document(), summary, ranking=Ranking(0.9))
    second = PostEntry(other, Document(), summary, ranking=Ranking(0.2))
    assert sorted([second, best], key=lambda entry: entry.sort_key) == [best, second]
