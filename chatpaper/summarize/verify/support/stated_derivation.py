"""Values that a sentence computes from numbers that it states itself, wherever these stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from chatpaper.summarize.verify.numbers.arithmetic import (
    measure_share,
    solve_part,
    solve_product,
    solve_quotient,
    solve_repetition,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.number_words import find_measured_words
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT
from chatpaper.summarize.verify.support.derivation import Derivation, Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operands import find_nearest, is_negative, is_part_of_name

MOST_TERMS = 6
MOST_FACTORS = 6
# Both of two things have as much each.
_OF_BOTH = re.compile(
    r"(?:[和与及跟、]|\band\b)[^，；。,;]{0,24}(?:各|都|均|\beach\b)[^，；。,;]{0,8}\Z"
)
# A word that says of how many parts each thing has stands so near to one of the two numbers.
REACH_OF_EACH = 8
_EACH = re.compile(
    r"每|一[轮輪次天周层台块颗节步]|单[轮次个台卡]|各|ずつ|\beach\b|\bper\b|\bevery\b|\bapiece\b",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    r"一[台个個名位条條张張块塊篇组組层層份只枚]|\b(?:one|1)\b|(?<!\d)1\s?[台个個名位]",
    re.IGNORECASE,
)
# Between two numbers: so many things that have so many parts, 四颗 12 核, 8 nodes with 4 GPUs.
_HAVING = re.compile(
    r"\s?(?:[颗顆台块塊张張只套片组組批座枚节節个個名位][^\d，；。、,;:：和与與及跟或到至比]{0,8}|[×*xX·]"
    r"|[^\d，；。、,;:：]{0,8}[，,]?\s?每[^\d，；。、,;:：]{1,4}"
    r"|[A-Za-z -]{0,24}\b(?:with|of|having|containing|times))\s?"
)


class StatedDeriver:
    """Looks among the numbers of a sentence for those from which a value was computed."""

    def __init__(self, index: NumeralIndex) -> None:
        self._index = index

    def derive_across_zero(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the gap between two stated values of which one is below zero."""
        if "difference" not in calculation.operations:
            return
        gap = replace(calculation, operations=("sum",))
        kinds = ("", calculation.claimed.unit.kind)
        own = [each for each in setting.stated if each.start >= 0 and each.unit.kind in kinds]
        for one, other in combinations(find_nearest(own, calculation.claimed), 2):
            are_apart = is_negative(one, setting.sentence) != is_negative(other, setting.sentence)
            if are_apart and (formula := solve_sum(gap, (one, other))):
                yield from self._place_stated(formula, (one, other))

    def derive_from_products(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the value from two numbers of the sentence that are multiplied.

        They are so many things with so many parts each, or so many and a share of them.
        """
        own = [each for each in setting.stated if 0 <= each.start < calculation.claimed.start]
        if "quotient" in calculation.operations:
            for whole, share in permutations(own, 2):
                formula = solve_part(calculation, whole, share) or solve_quotient(
                    calculation, whole, share
                )
                if formula:
                    yield from self._place_stated(formula, (whole, share))
        yield from self._derive_from_parts(calculation, setting)
        if "sum" not in calculation.operations or not _EACH.search(setting.sentence):
            return
        for size in (2, 3):
            for counts in combinations(own[-MOST_FACTORS:], size):
                start, end = counts[0].start - REACH_OF_EACH, counts[-1].end + REACH_OF_EACH
                if not _EACH.search(setting.sentence[max(0, start) : end]):
                    continue
                pairs = permutations(counts) if size == 2 else ()
                measured = (solve_product(calculation, *pair) for pair in pairs)
                for formula in filter(None, (solve_repetition(calculation, counts), *measured)):
                    yield from self._place_stated(formula, counts)

    def _derive_from_parts(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the value from so many things with so many parts: 四颗 12 核，合计 48 核."""
        if not {"sum", "quotient", "total"} & set(calculation.operations):
            return
        sentence, added = setting.sentence, replace(calculation, operations=("sum",))
        claimed = calculation.claimed
        own = [each for each in setting.stated if each.start >= 0 and each.start != claimed.start]
        own += [
            Numeral(sentence[word.start : word.end], word.start, word.end, word.value)
            for word in find_measured_words(sentence)
        ]
        for count, each in pairwise(sorted(own, key=lambda numeral: numeral.start)):
            is_compound = is_part_of_name(each, sentence) and each.start == count.end + 1
            if not is_compound and not _HAVING.fullmatch(sentence, count.end, each.start):
                continue
            if formula := solve_repetition(added, (count, each)) or solve_product(
                added, count, each
            ):
                yield from self._place_stated(formula, (count, each))

    def derive_from_pairs(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        """Derive the sum of two things that have as much each: A 与 B 各 6 层，合计 12 层."""
        if "sum" not in calculation.operations:
            return
        for each in setting.stated:
            is_of_both = each.start >= 0 and _OF_BOTH.search(setting.sentence[: each.start])
            if is_of_both and (formula := solve_sum(calculation, (each, each))):
                yield from self._place_stated(formula, (each,))

    def derive_from_shares(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the fraction of a whole that a stated share is: 0.46 不到一半."""
        if "ratio" not in calculation.operations or calculation.claimed.unit.kind:
            return
        for share in setting.stated:
            part = measure_share(share)
            is_share = share.unit.kind == PERCENT or (not share.unit.kind and "." in share.text)
            if is_share and 0 < part < 1 and calculation.answers(part):
                yield from self._place_stated(f"{share.text} of 1", (share,))

    def _place_stated(self, formula: str, operands: Sequence[Numeral]) -> Iterator[Derivation]:
        """Yield what follows from numbers of the sentence, where the paper has all of them."""
        places = [self._index.holders(each) for each in operands]
        if all(places):
            yield Derivation(formula, places[0][0], is_stated=True)

    def derive_from_sums(
        self, calculation: Calculation, stated: Sequence[Numeral]
    ) -> Iterator[Derivation]:
        """Derive the value from a whole and a part, or from several parts, that are stated."""
        others = [each for each in stated if each.start != calculation.claimed.start][:MOST_TERMS]
        if "sum" not in calculation.operations:
            return
        for whole in others:
            parts = [
                each for each in others if each is not whole and each.unit.kind == whole.unit.kind
            ]
            rest = whole.value - calculation.claimed.value
            if part := next(
                (each for each in parts if each.value == rest and self._index.supports(whole)), None
            ):
                formula = f"{whole.text} - {part.text} = {calculation.claimed.text}"
                yield Derivation(formula, self._index.supports(whole)[0][0], is_stated=True)
        if not all(self._index.supports(each) for each in others):
            return
        for size in range(len(others), 2, -1):
            for terms in combinations(others, size):
                if formula := solve_sum(calculation, terms):
                    yield Derivation(formula, self._index.supports(terms[0])[0][0], is_stated=True)


class PartDeriver:
    """Looks among the numbers of a sentence for a whole and its parts."""

    def __init__(self, index: NumeralIndex) -> None:
        self._index = index

    def derive_from_shares_of_sums(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the share that several parts have of a whole: 171 个中约 84%：73 个…，70 个…."""
        if "share" not in calculation.operations or calculation.claimed.unit.kind != PERCENT:
            return
        counts = [each for each in setting.stated if each.start >= 0 and not each.unit.kind]
        for whole in counts[:MOST_TERMS]:
            parts = [each for each in counts[:MOST_TERMS] if each.value < whole.value]
            for first, last in combinations(range(len(parts) + 1), 2):
                added = parts[first:last]
                total = sum(each.value for each in added)
                if len(added) > 1 and calculation.answers(100 * total / whole.value):
                    terms = " + ".join(each.text for each in added)
                    yield from self._place(
                        f"({terms}) / {whole.text} = {calculation.claimed.text}", (whole, *added)
                    )

    def derive_the_rest(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        """Derive what one of so many things leaves of them: 99 个节点，其中一个…，其余 98 个."""
        claimed, sentence = calculation.claimed, setting.sentence
        if "rest" not in calculation.operations:
            return
        for whole in setting.stated:
            between = sentence[max(0, whole.end) : claimed.start]
            if whole.value == claimed.value + 1 and _ONE_OF_THEM.search(between):
                yield from self._place(f"{whole.text} - 1 = {claimed.text}", (whole,))

    def _place(self, formula: str, operands: Sequence[Numeral]) -> Iterator[Derivation]:
        places = [self._index.holders(each) for each in operands]
        if all(places):
            yield Derivation(formula, places[0][0], is_stated=True)
