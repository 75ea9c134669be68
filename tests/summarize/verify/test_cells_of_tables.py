"""Numbers and names of tables that are written in another way than those of a text."""

from decimal import Decimal

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

VERIFIER = Verifier(
    Document(
        title="Wading Networks",
        abstract="Water birds are counted.",
        sections=(
            Section(
                "1",
                "Counting",
                1,
                1,
                "The networks are listed in Table. 1 with their size. Each is trained once, on "
                "lakes. Heron-7b-it finds more birds than Heron-7b and has the best average "
                "precision. Birds that stand still are found late.",
            ),
        ),
        figures=(
            Figure(
                "Table 1",
                "table",
                "The birds.",
                1,
                BBox(0, 0, 9, 9),
                text="Lake | birds eggs | depth\nNorth | 84 907 14 856 | 43,47",
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("| 253 43,47 | 1", "43.47"),
        ("81,7K | 22,5K", "81700"),
        ("total | 84 907 14 856 | 3", "84907"),
        ("total | 84 907 14 856 | 3", "14856"),
        ("1 | 676 21 871 164 | 3", "21871164"),
    ],
)
def test_a_table_may_write_numbers_in_its_own_way(text: str, value: str) -> None:
    assert Decimal(value) in {numeral.value for numeral in find_printed_numerals(text)}


@pytest.mark.parametrize("text", ["see 3,4 and 7", "the sizes 12 345 and 6"])
def test_a_text_has_no_decimal_comma(text: str) -> None:
    assert not {Decimal("3.4"), Decimal("4.7")} & {
        numeral.value for numeral in find_printed_numerals(text)
    }


@pytest.mark.parametrize(
    "line", ["1 " * 50_000 + "|", "123 " * 25_000 + "|", "1," * 50_000 + "|", "|" * 100_000]
)
def test_lines_of_any_length_are_read(line: str) -> None:
    assert len(find_printed_numerals(line)) < 200_000


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("共 84,907 只，其中蛋 14,856 枚，占约 17.5%。", True),
        ("共 84,907 只，其中蛋 14,856 枚，占约 27.5%。", False),
        ("北湖深 43.47。", True),
        ("北湖深 34.47。", False),
        ("单湖表 84,907 张。", True),
    ],
)
def test_what_such_a_table_says_is_found(text: str, supported: bool) -> None:
    assert all(claim.supported for claim in VERIFIER.check(Statement(text))) == supported


def test_a_table_that_a_sentence_near_the_quote_names_is_part_of_what_is_quoted() -> None:
    quote = "Heron-7b-it finds more birds than Heron-7b and has the best average precision"
    claims = VERIFIER.check(Statement("Heron-7b-it 最好，北湖水深 43.47，AP 最高。", quote=quote))
    assert [(claim.value, claim.nearness) for claim in claims if claim.kind == "numeral"] == [
        ("43.47", "passage")
    ]
    assert all(claim.supported for claim in claims)


def test_a_large_number_behind_the_word_for_table_is_no_label() -> None:
    assert [numeral.text for numeral in find_claimed_numerals("单领域表 822,402 张，见表 3")] == [
        "822,402"
    ]


def test_a_label_with_a_stop_is_not_parted() -> None:
    assert [sentence for _, sentence in split_sentences("See Table. 8 for it. It is long.")] == [
        "See Table. 8 for it.",
        "It is long.",
    ]
