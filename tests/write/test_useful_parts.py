"""The parts of a post that say what matters, in every format.

These are the verdict, results, limits and the figures in view.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import cmarkgfm
import lxml.html
import pytest
from markdown_it import MarkdownIt

from chatpaper.domain import (
    BBox,
    Claim,
    Document,
    FieldAnswer,
    Figure,
    Paper,
    Post,
    PostEntry,
    Result,
    Summary,
)
from chatpaper.write.formats import list_formats, load_format, load_labels
from chatpaper.write.licenses import FigurePolicy
from chatpaper.write.markup.results_table import render_results_table
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from chatpaper.write.views.figure_views import MOST_CAPTION_CHARACTERS

LABELS = load_labels("zh")
PLACE = BBox(0, 0, 10, 10)
PAPER = Paper(
    "2607.00001",
    "Sorting What Arrives",
    authors=("Ada Brook",),
    abstract=(
        "We present a network that learns where its comparators go, and we show that it is small."
    ),
    version=1,
    abs_url="http://arxiv.org/abs/2607.00001v1",
    pdf_url="https://arxiv.org/pdf/2607.00001v1",
)
FIGURES = tuple(
    replace(figure, image=f"{figure.label.lower().replace(' ', '-')}.png")
    for figure in (
        Figure(
            "Figure 1",
            "figure",
            "The network at a glance. Wires run from left to right.",
            2,
            PLACE,
        ),
        Figure("Figure 2", "figure", "Depth against wires.", 4, PLACE),
        Figure("Table 1", "table", "Comparators on the test lists. Lower is", 5, PLACE),
    )
)
ROW = Result("排序", "Harbour", "比较器数", "47", "61", "Batcher", "Table 1", 5)
EARLIER: dict[str, FieldAnswer] = {
    "title": "对到来者排序",
    "affiliations": "University of the Coast",
    "keywords": ("排序网络",),
    "summary": "本文提出由数据决定结构的排序网络。",
    "key_takeaways": (Claim("网络更小。", "we show that it is small", 1, "Abstract"),),
    "background": "排序很重要。",
    "past_methods": "以往的网络是固定的。",
    "approach": "由样本学习比较器的位置。",
    "task_performance": "在港口数据上测试。",
    "method_steps": ("先松弛。", "再取整。"),
    "significance": "可用于调度。",
    "innovation": "首次由数据决定。",
    "performance": "比较器更少。",
    "workload": "一组数据。",
    "paper_class": "机器学习",
    "class_reason": "主要贡献是学习方法。",
    "tags": ("优化算法",),
    "abstract_translation": "我们提出一种网络，它学习比较器的位置，并说明它很小。",
    "goal": ("网络能否适应输入？",),
    "experiments": ("在港口数据上比较。",),
    "conclusions": ("知道输入的网络可以更小。",),
    "proofs": (Claim("证明。", "we show that it is small", 1, "Abstract"),),
}
USEFUL: dict[str, FieldAnswer] = {
    "tldr": "排序网络可以按数据定制，比较器少四分之一。",
    "key_idea": "先让位置可微，再取整。",
    "results": (
        ROW,
        replace(ROW, metric="深度", ours="11", baseline="", baseline_name="", source="", page=0),
    ),
    "limitations": ("数据改变后要重新训练。",),
    "key_figures": (
        Claim("比较器随数量下降。", page=5, section="Table 1"),
        Claim("整个网络的结构。", page=2, section="Figure 1"),
        Claim("深度随线数增长。", page=4, section="Figure 2"),
    ),
}
STYLE = PostStyle(LABELS)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for figure in FIGURES:
        (folder / figure.image).write_bytes(b"\x89PNG")
    return folder


def entry_of(
    images: Path, answers: Mapping[str, FieldAnswer], paper: Paper = PAPER, backend: str = "gemini"
) -> PostEntry:
    return PostEntry(
        paper,
        Document(figures=FIGURES),
        Summary(answers, "zh", backend, "model", "print"),
        images=images,
    )


def written(entry: PostEntry, format_name: str, folder: Path, style: PostStyle = STYLE) -> str:
    path = write_post(
        Post(date(2026, 7, 2), "Sorting", (entry,)), load_format(format_name), style, folder
    )
    return path.read_text("utf-8").split("\n---\n", 1)[1]


@pytest.mark.parametrize("name", list_formats())
def test_every_format_shows_verdict_results_limits_and_two_figures(
    name: str, images: Path, tmp_path: Path
) -> None:
    text = written(entry_of(images, EARLIER | USEFUL), name, tmp_path / "posts")
    heading = "| 任务与数据 | 指标 | 本文 | 最佳对照 | 出处 |"
    page = "https://arxiv.org/pdf/2607.00001v1#page=5"
    row = f"| 排序 · Harbour | 比较器数 | 47 | 61 (Batcher) | [表\u00a01]({page}) |"
    if name == "brief":
        heading = "| 主要结果 | 本文 | 最佳对照 |"
        row = f"| Harbour · 比较器数 | [47]({page}) | 61 (Batcher) |"
    assert text.index("**一句话**：排序网络可以按数据定制") < text.index(heading)
    assert row in text
    assert "数据改变后要重新训练。" in text
    shown = text.partition("<details")[0]
    table, figure = shown.index("table-1.png"), shown.index("figure-1.png")
    assert (table < figure) == (name != "card"), (
        "the order is the model's, but in a card, which has all in the paper's"
    )
    assert "**表 1**：比较器随数量下降。" in shown
    assert "> Comparators on the test lists.\n" in shown, (
        "a sentence of a caption that breaks off is left out"
    )
    second = "" if name == "brief" else " Wires run from left to right."
    assert f"> The network at a glance.{second}\n" in shown
    for once in (
        *(each.image for each in FIGURES[::2]),
        "比较器随数量下降",
        "排序网络可以按数据定制",
        "重新训练",
    ):
        assert text.count(once) == 1, once


@pytest.mark.parametrize("name", list_formats())
def test_an_entry_of_earlier_versions_shows_no_label_of_what_it_lacks(
    name: str, images: Path, tmp_path: Path
) -> None:
    text = written(entry_of(images, EARLIER), name, tmp_path / "posts")
    shown = [LABELS[label] for label in ("tldr", "key_idea", "results", "limitations")]
    assert not [label for label in shown if label in text]
    assert (LABELS["key_figures"] in text) == (name == "report"), (
        "one of the eight parts of a report"
    )
    (record,) = json.loads(next((tmp_path / "posts").rglob("*.json")).read_text("utf-8"))["papers"]
    assert "tldr" not in record["summary"]
    if "proofs" in load_format(name).former_fields:
        assert record["summary"]["proofs"] == ["证明。"], "what was paid for stays in the record"


def test_rows_are_objects_in_the_json(images: Path, tmp_path: Path) -> None:
    written(entry_of(images, EARLIER | USEFUL), "daily", tmp_path / "posts")
    (record,) = json.loads(next((tmp_path / "posts").rglob("*.json")).read_text("utf-8"))["papers"]
    assert record["summary"]["results"][0] == {
        "task": "排序",
        "data_set": "Harbour",
        "metric": "比较器数",
        "ours": "47",
        "baseline": "61",
        "baseline_name": "Batcher",
        "source": "Table 1",
        "page": 5,
    }


@pytest.mark.parametrize(
    "cell",
    [
        "a|b",
        r"a\|b",
        "$|x|$ and |",
        "<b>bold</b>",
        "[x](javascript:alert(1))",
        "`code|`",
        "two\nlines",
        "| --- |",
        "{{ page }}",
        "**strong**",
        "https://example.org/a|b",
    ],
)
def test_a_cell_shows_its_text_as_itself_in_a_table_that_stays_whole(cell: str) -> None:
    rows = [replace(ROW, task=cell, ours=cell, baseline_name=cell), ROW]
    table = render_results_table(rows, LABELS, lambda row: row.source)
    readers = (
        MarkdownIt("gfm-like", {"linkify": False}).render(table),
        cmarkgfm.github_flavored_markdown_to_html(table),
    )
    for html in readers:
        (element,) = lxml.html.fromstring(f"<div>{html}</div>").iter("table")
        assert [len(row) for row in element.iter("tr")] == [5, 5, 5]
        assert {child.tag for child in element.iter()} <= {
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }
        shown = next(iter(element.iter("tbody")))[0][2].text_content()
        assert shown.replace(r"\vert ", "|") == " ".join(cell.split())


def test_a_column_in_which_nothing_would_stand_is_left_out() -> None:
    bare = replace(ROW, baseline="", baseline_name="", source="")
    assert render_results_table([bare], LABELS, lambda row: row.source).splitlines() == [
        "| 任务与数据 | 指标 | 本文 |",
        "| --- | --- | --- |",
        "| 排序 · Harbour | 比较器数 | 47 |",
    ]


@pytest.mark.parametrize("policy", ["none", "licensed"])
def test_a_statement_stands_alone_where_its_picture_may_not_be_shown(
    policy: FigurePolicy, images: Path, tmp_path: Path
) -> None:
    text = written(
        entry_of(images, EARLIER | USEFUL),
        "daily",
        tmp_path / "posts",
        replace(STYLE, figures=policy),
    )
    assert "**表 1**：比较器随数量下降。" in text
    assert "![" not in text


def test_a_long_caption_is_shown_by_its_first_sentences(images: Path, tmp_path: Path) -> None:
    long = "A first sentence. " + "Another one that goes on. " * 20
    entry = entry_of(images, EARLIER | USEFUL)
    figures = (replace(FIGURES[0], caption=long), *FIGURES[1:])
    text = written(replace(entry, document=Document(figures=figures)), "daily", tmp_path / "posts")
    (caption,) = [line for line in text.splitlines() if line.startswith("> A first sentence.")]
    assert len(caption) <= MOST_CAPTION_CHARACTERS + len("> ")
    assert caption.endswith(".")


@pytest.mark.parametrize("name", ["bilingual", "card"])
def test_a_paper_in_the_language_of_the_post_needs_no_translation(
    name: str, images: Path, tmp_path: Path
) -> None:
    chinese = replace(
        PAPER, title="对到来者排序", abstract="本文提出一种网络，它学习比较器的位置，并证明它很小。"
    )
    without = EARLIER | {"abstract_translation": "", "title": ""}
    text = written(entry_of(images, without, chinese), name, tmp_path / "posts")
    assert LABELS["no_translation"] not in text
    assert LABELS["no_translation"] in written(
        entry_of(images, without), name, tmp_path / "foreign"
    )


def test_what_a_program_did_not_pick_is_not_said_to_be_missing_from_the_paper(
    images: Path, tmp_path: Path
) -> None:
    nothing = dict.fromkeys(EARLIER, "")
    picked = written(entry_of(images, nothing, backend="extractive"), "daily", tmp_path / "picked")
    assert LABELS["not_picked"] in picked
    assert LABELS["not_stated"] not in picked
    assert LABELS["not_stated"] in written(
        entry_of(images, nothing), "daily", tmp_path / "by_model"
    )


def test_a_caption_that_is_the_statement_is_not_shown_twice(images: Path, tmp_path: Path) -> None:
    quoted = EARLIER | {
        "key_figures": (Claim("The network at a glance.", page=2, section="Figure 1"),)
    }
    text = written(entry_of(images, quoted, backend="extractive"), "daily", tmp_path / "posts")
    assert text.count("The network at a glance.") == 1
