"""Values that a sentence computes from so many things with so many parts each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from chatpaper.summarize.verify.numbers.arithmetic import solve_product, solve_repetition
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.number_words import find_measured_words
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.derivation import Derivation, Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operands import is_part_of_name

MOST_FACTORS = 6
# A word that says of how many parts each thing has stands so near to one of the two numbers.
REACH_OF_EACH = 8
_EACH = re.compile(
    r"每|一[轮輪次天周层台块颗节步]|单[轮次个台卡]|各|ずつ|\beach\b|\bper\b|\bevery\b|\bapiece\b",
    re.IGNORECASE,
)
# Between two numbers: so many things that have so many parts, 四颗 12 核, 8 nodes with 4 GPUs.
_HAVING = re.compile(
    r"\s?(?:[颗顆台块塊张張只套片组組批座枚节節个個名位][^\d，；。、,;:：和与與及跟或到至比]{0,8}|[×*xX·]"
    r"|[^\d，；。、,;:：]{0,8}[，,]?\s?每[^\d，；。、,;:：]{1,4}"
    r"|[A-Za-z -]{0,24}\b(?:with|of|having|containing|times))\s?"
)


def derive_from_products(
    calculation: Calculation, setting: Setting, index: NumeralIndex
) -> Iterator[Derivation]:
    """Derive a value from so many things that have so many parts each, where the paper has both.

    四颗 12 核，合计 48 核; 8 nodes with 4 GPUs; each of 26 frames has 40 values.
    """
    for formula, factors in (
        *_multiply_each(calculation, setting),
        *_multiply_parts(calculation, setting),
    ):
        places = [index.holders(each) for each in factors]
        if all(places):
            yield Derivation(formula, places[0][0], is_stated=True)


def _multiply_each(
    calculation: Calculation, setting: Setting
) -> Iterator[tuple[str, Sequence[Numeral]]]:
    """Multiply numbers near which a word says "each"."""
    if "sum" not in calculation.operations or not _EACH.search(setting.sentence):
        return
    own = [each for each in setting.stated if 0 <= each.start < calculation.claimed.start]
    for size in (2, 3):
        for counts in combinations(own[-MOST_FACTORS:], size):
            start, end = counts[0].start - REACH_OF_EACH, counts[-1].end + REACH_OF_EACH
            if not _EACH.search(setting.sentence[max(0, start) : end]):
                continue
            pairs = permutations(counts) if size == 2 else ()
            measured = (solve_product(calculation, *pair) for pair in pairs)
            for formula in filter(None, (solve_repetition(calculation, counts), *measured)):
                yield formula, counts


def _multiply_parts(
    calculation: Calculation, setting: Setting
) -> Iterator[tuple[str, Sequence[Numeral]]]:
    """Multiply two numbers that follow each other as a count of things and of the parts of each."""
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
        if formula := solve_repetition(added, (count, each)) or solve_product(added, count, each):
            yield formula, (count, each)
