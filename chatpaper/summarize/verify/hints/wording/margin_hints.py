"""Margins over something in a table that its values do not give: 比 A 高 7.0 个百分点."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.hints.clauses import find_sentence_start
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral, measure_last_digit
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.crossings import AddressedTable, Words, transpose
from chatpaper.summarize.verify.tables.grids import has_words, split_label

_MARGIN = re.compile(
    r"比\s?(?P<than>[^，。；,;比]{2,60}?)(?:还|又|仍|也|均|平均|绝对)?"
    r"(?:高|低|多|少|好|差|提升|提高|下降|降低|领先|落后)(?:出|了|约|近|达)*\s?"
    r"(?P<margin>\d+(?:\.\d+)?)\s?个?(?:百分点|点(?!数))"
    r"|(?P<margin_of>\d+(?:\.\d+)?) (?:percentage |absolute )?points? "
    r"(?:higher|lower|better|worse|more|less) than (?P<than_what>[^,.;]{2,60})"
)
# What was measured or done may stand behind the name: 比 A 的 71.1 高, 比 A 基线高.
_BEHIND = re.compile(r"[^A-Za-z]{0,16}\Z")
# A share of one is a hundredth of its percentage.
_SCALES = (Decimal(1), Decimal(100))
# What a paper says of a margin stands so many sentences around it.
REACH_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class _Margin:
    """A margin, what it is over, and the values that the sentence states before it."""

    text: str
    than: str
    stated: tuple[Numeral, ...]
    told_of_other: tuple[Numeral, ...] = ()

    def is_between(self, one: Decimal, other: Decimal) -> bool:
        """Tell whether two values are so far apart, rounded as the margin is."""
        reach = measure_last_digit(self.text) / 2
        gap = abs(one - other)
        return any(abs(gap * scale - Decimal(self.text)) <= reach for scale in _SCALES)

    def is_of_others(self) -> bool:
        """Tell whether the statement gives both values, 61.3 and 比 A 的 58.5, and another gap."""
        if len(self.told_of_other) != 1 or not self.stated:
            return False
        own, other = self.stated[-1], self.told_of_other[0]
        are_alike = own.unit.kind == other.unit.kind and own.digit == other.digit < 1
        return are_alike and not self.is_between(own.value, other.value)


def find_margin_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find margins over what a table has that no two of its values give, nor the text tells."""
    for margin in _find_margins(comparison.statement):
        if margin.is_of_others():
            message = f"The statement's own values are not {margin.text} apart."
            yield Hint("number", margin.text, message, is_certain=True)
            continue
        words = split_label(margin.than)
        pairs = [
            pair
            for table in comparison.tables
            for view in (table, transpose(table))
            for pair in _pair_values(view, words)
        ]
        exact = [each for each in margin.stated if each.digit <= measure_last_digit(margin.text)]
        stated = [pair for pair in pairs if any(match(each, pair[1]) for each in exact)]
        if exact and not stated:
            # What the statement has is no value of the tables, but of a figure or of the text.
            continue
        is_given = any(margin.is_between(own.value, other.value) for own, other in stated or pairs)
        if pairs and not is_given and not _is_told(margin, comparison.paper_text):
            message = f"No values of the tables are {margin.text} from {margin.than}."
            yield Hint("table", margin.text, message, is_certain=True)


def _find_margins(statement: str) -> Iterator[_Margin]:
    numerals = find_stated_numbers(statement)
    for said in _MARGIN.finditer(statement):
        group = "than" if said["than"] else "than_what"
        names = find_names(said[group])
        is_named = bool(names) and _BEHIND.match(said[group], names[-1].end) is not None
        start = find_sentence_start(statement, said.start())
        yield _Margin(
            said["margin"] or said["margin_of"],
            names[-1].text if is_named else "",
            tuple(each for each in numerals if start <= each.start < said.start()),
            tuple(each for each in numerals if said.start(group) <= each.start < said.end(group)),
        )


def _pair_values(table: AddressedTable, words: Words) -> Iterator[tuple[Numeral, Numeral]]:
    """Yield each value of what has this name, with each other value of its column."""
    own = [value for value in table.values if any(has_words(row, words) for row in value.rows)]
    for value in own:
        for other in table.values:
            is_mate = other is not value and other.columns == value.columns
            if is_mate and value.numerals and other.numerals:
                yield value.numerals[0], other.numerals[0]


def _is_told(margin: _Margin, paper_text: str) -> bool:
    """Tell whether the paper has the margin close to the name of what it is over."""
    name = fold_accents(margin.than)
    sentences = _prose(paper_text)
    return any(
        name
        in "".join(
            letters
            for letters, _ in sentences[
                max(0, place - REACH_SENTENCES) : place + REACH_SENTENCES + 1
            ]
        )
        for place, (_, values) in enumerate(sentences)
        if Decimal(margin.text) in values
    )


@lru_cache(maxsize=2)
def _prose(paper_text: str) -> Sequence[tuple[str, frozenset[Decimal]]]:
    """Return the letters and the values of each sentence that is in no table."""
    return tuple(
        (fold_accents(sentence), frozenset(each.value for each in find_printed_numerals(sentence)))
        for block in paper_text.split("\n\n")
        if "|" not in block
        for _, sentence in split_sentences(block)
    )
