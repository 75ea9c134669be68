"""Numbers of a quote that are not stated, and those in the place of which none can stand."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.hints.measures.count_hints import find_count_hints
from chatpaper.summarize.verify.hints.measures.replacement_hints import find_replacement_hints
from chatpaper.summarize.verify.hints.values.number_hints import find_number_hints
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
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
        ("为 0.5", "the 3 4th power", True),
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


@pytest.mark.parametrize(
    ("statement", "quote", "context", "values"),
    [
        # What stands around the quote is of something else.
        ("抽屉中有 350 个陶罐。", "The drawer has 120 pots.", "Shelves have 350 jars.", ["350"]),
        ("图像的阈值为 35%。", "The threshold of images is 10%.", "Of all, 35% are red.", ["35%"]),
        # The context counts these things too, or the quote leaves a number for something else.
        ("共有 350 张图像。", "Of them, 120 were red.", "We took 350 images.", []),
        ("红色的 60 个增至 117 个。", "57 more than before", "There are 117 in all.", []),
        ("比甲窑多 35%。", "Of these, 10% are red.", "It is 35% in all.", []),
        ("由 35% 增加。", "Of these, 10% are red.", "It is 35% in all.", []),
        ("先烧了 8 个。", "Of these, 7 are red.", "There are 8 kilns.", []),
        # It stands in the sentence of which the quote is a part, or in one that says the same.
        ("线宽为 2 MHz。", "enters as a 1 MHz bound", "Its 2 MHz enters as a 1 MHz bound.", []),
        ("图像损失 35%。", "latency grows by 10%", "The loss of images is 35%.", []),
        # The digits of works that are cited are no such numbers, and those of a name none at all.
        ("每件约 9 美元。", "at $7 per pot", "a cause of many cracks2,6,9.", ["9 美元"]),
        ("最好的是 Clay FSM 16。", "for N in {3, 7, 14}", "", []),
        ("最好的是 Clay FSM 15。", "for N in {3, 7, 14}", "", ["15"]),
        # What a change begins with, and an error, are not computed.
        ("价格由约 9 美元跌至 0.5 美元。", "from $7 to $0.50", "", ["9 美元"]),
        ("遅延は 1.5 秒、誤差は 6 cm。", "with a delay of 1.5 s, the error is 4 cm", "", ["6 cm"]),
    ],
)
def test_a_number_that_the_quote_has_otherwise_is_told_wherever_it_stands(
    statement: str, quote: str, context: str, values: list[str]
) -> None:
    paper = f"{quote} {context} Clay FSM 16 is the best."
    hints = find_replacement_hints(Comparison(statement, quote, context, paper))
    assert [hint.value for hint in hints] == values


def test_a_number_with_which_a_change_begins_is_no_difference() -> None:
    def is_computed(text: str) -> bool:
        return parse_calculation(find_claimed_numerals(text)[0], text) is not None

    assert not is_computed("约 9 美元大幅跌至 0.5 美元")
    assert not is_computed("平均误差为 6 厘米")
    assert is_computed("相差 6 厘米")


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        ("It cuts the cracks fourfold.", "a ten-fold reduction of cracks", ["fourfold"]),
        ("It cuts the cracks tenfold.", "a ten-fold reduction of cracks", []),
        # What is told of each of the things that the quote counts is not how many there are.
        ("两种方法则每张图像只试一次。", "each of the 10 images was tried", []),
        ("两张图像试了一次。", "the 10 images were tried", ["两"]),
    ],
)
def test_small_counts_and_factors_are_held_against_the_same_things(
    statement: str, quote: str, values: list[str]
) -> None:
    hints = find_count_hints(Comparison(statement, quote, "", ""))
    assert [hint.value for hint in hints] == values


def test_digits_of_names_do_not_part_what_is_the_same_otherwise() -> None:
    statement = "窑温以 69.5 居首，其后是 66.8 和 61.0。"
    quote = "Kiln-5 leads with 69.5, followed by Kiln-3 (66.8) and Kiln-Max (64.0)"
    hints = find_number_hints(Comparison(statement, quote, "It has 61.0 too.", quote))
    assert [hint.value for hint in hints if hint.is_certain] == ["61.0"]


RUNS = "Table 2 Latency of a kiln over 20 runs at 30 turns.\nCycles | Sand | Clay\n4 | 242 | 298"


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        # The table beside the quote has the number of cycles, and the quote speaks of none.
        ("用 4 个循环时，砂窑的延迟最低。", "Latency of a kiln over 20 runs", []),
        ("循环数设为 4 时，砂窑的延迟最低。", "Latency of a kiln over 20 runs", []),
        ("With 4 cycles, the sand is fast.", "a kiln over 20 runs", []),
        # It speaks of them, the table does not, or the number is none of its cells.
        ("用 4 个循环时，砂窑的延迟最低。", "a kiln in 20 cycles", ["4"]),
        ("用 4 只陶罐时，砂窑的延迟最低。", "Latency of a kiln over 20 runs", ["4"]),
        ("用 8 个循环时，砂窑的延迟最低。", "Latency of a kiln over 20 runs", ["8"]),
    ],
)
def test_what_a_table_beside_the_quote_counts_is_not_what_the_quote_counts(
    statement: str, quote: str, values: list[str]
) -> None:
    paper = f"Kilns are slow.\n\n{RUNS}\n\nPots are red."
    comparison = Comparison(statement, quote, RUNS, paper)
    readers = (find_number_hints, find_replacement_hints)
    assert {hint.value for reader in readers for hint in reader(comparison)} == set(values)
