"""Values that a sentence computes from numbers of the paper's sentences."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from chatpaper.domain.text.scripts import UNSPACED, contains_unspaced
from chatpaper.summarize.verify.numbers.arithmetic import (
    solve,
    solve_complement,
    solve_factor,
    solve_product,
    solve_repetition,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.derivation import (
    REACH_PASSAGES,
    Derivation,
    Setting,
    read_quoted,
)
from chatpaper.summarize.verify.support.operands import (
    MAX_SMALL_COUNT,
    are_alike,
    count_the_same,
    find_lists,
    find_measures,
    is_large_count,
    measure_alike,
    measure_the_same,
)
from chatpaper.summarize.verify.tables.table_rows import extract_words, translate
from chatpaper.summarize.verify.terms import extract_english_stems

# A sentence of the paper with more numbers than this is a list, in which any value can be computed.
MOST_NUMBERS_OF_PASSAGE = 8
MOST_NUMBERS_OF_QUOTED_PASSAGE = 5
# So many sentences part two counts of the same things at most.
REACH_OF_COUNTS = 12
_FACTOR = re.compile(r"\b(?:multipl\w+|factors?|times)\b", re.IGNORECASE)
# A word in Latin letters of a Chinese text, and one with a capital of an English one.
_NAME = re.compile(
    rf"(?:(?<=[{UNSPACED}])|(?<=[{UNSPACED}] ))[A-Za-z][\w-]+|(?<!\A)(?<!\. )\b\w*[A-Z][\w-]+"
)
_PARTS_OF_SUM = 2
MOST_TERMS_OF_NEIGHBOURS = 6
# Two sentences that have so many words in common, none of them in a larger part of the passages,
# speak of one measure.
_LEAST_SHARED_STEMS = 3
_MOST_PASSAGES_OF_STEM = 0.25


class SentenceDeriver:
    """Looks for the sentences of a paper from whose numbers a value was computed."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._held = Counter(stem for passage in passages for stem in passage.stems)

    def derive_in_sentence(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        """Derive the value within the sentence of an operand.

        It follows from the operand and another number of the sentence, or is what the operand
        leaves of the whole, or so many of another size: 400 batches, batch size = 50.
        """
        passage = self._passages[number]
        others = find_measures(passage, calculation.claimed, MOST_NUMBERS_OF_PASSAGE, operand)
        for formula in (
            solve_complement(calculation, operand),
            *(solve(calculation, operand, other) for other in others),
            *(_repeat(calculation, operand, other) for other in others),
        ):
            if formula:
                yield Derivation(formula, number, is_stated=True)

    def derive_close_by(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        """Derive the value with a number close by that measures or counts the same."""
        own = self._passages[number]
        first, last = number - REACH_OF_COUNTS, number + REACH_OF_COUNTS
        for other, passage in enumerate(self._passages[max(0, first) : last + 1], max(0, first)):
            if other == number or passage.section != own.section or passage.tabular:
                continue
            is_near = abs(other - number) <= REACH_PASSAGES
            for mate in passage.numerals:
                is_alike = (is_near and _may_be_compared(calculation, operand, mate)) or (
                    count_the_same(operand, own.text, mate, passage.text)
                )
                if is_alike and (formula := solve(calculation, operand, mate)):
                    yield Derivation(formula, number, is_stated=True)

    def derive_from_similar_sentences(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        """Derive the value with the number of a sentence that speaks of the same.

        It may stand anywhere, as another method's accuracy does.
        """
        if not operand.unit.kind or "." not in operand.text:
            return
        most = _MOST_PASSAGES_OF_STEM * len(self._passages)
        stems = {each for each in self._passages[number].stems if self._held[each] <= most}
        for other, passage in enumerate(self._passages):
            if (
                other == number
                or passage.tabular
                or len(stems & passage.stems) < _LEAST_SHARED_STEMS
            ):
                continue
            for mate in passage.numerals:
                is_alike = mate.unit == operand.unit and "." in mate.text
                if is_alike and (formula := solve(calculation, operand, mate)):
                    yield Derivation(formula, number, is_stated=True)

    def derive_from_factors(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive a change in per cent from the factor that a sentence gives: times 1.155."""
        if not {"rise", "fall"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            for printed in passage.numerals if _FACTOR.search(passage.text) else ():
                if formula := solve_factor(calculation, printed):
                    yield Derivation(formula, number, is_stated=False)

    def derive_from_quoted(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the value from the numbers of the quoted words, or of the passages quoted."""
        numbered = [(number, self._passages[number]) for number in sorted(setting.quoted)]
        passages = [(number, passage) for number, passage in numbered if not passage.tabular]
        quotes = [(number, _read_quote(setting.quote)) for number, _ in passages[:1]]
        for number, passage in (*quotes, *passages):
            numbers = find_measures(passage, calculation.claimed, MOST_NUMBERS_OF_QUOTED_PASSAGE)
            formulas = [solve(calculation, one, other) for one, other in combinations(numbers, 2)]
            formulas += [solve_complement(calculation, each) for each in numbers]
            formulas.append(solve_sum(calculation, numbers))
            yield from (
                Derivation(formula, number, is_stated=False) for formula in formulas if formula
            )

    def derive_from_named_sentences(
        self, calculation: Calculation, names: frozenset[str], stated: Sequence[Numeral]
    ) -> Iterator[Derivation]:
        """Derive the value from two numbers of a sentence with a name of the text's sentence."""
        if not {"difference", "sum"} & set(calculation.operations):
            return
        others = [each for each in stated if each.start != calculation.claimed.start]
        unit = calculation.claimed.unit
        for number, passage in enumerate(self._passages):
            if passage.tabular:
                continue
            if names & extract_words(passage.text):
                numbers = find_measures(
                    passage, calculation.claimed, MOST_NUMBERS_OF_QUOTED_PASSAGE
                )
            elif "sum" in calculation.operations and unit.kind:
                # Two parts in the very unit of the whole: 3.5 hours of one kind and 4 hours of
                # another.
                numbers = [each for each in passage.numerals if each.unit == unit]
                numbers = numbers if len(numbers) == _PARTS_OF_SUM else []
            else:
                continue
            # A text that tells such values of the sentence as they are printed computes none from
            # the others.
            if any(measure_alike(each, printed) for each in others for printed in numbers):
                continue
            for one, other in combinations(numbers, 2):
                is_pair = one.unit.kind == other.unit.kind and (
                    one.unit.kind or are_alike(one, other)
                )
                if is_pair and (formula := solve(calculation, one, other)):
                    yield Derivation(formula, number, is_stated=False)

    def derive_from_lists(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive a total from a list, "33,551, 1,000, and 1,000 queries"."""
        if "total" not in calculation.operations:
            return
        for number, passage in enumerate(self._passages):
            if not passage.tabular:
                for terms in find_lists(passage):
                    if formula := solve_sum(calculation, terms):
                        yield Derivation(formula, number, is_stated=True)

    def derive_from_products(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive the value from so many of something, each of a size, in one sentence."""
        if "sum" not in calculation.operations or not calculation.claimed.unit.kind:
            return
        for number, passage in enumerate(self._passages):
            if passage.tabular or not any(
                each.unit.kind == calculation.claimed.unit.kind for each in passage.numerals
            ):
                continue
            for count, size in permutations(passage.numerals[:MOST_NUMBERS_OF_PASSAGE], 2):
                if formula := solve_product(calculation, count, size):
                    yield Derivation(formula, number, is_stated=True)


def _may_be_compared(calculation: Calculation, operand: Numeral, mate: Numeral) -> bool:
    """Tell whether a value may be computed from numbers of two sentences close by each other.

    They measure the same, or are large counts of which the one is a share of the other.
    """
    is_share = "share" in calculation.operations and all(map(is_large_count, (operand, mate)))
    return is_share or measure_the_same(operand, mate)


def _repeat(calculation: Calculation, count: Numeral, each: Numeral) -> str:
    """Return the product that is the very sum that a sentence states, else ""."""
    is_whole = count.value * each.value == calculation.claimed.value
    is_sum = is_whole and "sum" in calculation.operations
    return solve_repetition(calculation, (count, each)) if is_sum else ""


def derive_from_neighbours(
    calculation: Calculation, passages: Sequence[Passage]
) -> Iterator[Derivation]:
    """Derive a sum from sentences or items of a list that follow each other.

    Each has one of the terms, and all count the same: 3000 lines, and 1600 lines.
    """
    if "sum" not in calculation.operations or calculation.claimed.value <= MAX_SMALL_COUNT:
        return
    for first, passage in enumerate(passages):
        if passage.tabular or not passage.numerals:
            continue
        following = passages[first + 1 : first + MOST_TERMS_OF_NEIGHBOURS]
        for numeral in passage.numerals:
            terms = [numeral]
            for other in following:
                if other.section != passage.section or other.tabular:
                    break
                mate = next(
                    (each for each in other.numerals if measure_the_same(numeral, each)), None
                )
                if mate is None:
                    break
                terms.append(mate)
                if formula := solve_sum(calculation, terms):
                    yield Derivation(formula, first, is_stated=True)


def derive_ratio_from_named_sentence(
    calculation: Calculation, sentence: str, passages: Sequence[Passage]
) -> Iterator[Derivation]:
    """Derive a ratio from the only two values of a sentence that says the same.

    It has all names of the text's sentence, and some of its words.
    """
    names = extract_words(" ".join(_NAME.findall(sentence)))
    stems = translate(sentence) if contains_unspaced(sentence) else extract_english_stems(sentence)
    if "ratio" not in calculation.operations or not names:
        return
    for number, passage in enumerate(passages):
        if passage.tabular or len(stems & passage.stems) < _LEAST_SHARED_STEMS:
            continue
        values = find_measures(passage, calculation.claimed, _PARTS_OF_SUM)
        if len(values) != _PARTS_OF_SUM or not are_alike(*values):
            continue
        if names <= extract_words(passage.text) and (formula := solve(calculation, *values)):
            yield Derivation(formula, number, is_stated=True)


def _read_quote(quote: str) -> Passage:
    return Passage(quote, 0, "", 0, read_quoted(quote), frozenset())
