"""Answers that are chosen from a vocabulary, and statements about figures that the paper has."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.backends.compatible.schema import MAX_ENUM_VALUES
from chatpaper.domain import BBox, Claim, Field, Figure, Summary
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.context.section_selection import select_text
from chatpaper.summarize.dialogue.schema import build_json_schema
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.vocabulary import (
    canonicalize_choices,
    drop_foreign_choices,
    find_foreign_choices,
)
from chatpaper.summarize.verify.names.figure_labels import find_figure, locate_figures
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply
from tests.summarize.sample import DOCUMENT, PAPER

PROMPTS = Prompts.load(
    own_vocabularies={"classes": ["排序", "RAG", "其他"], "tags": ["理论分析", "硬件", "基准测试"]}
)
KEY_FIGURES, CLASS, TAGS = PROMPTS.fields(["paper_class", "tags", "key_figures"])
PLACE = BBox(0, 0, 10, 10)
FIGURES = (
    Figure("Figure 1", "figure", "An overview.", 2, PLACE),
    Figure("Figure 3a", "figure", "A detail.", 4, PLACE),
    Figure("Table 2", "table", "Results.", 5, PLACE, text="TideSort 47"),
    Figure("Supplementary Figure 1", "figure", "More.", 9, PLACE),
)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def summarizer_for(
    server: FakeGemini, prompts: Prompts = PROMPTS, language: str = "zh"
) -> Summarizer:
    backend = create_backend(
        "gemini", BackendSettings(base_url=server.url, api_key=google.VALID_KEY)
    )
    return Summarizer(backend, prompts, None, SummarizerOptions(language=language))


def summarized(server: FakeGemini, fields: Sequence[str], *replies: Reply) -> Summary:
    server.script(*replies)
    return summarizer_for(server).summarize(PAPER, DOCUMENT, tuple(fields))


def says(**answers: object) -> Reply:
    return google.answer(json.dumps(answers, ensure_ascii=False))


def sent(server: FakeGemini, call: int = -1) -> str:
    return json.dumps(server.calls[call].body, ensure_ascii=False)


def test_the_vocabulary_ends_with_the_value_for_none_of_the_others() -> None:
    assert CLASS.vocabulary == ("排序", "RAG", "其他")
    assert TAGS.vocabulary == ("理论分析", "硬件", "基准测试")
    for language, other in (("zh", "其他"), ("en", "Other"), ("ja", "その他")):
        (shipped,) = Prompts.load().fields(["paper_class"], language)
        assert shipped.vocabulary[-1] == other
        assert len(set(shipped.vocabulary)) == len(shipped.vocabulary) <= MAX_ENUM_VALUES


def test_the_vocabulary_reaches_the_prompt_and_the_fingerprint() -> None:
    rendered = PROMPTS.render((CLASS, TAGS), PAPER, "text", "zh").system
    assert "paper_class one of 排序|RAG|其他: " in rendered
    assert "tags any of 理论分析|硬件|基准测试: " in rendered
    assert "enum" not in json.dumps(build_json_schema((CLASS, TAGS, KEY_FIGURES))), (
        "the values are paid for once"
    )
    other = Prompts.load().fields(["paper_class"])
    assert PROMPTS.fingerprint((CLASS,), "zh") != PROMPTS.fingerprint(other, "zh")


def test_a_choice_outside_of_the_vocabulary_costs_no_call_of_its_own(gemini: FakeGemini) -> None:
    summary = summarized(
        gemini, ("paper_class", "tags"), says(paper_class="检索", tags=["硬件", "很新"])
    )
    assert dict(summary.answers) == {"paper_class": "其他", "tags": ("硬件",)}
    assert len(gemini.calls) == 1


def test_a_choice_is_complained_about_where_another_answer_is_asked_for_again(
    gemini: FakeGemini,
) -> None:
    summary = summarized(
        gemini,
        ("goal", "paper_class"),
        says(paper_class="检索"),
        says(goal="让排序网络适应其输入。", paper_class=" rag "),
    )
    assert summary.answers["paper_class"] == "RAG"
    assert len(gemini.calls) == 2
    assert "'检索' is not one of the values to choose from: 排序 | RAG | 其他" in sent(gemini)


def test_a_model_that_chooses_nothing_costs_the_paper_its_class_and_not_its_post(
    gemini: FakeGemini,
) -> None:
    bad = says(title="让排序网络适应其输入")
    summary = summarized(gemini, ("title", "paper_class"), bad, says(), says())
    assert dict(summary.answers) == {"title": "让排序网络适应其输入", "paper_class": "其他"}


@given(st.sampled_from([CLASS.vocabulary, TAGS.vocabulary]), st.lists(st.text(max_size=6)))
def test_what_is_kept_of_choices_is_always_in_the_vocabulary(
    vocabulary: tuple[str, ...], values: list[str]
) -> None:
    field = Field("any", "choices", "Which?", vocabulary=vocabulary)
    kept = drop_foreign_choices(
        field, canonicalize_choices(field, (*values, vocabulary[0].casefold(), vocabulary[0]))
    )
    assert find_foreign_choices(field, kept) == ()
    assert kept.count(vocabulary[0]) == 1
    assert drop_foreign_choices(field, "x".join(values)) in vocabulary


@pytest.mark.parametrize(
    ("label", "found"),
    [
        *[
            (label, "Figure 1")
            for label in (
                "Figure 1",
                "figure 1",
                "Fig. 1",
                "Fig.1",
                "图 1",
                "图1",
                "図 1",
                "Figure 1(b)",
                "图１",
            )
        ],
        *[(label, "Table 2") for label in ("Table 2", "TABLE 2", "Tab. 2", "表 2", "表2")],
        ("Figure 3a", "Figure 3a"),
        ("Supplementary Figure 1", "Supplementary Figure 1"),
        *[
            (label, None)
            for label in (
                "Figure 2",
                "Table 1",
                "Figure 3b",
                "Figure",
                "",
                "地图 1",
                "overview",
                "Table A1",
            )
        ],
    ],
)
def test_labels_are_recognised_however_they_are_spelled(label: str, found: str | None) -> None:
    figure = find_figure(label, FIGURES)
    assert (figure.label if figure else None) == found


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("方法的总览。", 2),
        ("如表 2 所示，比较器更少。", 2),
        ("它与图9一致。", 0),
        ("Figure 9 shows more.", 0),
        ("共有 4 张图 3 种方法。", 2),
        ("这张地图 5 分钟画完，代表 7 类数据。", 2),
        ("figure a method out", 2),
    ],
)
def test_a_statement_may_name_no_figure_that_is_not_there(text: str, page: int) -> None:
    (claim,) = locate_figures([Claim(text, section="图 1")], FIGURES)
    assert (claim.section if page else "Figure 1", claim.page) == ("Figure 1", page)


def test_a_statement_about_a_figure_that_is_not_there_is_marked(gemini: FakeGemini) -> None:
    statements = [
        {"label": "图 1", "text": "比较器的权重在取整前后的样子。"},
        {"label": "Figure 7", "text": "误差随深度下降的曲线。"},
        {"label": "Figure 1", "text": "与表 9 的结果一致。"},
    ]
    summary = summarized(gemini, ("key_figures",), says(key_figures=statements))
    assert summary.answers["key_figures"] == (
        Claim("比较器的权重在取整前后的样子。", "", 3, "Figure 1", marks_itself=True),
        Claim("误差随深度下降的曲线「未能核实」。", "", 0, "Figure 7", marks_itself=True),
        Claim("与表 9 的结果一致「未能核实」。", "", 0, "Figure 1", marks_itself=True),
    )
    assert (len(gemini.calls), summary.checks.marked) == (1, 2)


def test_numbers_of_statements_about_figures_that_are_not_in_the_paper_are_marked(
    gemini: FakeGemini,
) -> None:
    statements = [{"label": "Figure 1", "text": "网络有 99 个比较器，比基线少。"}]
    summary = summarized(gemini, ("key_figures",), says(key_figures=statements))
    assert summary.answers["key_figures"] == (
        Claim("网络有 99 个比较器，比基线少「未能核实」。", "", 3, "Figure 1", marks_itself=True),
    )


def test_a_paper_without_figures_is_not_asked_about_them(gemini: FakeGemini) -> None:
    summary = summarizer_for(gemini).summarize(
        PAPER, replace(DOCUMENT, figures=()), ("title", "key_figures")
    )
    assert summary.answers["key_figures"] == ()
    assert "key_figures" not in sent(gemini)


def test_figures_and_the_rows_of_tables_are_listed_for_the_model() -> None:
    text = select_text(replace(DOCUMENT, figures=FIGURES), 100_000).text
    assert text.endswith(
        "Figures and tables\n\nFigure 1: An overview.\n\nFigure 3a: A detail.\n\nTable 2: "
        "Results.\nTideSort 47\n\n"
        "Supplementary Figure 1: More."
    )


def test_a_translated_abstract_is_never_cut_and_is_marked_at_its_end_alone(
    gemini: FakeGemini,
) -> None:
    wrong = says(abstract_translation="我们提出 TideSort。它所需的比较器少 32%。它排对每个列表。")
    summary = summarized(gemini, ("abstract_translation",), wrong)
    expected = "我们提出 TideSort。它所需的比较器少 32%。它排对每个列表「未能核实」。"
    assert summary.answers["abstract_translation"] == expected


def test_what_is_missing_is_what_was_not_asked_for_or_chosen_from_other_values(
    gemini: FakeGemini,
) -> None:
    fields = ("title", "paper_class", "tags")
    summarizer = summarizer_for(gemini)
    summary = summarizer.summarize(PAPER, DOCUMENT, fields)
    assert summarizer.missing(summary, fields) == ()
    assert summarizer.missing(summary, (*fields, "goal")) == ("goal",)
    assert summarizer_for(gemini, language="en").missing(summary, fields) == (
        "paper_class",
        "tags",
        "title",
    )
    other = Prompts.load(own_vocabularies={"classes": ["网络", "其他的"], "tags": ["新"]})
    assert summarizer_for(gemini, other).missing(summary, fields) == ("paper_class", "tags")


def test_an_answer_to_another_wording_of_the_prompts_is_not_paid_for_again(
    gemini: FakeGemini,
) -> None:
    fields = ("goal", "summary")
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, fields)
    reworded = replace(PROMPTS, system_template=f"{PROMPTS.system_template}\nBe brief.")
    changed = summarizer_for(gemini, reworded)
    again = changed.summarize(PAPER, DOCUMENT, fields)
    assert again.prompt_fingerprint != summary.prompt_fingerprint
    assert changed.missing(summary, fields) == ()


def test_another_model_is_asked_again_and_records_of_earlier_versions_stand(
    gemini: FakeGemini,
) -> None:
    fields = ("goal", "summary")
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, fields)
    settings = BackendSettings(
        model="gemini-2.5-flash", base_url=gemini.url, api_key=google.VALID_KEY
    )
    other = Summarizer(create_backend("gemini", settings), PROMPTS)
    assert other.missing(summary, fields) == fields
    earlier = {
        name: replace(record, asked="", fingerprint="earlier")
        for name, record in summary.records.items()
    }
    assert other.missing(replace(summary, records=earlier), fields) == ()
    of_another = {name: replace(record, backend="openai") for name, record in earlier.items()}
    assert other.missing(replace(summary, records=of_another), fields) == fields


def test_what_a_post_can_do_without_is_asked_for_only_together_with_what_it_needs(
    gemini: FakeGemini,
) -> None:
    summarizer = summarizer_for(gemini)
    summary = summarizer.summarize(PAPER, DOCUMENT, ("summary",))
    assert summarizer.missing(summary, ("summary", "tldr", "results", "limitations")) == ()
    assert summarizer.missing(summary, ("summary", "tldr", "goal")) == ("goal", "tldr")


def test_later_answers_complete_earlier_ones_of_the_same_language(gemini: FakeGemini) -> None:
    summarizer = summarizer_for(gemini)
    first, second = (
        summarizer.summarize(PAPER, DOCUMENT, fields)
        for fields in (("title", "summary"), ("summary", "goal"))
    )
    both = first.merge(second)
    assert set(both.answers) == {"title", "summary", "goal"}
    assert both.answers["summary"] == second.answers["summary"]
    assert both.input_tokens == first.input_tokens + second.input_tokens
    assert both.checks.supported == sum(record.checks.supported for record in both.records.values())
    assert both.select_fields(("goal",)).answers == {"goal": second.answers["goal"]}
    assert (
        both.select_fields(("title",)).prompt_fingerprint
        == first.select_fields(("title",)).prompt_fingerprint
    )
    english = summarizer_for(gemini, language="en").summarize(PAPER, DOCUMENT, ("goal",))
    assert first.merge(english) == english
