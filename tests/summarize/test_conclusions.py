"""What becomes of each statement of an answer."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Claim, Field, FieldAnswer, Result, VerdictKind
from chatpaper.summarize.verify.conclusions import Conclusion, Marks, Ruling, conclude, insert_mark
from chatpaper.summarize.verify.findings import collect_findings, find_sentence_spans
from chatpaper.summarize.verify.names.printed_names import PrintedNames
from chatpaper.summarize.verify.quotes.quote_search import Place, QuoteFinder
from chatpaper.summarize.verify.verifier import Verifier
from tests.summarize.sample import DOCUMENT, PAPER

MARK = "〔？〕"
MISSING = "（无）"
TEXT = Field("summary", "text", "?")
LIST = Field("method_steps", "list", "?", min_items=2, max_items=5)
CLAIMS = Field("key_takeaways", "claims", "?", min_items=1, max_items=5)
FIGURES = Field("key_figures", "figures", "?", min_items=0, max_items=5)
AFFILIATIONS = Field("affiliations", "text", "?", written_in="paper", min_items=0)
VERIFIER = Verifier(DOCUMENT, PAPER)
QUOTE = "TideSort reaches a depth of 11 with 47 comparators"
RESULT = Result("排序", "Harbour", "比较器数", "99", "61", "基线", "Table 1")
PLACE = Place(
    3, "4 Experiments", "with 47 comparators, compared with 61 comparators of the baseline"
)
NO_QUOTE = "words that nobody wrote anywhere in this paper"


def located(*claims: Claim) -> tuple[Claim, ...]:
    return QuoteFinder(DOCUMENT).locate(claims)


def published(
    field: Field,
    answer: FieldAnswer,
    rulings: Mapping[str, Ruling] | None = None,
    *,
    is_strict: bool = False,
) -> Conclusion:
    printed = PrintedNames(f"{DOCUMENT.front_matter} {DOCUMENT.abstract}")
    findings = collect_findings(field, answer, VERIFIER, printed)
    return conclude(
        field, answer, findings, rulings or {}, Marks(MARK, MISSING, is_strict=is_strict)
    )


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        (TEXT, "TideSort 有 47 个比较器。训练两小时。"),
        (LIST, ("给每对线一个权重。", "由梯度下降训练。")),
        (AFFILIATIONS, "Institute of Sorting, University of the Coast"),
        (AFFILIATIONS, "University of the Coast（Ada Brook 等）; Institute of Sorting (Lin Wei)"),
        (TEXT, ""),
        (LIST, ()),
    ],
)
def test_what_is_supported_stays_as_it_is(field: Field, answer: FieldAnswer) -> None:
    found = published(field, answer)
    assert (found.answer, found.checks.left_out, found.checks.marked) == (answer, 0, 0)


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        (
            TEXT,
            "TideSort 有 47 个比较器。它用 88 块 GPU。训练两小时。",
            f"TideSort 有 47 个比较器。它用 88 块 GPU{MARK}。训练两小时。",
        ),
        (LIST, ("用 88 块 GPU。", "由梯度下降训练"), (f"用 88 块 GPU{MARK}。", "由梯度下降训练")),
        (
            Field("title", "text", "?", need="may"),
            "ImageNet 上的排序网络",
            f"ImageNet 上的排序网络{MARK}",
        ),
        (
            AFFILIATIONS,
            "Hill College, University of the Coast",
            f"Hill College{MARK}, University of the Coast",
        ),
        (
            AFFILIATIONS,
            "Institute of Sorting; Hill College",
            f"Institute of Sorting; Hill College{MARK}",
        ),
        (
            AFFILIATIONS,
            "Institute of Sorting（Ada Brook、Ann Lee 等）",
            f"Institute of Sorting（Ada Brook、Ann Lee{MARK} 等）",
        ),
        (
            Field("abstract_translation", "text", "?"),
            "它有 88 个比较器。它由数据决定比较器的位置。",
            f"它有 88 个比较器。它由数据决定比较器的位置{MARK}。",
        ),
    ],
)
def test_what_cannot_be_verified_stays_with_a_mark(
    field: Field, answer: FieldAnswer, expected: FieldAnswer
) -> None:
    found = published(field, answer)
    assert found.answer == expected
    assert (found.checks.left_out, found.checks.marked) == (0, 1)


def test_a_claim_whose_quote_is_not_found_loses_quote_and_page_but_gets_no_mark_for_it() -> None:
    claims = located(Claim("训练两小时。", NO_QUOTE), Claim("TideSort 有 88 个比较器。", NO_QUOTE))
    found = published(CLAIMS, claims)
    assert found.answer == (
        Claim("训练两小时。", marks_itself=True),
        Claim(f"TideSort 有 88 个比较器{MARK}。", marks_itself=True),
    )
    assert (found.checks.left_out, found.checks.marked) == (0, 1)


def test_a_number_of_another_passage_than_the_quoted_one_is_marked() -> None:
    (claim,) = located(
        Claim("所需的比较器减少 4,096 个。", "needs 23% fewer comparators than the best network")
    )
    found = published(CLAIMS, (claim,))
    assert found.answer == (
        Claim(f"所需的比较器减少 4,096 个{MARK}。", claim.quote, claim.page, claim.section, True),
    )


def test_a_statement_about_a_figure_that_is_not_there_is_marked() -> None:
    found = published(FIGURES, (Claim("误差的曲线。", section="Figure 7"),))
    assert found.answer == (Claim(f"误差的曲线{MARK}。", section="Figure 7", marks_itself=True),)


@pytest.mark.parametrize(
    ("verdict", "correction", "expected", "counts"),
    [
        ("supported", "", "它用 88 块 GPU。训练两小时。", (0, 0, 0)),
        ("not_stated", "", f"它用 88 块 GPU{MARK}。训练两小时。", (1, 0, 0)),
        ("contradicted", "它用一个处理器。", "它用一个处理器。训练两小时。", (0, 1, 0)),
        ("contradicted", "", "训练两小时。", (0, 0, 1)),
    ],
)
def test_a_verdict_takes_the_mark_away_puts_it_or_changes_the_sentence(
    verdict: VerdictKind, correction: str, expected: str, counts: tuple[int, int, int]
) -> None:
    found = published(
        TEXT,
        "它用 88 块 GPU。训练两小时。",
        {"它用 88 块 GPU。": Ruling(verdict, PLACE, correction)},
    )
    assert found.answer == expected
    assert (found.checks.marked, found.checks.corrected, found.checks.left_out) == counts


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("supported", (RESULT,)),
        ("not_stated", (replace(RESULT, ours=f"99{MARK}"),)),
        ("contradicted", ()),
    ],
)
def test_a_result_is_no_sentence_and_bears_the_mark_at_its_value(
    verdict: VerdictKind, expected: tuple[Result, ...]
) -> None:
    field = Field("results", "results", "?", min_items=0, max_items=4)
    assert published(field, (RESULT,)).answer == (replace(RESULT, ours=f"99{MARK}"),)
    ruling = Ruling(verdict, PLACE if verdict == "supported" else None)
    assert published(field, (RESULT,), {RESULT.statement: ruling}).answer == expected


def test_support_without_words_takes_no_mark_away() -> None:
    rulings = {"它用 88 块 GPU。": Ruling("supported"), "训练两小时。": Ruling("supported")}
    assert (
        published(TEXT, "它用 88 块 GPU。训练两小时。", rulings).answer
        == f"它用 88 块 GPU{MARK}。训练两小时。"
    )


@pytest.mark.parametrize(
    ("claim", "ruling", "expected"),
    [
        (Claim("训练两小时。", NO_QUOTE), Ruling("supported", PLACE), "训练两小时。"),
        (
            Claim("训练两天。", NO_QUOTE),
            Ruling("contradicted", PLACE, "训练两小时。"),
            "训练两小时。",
        ),
    ],
)
def test_the_words_that_decide_are_the_new_proof(
    claim: Claim, ruling: Ruling, expected: str
) -> None:
    proof = Claim(expected, PLACE.words, PLACE.page, PLACE.section, marks_itself=True)
    assert published(CLAIMS, (claim,), {claim.text: ruling}).answer == (proof,)


def test_a_verdict_is_on_a_statement_wherever_it_stands() -> None:
    rulings = {"训练两小时。": Ruling("contradicted")}
    assert published(TEXT, "训练两小时。网络更小。", rulings).answer == "网络更小。"
    assert published(LIST, ("网络更小。", "训练两小时。"), rulings).answer == ("网络更小。",)


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        (TEXT, "训练两小时。", MISSING),
        (LIST, ("训练两小时。",), (MISSING,)),
        (CLAIMS, (Claim("训练两小时。"),), ()),
        (Field("title", "text", "?", need="may"), "训练两小时。", ""),
    ],
)
def test_an_answer_of_which_nothing_is_left_does_not_speak_for_the_paper(
    field: Field, answer: FieldAnswer, expected: FieldAnswer
) -> None:
    assert published(field, answer, {"训练两小时。": Ruling("contradicted")}).answer == expected


def test_a_paper_that_tries_to_instruct_models_gets_no_benefit_of_the_doubt() -> None:
    claims = located(Claim("训练两小时。", NO_QUOTE), Claim("TideSort 有 47 个比较器。", QUOTE))
    assert published(CLAIMS, claims, is_strict=True).answer == published(CLAIMS, claims[1:]).answer
    text = "TideSort 有 47 个比较器。它用 88 块 GPU。训练两小时。"
    found = published(TEXT, text, {"它用 88 块 GPU。": Ruling("supported")}, is_strict=True)
    assert found.answer == "TideSort 有 47 个比较器。训练两小时。"
    assert (found.checks.left_out, found.checks.marked) == (1, 0)
    corrected = published(
        TEXT, text, {"训练两小时。": Ruling("contradicted", None, "训练一天。")}, is_strict=True
    )
    assert corrected.answer == "TideSort 有 47 个比较器。"


def test_tags_that_name_what_the_paper_does_not_are_left_out_since_they_cannot_bear_a_mark() -> (
    None
):
    tags = Field(
        "tags",
        "choices",
        "?",
        min_items=0,
        max_items=4,
        vocabulary=("图像生成", "扩散模型", "三维重建"),
    )
    found = published(tags, ("图像生成", "扩散模型"))
    assert (found.answer, found.checks.left_out, found.checks.marked) == (("图像生成",), 1, 0)


def test_numbers_that_stand_elsewhere_are_counted() -> None:
    checks = published(TEXT, "所需的比较器减少 4,096 个，定理要求权重取整。").checks
    assert checks.supported + checks.elsewhere == 1


@pytest.mark.parametrize(
    ("text", "mark", "marked"),
    [
        ("训练两小时。", "「未能核实」", "训练两小时「未能核实」。"),
        ("训练两小时", "「未能核实」", "训练两小时「未能核实」"),
        ("It is fast.", "[not verified]", "It is fast [not verified]."),
        ("", "「未能核实」", "「未能核实」"),
    ],
)
def test_the_mark_stands_before_the_full_stop(text: str, mark: str, marked: str) -> None:
    assert insert_mark(text, mark) == marked


@given(st.text(alphabet="a1。. \n，；x比较", max_size=80))
def test_without_findings_of_fault_or_verdict_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(text[start:end] for start, end in find_sentence_spans(text)) == text
    kept = published(TEXT, text).answer
    assert isinstance(kept, str)
    assert "".join(kept.replace(MARK, "").split()) == "".join(text.split())
