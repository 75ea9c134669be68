"""Sizes in words that a paper gives otherwise: 几十分钟 where it speaks of tens of seconds.

Such a size is another than the paper's where the words that are quoted, or else the passage that is
most like the sentence, have another size in words of that kind, and nothing of the paper has this
one. Where the quoted words say the same of another unit, what surrounds them alone tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from chatpaper.summarize.verify.claims.count_check import (
    Thing,
    find_counted,
    find_thing,
    has_thing,
    is_of,
)
from chatpaper.summarize.verify.claims.magnitudes import (
    SECOND,
    Magnitude,
    find_magnitudes,
    to_base,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import (
    PERCENT,
    POINT,
    TIMES,
    Unit,
    find_units,
)
from chatpaper.summarize.verify.passages import Passage, Passages, find_nearest
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.terms import extract_terms

# Sizes of these are said of many things at once.
_SAID_OF_ANYTHING = (TIMES, POINT, PERCENT)
# A number is called by a size that it is twice as large or small as: "hundreds" of 90.
SLACK = 2
# A table may have any of these in its head, and the numbers without.
_UNITS_OF_TIME = ("second", "month", "year")


class MagnitudeCheck:
    """A paper, made ready for telling which sizes in words it gives otherwise than a sentence."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def find_told_otherwise(self, setting: Setting) -> Iterator[Magnitude]:
        """Find the sizes in words of a sentence in place of which the paper has others."""
        stated = find_magnitudes(setting.sentence)
        for size in stated:
            thing = () if size.unit.kind else find_thing(_as_numeral(size), setting.sentence)
            is_said_of_things = size.unit.kind not in _SAID_OF_ANYTHING
            if is_said_of_things and (size.unit.kind or thing):
                rivals = self._find_rivals(size, thing, stated, setting)
                if self._is_of_another_unit(size, stated, setting) or (
                    rivals and not self._is_told(size, thing)
                ):
                    yield size

    def _is_of_another_unit(
        self, size: Magnitude, stated: Sequence[Magnitude], setting: Setting
    ) -> bool:
        """Tell whether the quoted words say the same of another unit, which is not stated.

        What surrounds the words does not speak of the stated unit, and nor does the paper where
        another size of the quoted words is stated.
        """
        kind = size.unit.kind
        quoted = [
            each
            for each in find_magnitudes(setting.quote)
            if kind and each.unit.kind == kind and (each.low, each.high) == (size.low, size.high)
        ]
        known = {each.unit for each in stated} | {to_base(each.unit) for each in setting.stated}
        others = [each for each in quoted if each.unit not in known]
        near = setting.quoted if len(others) == len(quoted) else range(len(self._passages.all))
        return bool(others) and not any(
            size.unit in _list_units(kind, self._passages.all[number].text) for number in near
        )

    def _find_rivals(
        self, size: Magnitude, thing: Thing, stated: Sequence[Magnitude], setting: Setting
    ) -> list[Magnitude]:
        """Find the other sizes, which are not stated, of what is quoted, or else most similar."""
        texts = [setting.quote] if setting.quote else self._find_nearest(setting.sentence)
        return [
            other
            for text in texts
            for other in find_magnitudes(text)
            if other.unit.kind == size.unit.kind
            and (not thing or is_of(thing, find_counted(_as_numeral(other), text)))
            and not any(each.overlaps(other) for each in stated)
        ]

    def _find_nearest(self, sentence: str) -> list[str]:
        """Return the texts of the passages that are most like a sentence."""
        similarities = self._passages.similarities(extract_terms(sentence))
        return [self._passages.all[number].text for number in find_nearest(similarities)]

    def _is_told(self, size: Magnitude, thing: Thing) -> bool:
        """Tell whether the paper has the size as well."""
        return any(self._has(passage, size, thing) for passage in self._passages.all)

    def _has(self, passage: Passage, size: Magnitude, thing: Thing) -> bool:
        """Tell whether a passage has the size, or a number of that size, of the same thing."""
        if thing and not has_thing(thing, passage.stems):
            return False
        return any(size.overlaps(other) for other in find_magnitudes(passage.text)) or any(
            size.includes(value, SLACK) for value in _values_of(passage, size.unit.kind)
        )


def _values_of(passage: Passage, kind: str) -> Iterator[Decimal]:
    """Yield the numbers of a passage in the base unit of a kind.

    Those of a table may have any unit of its head.
    """
    heads = _list_units(kind, passage.text) if passage.tabular and kind else []
    for numeral in passage.numerals:
        yield from _read(numeral, kind)
        if not numeral.unit.kind:
            yield from (numeral.value * unit.factor for unit in heads)


def _list_units(kind: str, text: str) -> list[Unit]:
    """List the units of a kind of which a text speaks."""
    return [
        to_base(unit)
        for each in (_UNITS_OF_TIME if kind == SECOND else (kind,))
        for unit in find_units(each, text)
    ]


def _read(numeral: Numeral, kind: str) -> Iterable[Decimal]:
    """Return the value of a number in the base unit of a kind, if it has such a unit."""
    unit = to_base(numeral.unit)
    is_number = unit.kind == kind and not (not kind and may_be_year(numeral))
    return (numeral.value * unit.factor,) if is_number else ()


def _as_numeral(size: Magnitude) -> Numeral:
    return Numeral(size.text, size.start, size.end, size.low)
