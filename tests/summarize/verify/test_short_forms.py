"""Durations, millions and indices as papers write them in short: 2h13m, 1m, $3m, D_{3k}."""

from decimal import Decimal

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.hints.values.number_hints import find_number_hints
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.derivation import is_value
from chatpaper.summarize.verify.verifier import Verifier

TIMES = (
    "Reeds dry in similar times (20m15s vs. 20m52s). The first tide lasts 2h13m, and a flood "
    "1d 4h 30m. Ebb and flow take 3 hours and 40 minutes. Terns use a 3d 4s shell."
)
SIZES = "Size of each marsh: 2.4k, 1m, 625k and 19k. A dyke costs $3m."
VERIFIER = Verifier(
    Document(
        title="Marshes",
        abstract="We measure marshes.",
        sections=(Section("1", "Times", 1, 1, TIMES), Section("2", "Sizes", 1, 2, SIZES)),
    )
)


def find_unsupported(text: str, quote: str = "") -> list[str]:
    claims = VERIFIER.check(Statement(text, quote=quote))
    return [claim.value for claim in claims if not claim.supported]


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("芦苇分别在 20 分 15 秒和 20 分 52 秒内变干，只差 37 秒。", []),
        ("The reeds dry in 20 minutes 15 seconds and 20 minutes 52 seconds, 37 seconds more.", []),
        ("葦は20分15秒で乾く。", []),
        ("第一次潮水持续 2 小时 13 分钟，即 133 分钟。", []),
        ("洪水持续 28.5 小时。", []),
        ("The tide lasts 3 h 40 min.", []),
        # The parts may be listed, and each be told by itself.
        ("Ebb and flow take 3 hours and 40 minutes, respectively.", []),
        ("芦苇分别在 20 分 15 秒和 20 分 58 秒内变干，只差 43 秒。", ["20 分 58 秒", "43 秒"]),
        ("葦は20分25秒で乾く。", ["20分25秒"]),
        ("第一次潮水持续 2 小时 31 分钟。", ["2 小时 31 分钟"]),
        ("第一次潮水持续 13 分钟。", ["13 分钟"]),
    ],
)
def test_a_duration_is_told_by_its_parts(text: str, unsupported: list[str]) -> None:
    assert find_unsupported(text) == unsupported


def find_seconds(text: str) -> set[Decimal]:
    numerals = (*find_claimed_numerals(text), *find_printed_numerals(text))
    return {each.value * each.unit.factor for each in numerals if each.unit.kind == "second"}


def test_only_the_next_smaller_unit_goes_on_with_a_duration() -> None:
    assert find_seconds("of 2h13m") == {7980}
    assert find_seconds("a 3d 4s shell") == {4}
    assert find_seconds("得 10 分，用 40 秒") == {40}
    assert find_seconds("in 40 s 10 m away") == {40}


def find_bare(text: str) -> set[Decimal]:
    return {each.value for each in find_printed_numerals(text) if not each.unit.kind}


def test_millions_may_be_written_as_metres_are() -> None:
    quote = "Size of each marsh: 2.4k, 1m, 625k and 19k"
    assert (
        find_unsupported("甲沼泽有 100 万株，乙沼泽有 62.5 万株，丙沼泽有 2400 株。", quote) == []
    )
    assert 1_000_000 not in find_bare("1m, 6.25, 97.7")
    assert find_unsupported("堤坝造价为 300 万美元。") == []
    assert find_unsupported("堤坝造价为 300 美元。") == ["300 美元"]


def test_indices_and_sizes_in_names_are_no_rivals() -> None:
    quote = "a set of 3,323 marshes, called D_{3k}, and Reed3.1-8B"
    telling = [each for each in find_printed_numerals(quote) if is_value(each, quote)]
    assert {each.value for each in telling} == {3323}

    def find(statement: str) -> list[str]:
        hints = find_number_hints(Comparison(statement, quote, "", ""))
        return [hint.value for hint in hints]

    assert find("D3k 从 5,000 个沼泽中选出 3,323 个。") == []
    assert find("D3k 从 5,000 个沼泽中选出 2,323 个。") == ["5,000", "2,323"]
