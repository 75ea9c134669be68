"""What `brief` cuts, joins and says of why a paper is there."""

from datetime import date
from pathlib import Path

import pytest

from chatpaper.domain import Claim, Document, FieldAnswer, Paper, Post, PostEntry, Summary
from chatpaper.write.formats import load_format, load_labels
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from chatpaper.write.views.brief_view import (
    MAX_AFFILIATION_CHARACTERS,
    cut_affiliations,
    get_quote,
    join_sentences,
    number_steps,
)

ZH, EN = load_labels("zh"), load_labels("en")
PAPER = Paper("2607.00001", "Sorting What Arrives", abstract="A sorting network is learned.")
BRIEF = load_format("brief")


def written(*entries: PostEntry, folder: Path, language: str = "zh") -> str:
    post = Post(date(2026, 7, 2), "Sorting", entries)
    return write_post(post, BRIEF, PostStyle(load_labels(language)), folder).read_text("utf-8")


def entry_of(paper: Paper, phrase: str = "", **answers: FieldAnswer) -> PostEntry:
    known: dict[str, FieldAnswer] = dict.fromkeys(BRIEF.fields, "")
    summary = Summary(
        known | {"title": "排序", "tldr": "很小。"} | answers, "zh", "gemini", "m", "p"
    )
    return PostEntry(paper, Document(), summary, matched_phrase=phrase)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("University of the Coast", "University of the Coast"),
        (
            "University of the Coast, Institute of Sorting, Harbour Laboratory, Town",
            "University of the Coast, Institute of Sorting …",
        ),
        (
            "A Very Long Name of an Institute That Fills the Whole of the Line, Town",
            "A Very Long Name of an Institute That Fills the Whole of the Line …",
        ),
        ("N" * 99, "N" * 99),
        (f"University {'of ' * 15} $a,b$, Town", f"University {'of ' * 15} $a,b$ …"),
    ],
)
def test_institutions_are_cut_between_two_of_them(text: str, shown: str) -> None:
    assert cut_affiliations(text) == shown
    assert cut_affiliations(text[:MAX_AFFILIATION_CHARACTERS]) == text[:MAX_AFFILIATION_CHARACTERS]


@pytest.mark.parametrize(
    ("language", "begins"),
    [("zh", "以上所有内容"), ("en", "All summaries above"), ("ja", "以上の要約")],
)
def test_the_notice_behind_the_papers_speaks_of_what_is_above(
    tmp_path: Path, language: str, begins: str
) -> None:
    text = written(entry_of(PAPER), folder=tmp_path, language=language)
    *_, notice, caution, encouragement = text.rstrip("\n").split("\n>\n")
    assert f"\n>⚠️ {begins}" in notice
    # Sites that join the lines of a paragraph show three of them.
    assert (caution[:2], encouragement[:2], "\n" in caution) == (">🔴", ">💗", False)


def test_sentences_of_a_list_become_a_paragraph() -> None:
    assert join_sentences(("只有一组数据", "没有证明。", "很慢；"), ZH) == (
        "只有一组数据。没有证明。很慢。"
    )
    assert join_sentences(("One data set", "No proof."), EN) == "One data set. No proof."
    assert number_steps(("先松弛", "再取整。"), ZH) == "（1）先松弛。（2）再取整。"
    assert number_steps(("Relax", "Round."), EN) == "(1) Relax. (2) Round."
    assert join_sentences(("Only one set", "没有证明"), ZH) == "Only one set. 没有证明。"
    assert join_sentences((), ZH) == number_steps((), ZH) == ""


def test_a_quote_stands_where_it_says_more_than_the_statement() -> None:
    assert get_quote(Claim("网络更小。", "it is small", 1)) == "it is small"
    assert get_quote(Claim("It is small.", "it is small", 1)) == ""
    assert get_quote(Claim("网络更小。", "it is small", 0)) == "", "it was not found"


def test_the_list_says_why_a_paper_is_there(tmp_path: Path) -> None:
    from_hub = Paper("2607.00002", "Another", abstract="Nets.", upvotes=1204)
    text = written(
        entry_of(PAPER, "Sorting", title="一"),
        entry_of(PAPER, "sorting network", title="二"),
        entry_of(from_hub, "Nets", title="三"),
        entry_of(from_hub, title="四"),
        entry_of(PAPER, title="五"),
        folder=tmp_path,
    )
    assert [line.partition("<br>")[2] for line in text.splitlines() if line[:1].isdigit()] == [
        "很小。（标题提到“Sorting”）",
        "很小。（摘要提到“sorting network”）",
        "很小。（Hugging Face 1,204 票 · 摘要提到“Nets”）",
        "很小。（Hugging Face 1,204 票）",
        "很小。",
    ]


def test_a_title_with_brackets_does_not_end_its_link(tmp_path: Path) -> None:
    first = entry_of(PAPER, title="a] b [c](https://evil.example) $[0,1]$ *d*")
    text = written(first, entry_of(PAPER), folder=tmp_path)
    assert (
        "\n1. [a&#93; b &#91;c&#93;(https&#58;//evil.example) $[0,1]$ \\*d\\*]"
        "(#paper-2607.00001)<br>"
    ) in text


def test_of_many_authors_a_brief_names_the_first(tmp_path: Path) -> None:
    names = tuple(f"First{number} Last{number}" for number in range(12))
    many = Paper("2607.00003", "Many", names)
    text = written(entry_of(many, affiliations="Harbour Laboratory"), folder=tmp_path)
    shown = ", ".join(names[:4])
    assert f"Many<br>作者：{shown} 等 12 人（Harbour Laboratory）\n" in text


def test_a_paper_of_which_nothing_is_known_says_so_and_shows_no_label(tmp_path: Path) -> None:
    bare = Paper("notes", "Notes", source="file")
    text = written(entry_of(bare, title="", tldr=""), folder=tmp_path)
    section = text.partition("\n## ")[2].partition("\n>⚠️")[0]
    assert section == '<a id="paper-notes"></a>Notes\n\n作者：见论文首页\n\n论文未说明\n'


def test_papers_of_the_same_title_are_told_apart(tmp_path: Path) -> None:
    other = Paper("2607.00009", "Another Network", abstract="A network.")
    text = written(entry_of(PAPER), entry_of(other), entry_of(other, title="别的"), folder=tmp_path)
    assert [line.partition("</a>")[2] for line in text.splitlines() if line[:3] == "## "] == [
        "排序（2607.00001）",
        "排序（2607.00009）",
        "别的",
    ]
