"""A text held against a paper."""

import json
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Section
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.examiner import verify_text
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.terms import extract_stems
from chatpaper.summarize.verify.verifier import Verifier
from tests.summarize.sample import DOCUMENT, PAPER

VERIFIER = Verifier(DOCUMENT, PAPER)


def unsupported(text: str, quote: str = "") -> list[str]:
    return [
        claim.value for claim in VERIFIER.check(Statement(text, quote=quote)) if not claim.supported
    ]


def test_a_number_in_the_place_of_a_quoted_one_is_not_supported() -> None:
    """The paper has 61 comparators too, but they are those of the baseline."""
    text, quote = "TideSort 的深度为 11，有 61 个比较器。", "a depth of 11 with 47 comparators"
    record = {"summary": {"results": [text]}, "evidence": [{"text": text, "quote": quote}]}
    claims = verify_text(json.dumps(record, ensure_ascii=False, indent=1), DOCUMENT, PAPER)
    assert [claim.value for claim in claims if not claim.supported] == ["61"]
    assert all(claim.supported for claim in verify_text(text, DOCUMENT, PAPER))


def test_what_the_paper_says_is_supported_with_its_place() -> None:
    claims = verify_text("TideSort 的深度为 11，有 47 个比较器，基线为 61 个。", DOCUMENT, PAPER)
    assert [(claim.kind, claim.value, claim.supported) for claim in claims] == [
        ("name", "TideSort", True),
        ("numeral", "11", True),
        ("numeral", "47", True),
        ("numeral", "61", True),
    ]
    assert (claims[2].page, claims[2].section) == (3, "4 Experiments")
    assert "47 comparators" in claims[2].snippet


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("TideSort 用 48 个比较器达到深度 11。", "48"),
        ("比较器减少了 23 倍。", "23 倍"),
        ("在 ImageNet 上训练。", "ImageNet"),
        ("QuickSort 用 47 个比较器。", "QuickSort"),
        ("扩散模型用 47 个比较器。", "扩散模型"),
        ("拡散モデルは 47 個の比較器を使う。", "拡散モデル"),
        (
            "原文说 “this is the best network ever built by anyone”。",
            "this is the best network ever built by anyone",
        ),
    ],
)
def test_what_it_does_not_say_is_not(text: str, wrong: str) -> None:
    assert unsupported(text) == [wrong]


@pytest.mark.parametrize("count", ["三", "8", "9 次", "十"])
def test_small_counts_are_never_disturbed(count: str) -> None:
    assert unsupported(f"作者做了{count}项消融实验。") == []


def test_quotations_are_found_as_they_are_printed() -> None:
    assert (
        unsupported(
            "作者写道 “a soft comparator exchanges their values in proportion to this weight”。"
        )
        == []
    )


def test_a_number_of_another_passage_is_told_with_the_place_where_it_is() -> None:
    quote = "On the Harbour benchmark TideSort needs 23% fewer comparators"
    (claim,) = [
        claim
        for claim in VERIFIER.check(Statement("在基准上所需的比较器减少 4,096 个。", quote=quote))
        if claim.kind == "numeral"
    ]
    assert (claim.supported, claim.page, claim.nearness) == (False, 3, "elsewhere")


def test_a_sentence_without_a_quotation_may_gather_numbers_from_all_over_the_paper() -> None:
    assert unsupported("在基准上所需的比较器减少 4,096 个。") == []


def test_what_a_sentence_computes_is_not_supported_by_the_same_number_elsewhere() -> None:
    assert unsupported("TideSort 有 47 个比较器，比 61 个少 23 个。") == ["23"]


def test_lines_are_told() -> None:
    claims = verify_text("第一行没有数字\n\n共 99 个。\n用 77 个。", DOCUMENT, PAPER)
    assert [(claim.value, claim.line) for claim in claims] == [("99", 3), ("77", 4)]


def test_a_claim_without_a_place_has_page_0() -> None:
    (claim,) = verify_text("共 99 个。", DOCUMENT, PAPER)
    assert claim == CheckedClaim("numeral", "99", 1, supported=False)


SENTENCES = [
    passage.text for passage in Passages(DOCUMENT, PAPER).all if find_claimed_numerals(passage.text)
]


@given(st.sampled_from(SENTENCES))
def test_a_sentence_copied_from_the_paper_is_always_supported(sentence: str) -> None:
    assert unsupported(sentence) == []


@pytest.mark.parametrize("word", ["X-ray", "x-rays", "radiographs"])
def test_a_method_or_thing_in_chinese_words_is_known_by_any_of_its_english_ones(word: str) -> None:
    document = replace(DOCUMENT, abstract=f"We look at {word}.")
    claims = verify_text("在X射线图像上训练。", document, PAPER)
    assert [claim for claim in claims if not claim.supported] == []
    assert [claim.value for claim in verify_text("在X射线图像上训练。", DOCUMENT, PAPER)] == [
        "X射线"
    ]


def test_every_named_term_can_be_known() -> None:
    table = tomllib.loads(
        files("chatpaper.summarize.verify.names")
        .joinpath("lists/named_terms.toml")
        .read_text("utf-8")
    )
    assert [term for term, words in table.items() if not extract_stems(words)] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("列表取自挪威的港口。", ["挪威"]),
        ("列表取自爱丁堡大学的调度器。", ["爱丁堡大学"]),
        ("列表取自瑞典的港口。", []),
        ("列表取自新加坡的港口。", []),
        ("列表取自西班牙的港口，以及哥尼斯堡。", []),
    ],
    ids=[
        "a country",
        "a place within a university",
        "an adjective in the paper",
        "the place itself",
        "another adjective, and an accent",
    ],
)
def test_a_place_that_the_paper_does_not_name_is_not_supported(
    text: str, values: list[str]
) -> None:
    section = Section(
        "5", "Ports", 1, 3, "Swedish, Spanish ports, Singapore and K¨onigsberg are alike."
    )
    document = replace(DOCUMENT, sections=(*DOCUMENT.sections, section))
    claims = verify_text(text, document, PAPER)
    assert [claim.value for claim in claims if not claim.supported] == values
