"""Rows of results are asked for cell by cell and located in the paper.

Each is checked against the paper as one statement.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain import (
    BBox,
    Field,
    FieldAnswer,
    Figure,
    Result,
    Summary,
    collect_texts,
    map_texts,
)
from chatpaper.summarize import Summarizer
from chatpaper.summarize.cost.answer_length import compute_max_output_tokens
from chatpaper.summarize.dialogue.schema import build_json_schema, read_answers
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import normalize_answer
from chatpaper.summarize.verify.names.figure_labels import locate_results
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.statements import parse_statements
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.summarize.sample import DOCUMENT, PAPER

PROMPTS = Prompts.load()
(RESULTS,) = PROMPTS.fields(["results"])
ZH = PROMPTS.language("zh")
CELLS: dict[str, Any] = {
    "task": "排序",
    "data_set": "Harbour",
    "metric": "比较器数",
    "ours": "47",
    "baseline": "61",
    "baseline_name": "Batcher",
    "source": "表 2",
}
ROW = Result(**CELLS)
FIGURES = (Figure("Table 2", "table", "Results.", 5, BBox(0, 0, 10, 10)),)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def summarized(server: FakeGemini, rows: Sequence[object]) -> Summary:
    server.script(
        google.answer(
            json.dumps({"results": rows, "title": "让排序网络适应其输入"}, ensure_ascii=False)
        )
    )
    backend = create_backend(
        "gemini", BackendSettings(base_url=server.url, api_key=google.VALID_KEY)
    )
    document = replace(DOCUMENT, figures=(*DOCUMENT.figures, *FIGURES))
    return Summarizer(backend, PROMPTS).summarize(PAPER, document, ("results", "title"))


def test_the_schema_asks_for_the_cells_in_the_order_of_a_table() -> None:
    properties: Any = build_json_schema([RESULTS])["properties"]
    assert properties["results"]["items"]["required"] == list(CELLS)
    assert properties["results"].get("minItems", 0) == 0


def test_an_answer_is_read_into_rows() -> None:
    spaced = {name: f" {cell} " for name, cell in CELLS.items()}
    assert read_answers({"results": [spaced]}, [RESULTS]) == ({"results": (ROW,)}, {})


@pytest.mark.parametrize(
    ("changed", "statement"),
    [
        ({}, "排序 · Harbour · 比较器数: 47, Batcher 61"),
        ({"baseline": "", "baseline_name": ""}, "排序 · Harbour · 比较器数: 47"),
        ({"task": "", "data_set": ""}, "比较器数: 47, Batcher 61"),
        ({"baseline": ""}, "排序 · Harbour · 比较器数: 47, Batcher"),
    ],
)
def test_a_row_states_one_thing(changed: dict[str, Any], statement: str) -> None:
    assert replace(ROW, **changed).statement == statement


def test_names_in_cells_beside_each_other_are_not_one_name() -> None:
    row = replace(ROW, data_set="ADNI 和 AIBL", metric="NCC")
    assert [name.text for name in find_names(row.statement)] == ["ADNI", "AIBL", "NCC", "Batcher"]


def test_the_label_of_the_source_is_no_text_of_the_model() -> None:
    changed = map_texts((ROW,), str.upper)
    assert changed == (replace(ROW, data_set="HARBOUR", baseline_name="BATCHER"),)
    assert collect_texts((ROW,)) == (ROW.statement,)


@pytest.mark.parametrize(
    ("source", "located"),
    [("表 2", ("Table 2", 5)), ("Tab. 2", ("Table 2", 5)), ("Table 9", ("", 0)), ("", ("", 0))],
)
def test_the_page_is_that_of_the_table_that_is_named(source: str, located: tuple[str, int]) -> None:
    (row,) = locate_results([replace(ROW, source=source)], FIGURES)
    assert (row.source, row.page) == located


def test_rows_are_kept_once_and_only_with_a_value() -> None:
    rows = (
        replace(ROW, baseline_name="Batcher [12]"),
        ROW,
        replace(ROW, ours=""),
        replace(ROW, metric=""),
    )
    assert normalize_answer(RESULTS, rows, ZH) == (ROW,)


def test_names_in_cells_are_no_foreign_language_and_rows_alike_are_no_repetition(
    gemini: FakeGemini,
) -> None:
    rows = [
        CELLS | {"task": "sorting", "metric": "comparators"},
        CELLS | {"metric": "depth", "ours": "11"},
    ]
    summary = summarized(gemini, rows)
    assert [
        (row.metric, row.source, row.page)
        for row in summary.answers["results"]
        if isinstance(row, Result)
    ] == [
        ("comparators", "Table 2", 5),
        ("depth", "Table 2", 5),
    ]
    assert len(gemini.calls) == 1


def test_a_paper_without_results_has_none(gemini: FakeGemini) -> None:
    assert summarized(gemini, []).answers["results"] == ()
    assert len(gemini.calls) == 1


def test_a_row_of_the_json_beside_a_post_is_one_statement_on_its_own_line() -> None:
    record = {
        "arxiv_id": PAPER.arxiv_id,
        "summary": {"title": "标题", "results": [CELLS | {"page": 5}]},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    *_, row = parse_statements(text, PAPER)
    assert row.text == ROW.statement
    assert text.splitlines()[row.line - 1].strip() == '"ours": "47",'


def test_rows_come_out_of_the_store_as_they_went_in() -> None:
    kept: TypeAdapter[FieldAnswer] = TypeAdapter(FieldAnswer)
    assert kept.validate_json(kept.dump_json((replace(ROW, page=5),))) == (replace(ROW, page=5),)


def test_there_is_room_for_all_rows() -> None:
    texts = Field(
        "any", "list", "What?", max_items=RESULTS.max_items, max_characters=RESULTS.max_characters
    )
    assert compute_max_output_tokens([RESULTS], ZH) > compute_max_output_tokens([texts], ZH)
