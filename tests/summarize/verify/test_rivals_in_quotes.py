"""Numbers of a quote that are not stated, and those in the place of which none can stand."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.hints.measures.replacement_hints import find_replacement_hints
from chatpaper.summarize.verify.hints.values.number_hints import find_number_hints
from chatpaper.summarize.verify.numbers.numerals import (
    find_claimed_numerals,
    find_printed_numerals,
)
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.derivation import is_value, may_replace
from chatpaper.summarize.verify.verifier import Verifier

KILNS = (
    Section("1", "Kilns", 1, 1, "The first kiln is fired at 120 kV with walls of 0.625."),
    Section("2", "Jitter", 1, 2, "A jitter of 27.7 ± 0.3 GHz takes 10% of the budget."),
    Section("3", "Walls", 1, 3, "The second kiln is fired at 120 kV with walls of 0.75."),
    Section("4", "Glaze", 1, 4, "Glaze in a layer of 10 mm is the reference of all kilns."),
)
VERIFIER = Verifier(Document(title="Kilns", sections=KILNS))


def find_unsupported(text: str, quote: str) -> list[str]:
    claims = VERIFIER.check(Statement(text, quote=quote))
    return [claim.value for claim in claims if not claim.supported]


@pytest.mark.parametrize(
    ("text", "section", "values"),
    [
        # What the quote has in volts is no thickness, and an error is no value.
        ("第一座窑的壁厚为 0.625，第二座窑为 0.75。", 0, []),
        ("对 10 mm 的釉层，抖动 27.7 GHz 用去预算的 10%。", 1, []),
        # The quoted value is not stated, and the stated one is that of another kiln.
        ("第一座窑的壁厚为 0.75。", 0, ["0.75"]),
    ],
)
def test_a_number_from_elsewhere_is_held_against_values_of_its_kind(
    text: str, section: int, values: list[str]
) -> None:
    assert find_unsupported(text, KILNS[section].text) == values


@pytest.mark.parametrize(
    ("stated", "quote", "expected"),
    [
        ("为 0.75", "0.625 in all", True),
        ("为 61%", "of 0.64", True),
        ("为 3.1 倍", "of 3.7", True),
        ("在 2019 年", "in 2021", True),
        # Another unit, a count, a year, an error, and the digits of a name.
        ("为 0.75", "at 120 kV", False),
        ("为 0.75", "in 12 runs", False),
        ("为 2900", "in 2021", False),
        ("为 0.75", "by ± 0.3", False),
        ("为 7", "Kiln-8 has it", False),
        ("为 7", "of two", False),
    ],
)
def test_a_number_may_stand_for_another_of_its_kind(
    stated: str, quote: str, expected: bool
) -> None:
    (numeral,) = find_claimed_numerals(stated)
    assert may_replace(numeral, find_printed_numerals(quote)[0], quote) == expected


def test_a_value_is_neither_an_error_nor_a_part_of_a_name() -> None:
    quote = "Llama-8 has 4.5 ± 0.3 and mid-2023 has 7"
    values = [each.text for each in find_printed_numerals(quote) if is_value(each, quote)]
    assert values == ["4.5", "2023", "7"]


def find_replaced(statement: str, quote: str) -> list[str]:
    comparison = Comparison(statement, quote, "", "")
    readers = (find_number_hints, find_replacement_hints)
    hints = {hint.value for reader in readers for hint in reader(comparison) if hint.is_certain}
    return sorted(hints)


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        ("釉层厚 1.72 毫米。", "a layer of 1.52 ± 0.15 mm", ["1.72 毫米"]),
        # Only an error, or a part of a name, is left that is not stated.
        ("壁厚 1.52，釉层厚 0.75。", "walls of 1.52 ± 0.65", []),
        ("壁厚 1.52，共有 36 层。", "walls of 1.52 in Kiln-32 alone", []),
    ],
)
def test_errors_and_names_are_no_rivals(statement: str, quote: str, values: list[str]) -> None:
    assert find_replaced(statement, quote) == values


def test_the_sum_of_all_that_a_quote_has_is_in_place_of_none() -> None:
    quote = "intact (888), cracked (218), and lost (94) pots"

    def find(statement: str) -> list[str]:
        hints = find_replacement_hints(Comparison(statement, quote, "", ""))
        return [hint.value for hint in hints]

    assert find("1200 个陶罐中有 888 个完好。") == []
    assert find("1300 个陶罐中有 888 个完好。") == ["1300"]
