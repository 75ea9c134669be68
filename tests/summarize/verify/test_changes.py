"""Changes that a sentence tells, held against the values that it tells beside them."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.numbers.calculations import is_said_relative
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.changes import find_changes
from chatpaper.summarize.verify.verifier import Verifier

SCORES = """Boat | Calm (%) | Storm (%)
Cutter | 64.2 | 51.5
Ketch | 76.7 | 57.1
Yawl | 12.5 | 22.3"""
GAINS = """Boat | Wind | Improvement
Cutter | 3.42 | 17.3"""
BOATS = Verifier(
    Document(
        title="Boats",
        sections=(
            Section(
                "1",
                "Harbour",
                1,
                1,
                "The northern harbour holds 5,671 boats, while the southern one holds 3,005 boats.",
            ),
            Section(
                "3",
                "Sails",
                1,
                3,
                "Of all sails 69% are white.",
            ),
            Section(
                "2",
                "Races",
                1,
                2,
                "A new keel raises the recall of buoys from 0.88 to 0.96, that is by 8% (9.1% "
                "relative improvement). A new rudder lowers the drift from 6.50% to 5.33%, "
                "a 1.17% drop. A longer mast lowers the heel from 40.0% to 29.8%.",
            ),
        ),
        figures=(
            Figure("Table 1", "table", "Buoys passed.", 3, BBox(0, 0, 9, 9), text=SCORES),
            Figure("Table 2", "table", "Speeds.", 3, BBox(0, 0, 9, 9), text=GAINS),
        ),
    )
)


def find_unsupported(statement: str) -> list[str]:
    return [claim.value for claim in BOATS.check(Statement(statement)) if not claim.supported]


@pytest.mark.parametrize(
    ("sentence", "is_relative"),
    [
        ("召回率相对提升 9.1%。", True),
        ("召回率相对 Cutter 只提高了 9.1%。", True),
        ("召回率相对于基线降低约 9.1%。", True),
        ("召回率实现了 9.1% 的相对提升。", True),
        ("This is a relative improvement of 9.1%.", True),
        ("This is a 9.1% relative improvement.", True),
        # Levels, points, relative errors, and changes without the word.
        ("召回率相对提高到 9.1%。", False),
        ("召回率相对提升 9.1 个百分点。", False),
        ("相对误差降低了 9.1%。", False),
        ("召回率提升 9.1%。", False),
        ("It rises by 9.1% relative to a cutter.", False),
    ],
)
def test_a_share_of_the_value_before_is_told_by_words(sentence: str, *, is_relative: bool) -> None:
    (numeral,) = find_claimed_numerals(sentence)
    assert is_said_relative(numeral, sentence) == is_relative


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        # The gap of two values is no share of the one before.
        ("平静时，Ketch 的得分为 76.7%，比 Cutter 的 64.2% 相对高出 12.5%。", ["12.5%"]),
        ("得分由 64.2% 升到 76.7%，相对提升约 12.5%。", ["12.5%"]),
        ("平静时，Ketch 的得分相对 Cutter 只提高了 12.5%。", ["12.5%"]),
        # What is a share of the one before is no number of points.
        ("召回率从 0.88 升到 0.96，提升 9.1 个百分点。", ["9.1 个百分点"]),
        # Counts in brackets, behind their change or before it, and shares.
        ("北港的船比南港多出约 69%（5,671 对 3,005）。", ["69%"]),
        ("北港的船数（5,671）比南港（3,005）多 69%。", ["69%"]),
        ("平静时 Cutter 得 64.2%，约为 Ketch（76.7%）的 69%。", ["69%"]),
        ("北港的 5,671 艘船中有 3,005 艘是新船，占 69%。", ["69%"]),
        ("北港有 5,671 艘船，其中 3,005 艘（69%）是新船。", ["69%"]),
        # What the values make, and what the paper says itself.
        ("得分由 64.2% 升到 76.7%，提升 12.5 个百分点，相对提升 19.5%。", []),
        ("得分由 64.2% 升到 76.7%，提升 12.5%。", []),
        ("召回率从 0.88 升到 0.96，即提升 8%，相对提升 9.1%。", []),
        ("换舵后漂移从 6.50% 降到 5.33%，相对下降 1.17%。", []),
        ("北港的船比南港多出约 89%（5,671 对 3,005）。", []),
        ("北港的船数（5,671）约为南港（3,005）的 1.9 倍，多 89%。", []),
        ("平静时 Cutter 得 64.2%，约为 Ketch（76.7%）的 84%。", []),
        ("北港有 5,671 艘船，其中 3,005 艘（53%）是新船。", []),
        # A cell of a table that tells of improvements.
        ("Cutter 的航速相对基线提升 17.3%。", []),
    ],
)
def test_a_change_is_told_as_what_its_values_make(statement: str, values: list[str]) -> None:
    assert find_unsupported(statement) == values


@pytest.mark.parametrize(
    "sentence",
    [
        # Better by something else, times of another thing, values of two measures, other brackets.
        "34 层的船比 18 层的船好 69%。",
        "船有 64.2 米长，航速约为 Ketch（76.7 节）的 69%。",
        "北港的船多出约 69%（5,671 艘，共 3,005 吨）。",
        "得分由 −64.2% 升到 76.7%，提升 69%。",
        "从 1997 年的几乎为零升到 2003 年的近 69%。",
    ],
)
def test_what_changes_otherwise_is_left_alone(sentence: str) -> None:
    assert not list(find_changes(sentence, find_claimed_numerals(sentence)))


@pytest.mark.parametrize(
    ("sentence", "is_between"),
    [
        ("北港（5,671）比南港（3,005）多出 75% 以上。", True),
        ("北港（5,671）比南港（3,005）多出近 100%。", True),
        ("北港（5,671）比南港（3,005）多出 95% 以上。", False),
    ],
)
def test_a_bound_may_be_some_way_from_the_change(sentence: str, *, is_between: bool) -> None:
    (change,) = find_changes(sentence, find_claimed_numerals(sentence))
    assert change.is_between() == is_between
