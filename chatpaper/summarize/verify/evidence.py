"""Gathers what of a paper bears on a statement.

The words around its quote, tables with its numbers, captions.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz import fuzz

from chatpaper.domain import Document
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.names.figure_labels import find_figure, find_labels
from chatpaper.summarize.verify.passages import Passage, extract_terms, format_section_name
from chatpaper.summarize.verify.verifier import Verifier

# Without a quote, the passages that have most in common with a statement: more of them bring other
# subjects.
NEAREST_PASSAGES = 2
# A second reader tells better than a comparison of words which of them are meant: one more holds
# what is looked for in 9 of 100 statements, a fourth in hardly any.
NEAREST_TO_READ = 3
# How far a long passage is set back, which has more words in common with anything (the b of BM25).
LENGTH_PENALTY = 0.3
# A larger table is shown by its head and by the rows that have a number or a name in common with a
# statement.
WHOLE_TABLE_TOKENS = 120
HEAD_LINES = 3
MOST_ROWS = 8
# What every statement may rest on is shown too, as long as it is short.
BACKGROUND_TOKENS = 300
# The number and the section before a passage.
TOKENS_OF_PLACE = 6
# The record of the paper supports its names and dates; nobody rests a statement about its content
# on it.
RECORD_SECTIONS = ("Title", "Record", "Front matter", "Footnotes")

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of the paper, or a table as far as it matters here."""

    section: str
    page: int
    text: str


class Evidence:
    """A paper, made ready for gathering what bears on statements about it."""

    def __init__(self, verifier: Verifier, document: Document) -> None:
        self._verifier, self._figures = verifier, document.figures
        self._passages: tuple[Passage, ...] = verifier.passages.all
        self._left_aside = frozenset(_of_the_record(self._passages))
        self._background = self._background_of(document)
        self._tables = {
            each.section: number for number, each in enumerate(self._passages) if each.tabular
        }
        self._labelled = {
            figure.label: number
            for figure in document.figures
            for number in self._numbers_of(figure.label)
        }
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self._passages):
            for word in _exact_words(passage.text):
                self._holders[word].append(number)
        sizes = [len(passage.stems) for passage in self._passages]
        mean = sum(sizes) / len(sizes) if any(sizes) else 1.0
        self._length_penalties = [
            1 - LENGTH_PENALTY + LENGTH_PENALTY * size / mean for size in sizes
        ]
        # The labels of a diagram are no table, but what they say is said in the paper.
        legends = (passage.legend.replace("|", " ") for passage in self._passages if passage.legend)
        self.paper_text = "\n\n".join([*(passage.text for passage in self._passages), *legends])

    def numbers(self, finding: Finding) -> frozenset[int]:
        """Return the numbers of the passages that bear on a statement."""
        found = {
            *self._around_quote(finding),
            *self._tables_of(finding),
            *self._figures_of(finding),
        }
        if not finding.statement.quote or finding.faults:
            found |= {*self._nearest(finding.text), *self._places_of(finding)}
        return frozenset(found) - self._left_aside

    def context(self, finding: Finding) -> str:
        """Return the text of the passages that bear on a statement."""
        return "\n".join(self._passages[number].text for number in sorted(self.numbers(finding)))

    def excerpts(
        self, findings: Iterable[Finding], limit_tokens: float = math.inf
    ) -> tuple[list[Excerpt], dict[Finding, list[int]]]:
        """Select what bears on the findings, with abstract and conclusion, and the places for each.

        Where that is more than the limit, what tells least of each finding is left out. The places
        of a finding come in the order of what they tell.
        """
        numbers = {finding: self._ranked(finding) for finding in findings}
        excerpts: list[Excerpt] = []
        position_of: dict[int, int] = {}
        last = -1
        for number in sorted(self._chosen(numbers, limit_tokens)):
            passage = self._passages[number]
            if passage.tabular:
                excerpts.append(self._table(passage, _texts_about(number, numbers)))
            elif excerpts and number == last + 1 and self._continues(number):
                before = excerpts.pop()
                excerpts.append(
                    Excerpt(
                        before.section,
                        before.page,
                        f"{before.text} {collapse_spaces(passage.text)}",
                    )
                )
            else:
                excerpts.append(
                    Excerpt(passage.section, passage.page, collapse_spaces(passage.text))
                )
            position_of[number] = len(excerpts) - 1
            last = number
        places = {
            each: list(
                dict.fromkeys(position_of[number] for number in own if number in position_of)
            )
            for each, own in numbers.items()
        }
        return excerpts, places

    def _ranked(self, finding: Finding) -> tuple[int, ...]:
        """Return the numbers of the passages that bear on a statement, the most telling first."""
        quote = finding.statement.quote
        around = sorted(
            self._around_quote(finding),
            key=lambda number: (
                -fuzz.partial_ratio(quote, collapse_spaces(self._passages[number].text)),
                number,
            ),
        )
        found = [*around[:1], *self._tables_of(finding), *self._figures_of(finding)]
        if not quote or finding.faults:
            found += [*sorted(self._places_of(finding)), *self._likeliest(finding.text)]
        return tuple(
            number for number in dict.fromkeys([*found, *around]) if number not in self._left_aside
        )

    def _chosen(self, ranked: Mapping[Finding, Sequence[int]], limit_tokens: float) -> set[int]:
        """Choose the passages that are shown, within the limit of tokens.

        What tells most of each statement comes first, and statements in doubt come before others.
        """
        in_order = sorted(ranked, key=lambda finding: not (finding.is_doubtful or finding.hints))
        rounds = [list(each) for each in zip_longest(*(ranked[finding] for finding in in_order))]
        rounds.insert(1, sorted(self._background))
        chosen: set[int] = set()
        left_tokens = limit_tokens
        for number in (number for each in rounds for number in each if number is not None):
            if number not in chosen and (cost := self._cost(number, ranked)) <= left_tokens:
                chosen.add(number)
                left_tokens -= cost
        return chosen

    def _cost(self, number: int, ranked: Mapping[Finding, Sequence[int]]) -> int:
        """Estimate the tokens of a passage, or of a table as far as it is shown."""
        passage = self._passages[number]
        text = (
            self._table(passage, _texts_about(number, ranked)).text
            if passage.tabular
            else passage.text
        )
        return estimate_tokens(text) + TOKENS_OF_PLACE

    def _likeliest(self, text: str) -> list[int]:
        """Return the passages that a statement without a quote may rest on.

        What a statement speaks of is looked for in any of the words by which a paper may say it,
        its names and numbers as they are written; all count by their rarity, as in BM25.
        """
        similarities = self._verifier.passages.similarities(extract_terms(text))
        scores = [
            score / penalty
            for score, penalty in zip(similarities, self._length_penalties, strict=True)
        ]
        for word in _exact_words(text):
            holders = self._holders.get(word, ())
            for number in holders:
                scores[number] += math.log(1 + len(self._passages) / len(holders))
        fit = (
            number
            for number, score in enumerate(scores)
            if score > 0 and number not in self._left_aside and not self._passages[number].tabular
        )
        return sorted(fit, key=lambda number: (-scores[number], number))[:NEAREST_TO_READ]

    def _background_of(self, document: Document) -> frozenset[int]:
        """Return the passages of the abstract and of the conclusion, as far as they are short."""
        kinds = zip(document.sections, document.classify_sections(), strict=True)
        names = [
            "Abstract",
            *(format_section_name(section) for section, kind in kinds if kind == "conclusion"),
        ]
        chosen, left_tokens = [], BACKGROUND_TOKENS
        for number, passage in enumerate(self._passages):
            cost = estimate_tokens(passage.text)
            if passage.section in names and number not in self._left_aside and cost <= left_tokens:
                chosen.append(number)
                left_tokens -= cost
        return frozenset(chosen)

    def _continues(self, number: int) -> bool:
        passage, before = self._passages[number], self._passages[number - 1]
        return (
            passage.paragraph == before.paragraph
            and passage.section == before.section
            and not before.tabular
        )

    def _numbers_of(self, label: str) -> list[int]:
        return [number for number, passage in enumerate(self._passages) if passage.section == label]

    def _around_quote(self, finding: Finding) -> frozenset[int]:
        """Return the passages of the quote, two sentences around it, and what they refer to."""
        return (
            self._verifier.quoted(finding.statement.quote)
            if finding.statement.quote
            else frozenset()
        )

    def _tables_of(self, finding: Finding) -> tuple[int, ...]:
        """Return the table that holds most of the numbers of the statement.

        Of several, the one that speaks most of it.
        """
        held = Counter(
            self._tables[place]
            for claim in finding.claims
            if claim.kind == "numeral"
            for place in {place.section for place in self._verifier.places(claim)}
            if place in self._tables
        )
        if not held:
            return ()
        similarities = self._verifier.passages.similarities(extract_terms(finding.text))
        return (max(held, key=lambda number: (held[number], similarities[number])),)

    def _figures_of(self, finding: Finding) -> list[int]:
        named = (
            find_figure(label, self._figures)
            for label in (finding.label, *find_labels(finding.text))
            if label
        )
        return [
            self._labelled[figure.label]
            for figure in named
            if figure and figure.label in self._labelled
        ]

    def _nearest(self, text: str) -> list[int]:
        similarities = self._verifier.passages.smooth(
            self._verifier.passages.similarities(extract_terms(text))
        )
        known = (
            number
            for number, similarity in enumerate(similarities)
            if similarity > 0 and number not in self._left_aside
        )
        return sorted(known, key=lambda number: (-similarities[number], number))[:NEAREST_PASSAGES]

    def _places_of(self, finding: Finding) -> set[int]:
        """Return where the checker found the numbers and quotations of the statement."""
        placed = [claim for claim in finding.claims if claim.page and claim.kind != "name"]
        wanted, snippets = (
            {(claim.page, claim.section) for claim in placed},
            [claim.snippet for claim in placed],
        )
        return {
            number
            for number, passage in enumerate(self._passages)
            if (passage.page, passage.section) in wanted
            and not passage.tabular
            and any(snippet and snippet in collapse_spaces(passage.text) for snippet in snippets)
        }

    def _table(self, passage: Passage, texts: Sequence[str]) -> Excerpt:
        lines = passage.text.splitlines()
        if estimate_tokens(passage.text) > WHOLE_TABLE_TOKENS:
            wanted = frozenset().union(*map(_exact_words, texts))
            head, rows = lines[:HEAD_LINES], lines[HEAD_LINES:]
            told = [row for row in rows if wanted & _exact_words(row)]
            lines = [*head, *told[:MOST_ROWS]]
        return Excerpt(passage.section, passage.page, "\n".join(map(collapse_spaces, lines)))


def _texts_about(number: int, ranked: Mapping[Finding, Sequence[int]]) -> list[str]:
    return [finding.text for finding, own in ranked.items() if number in own]


def _exact_words(text: str) -> frozenset[str]:
    """Return the numbers and names of a text, as they are written."""
    return frozenset(word.lower() for word in (*_NUMBER.findall(text), *_LATIN_WORD.findall(text)))


def _of_the_record(passages: Sequence[Passage]) -> Iterator[int]:
    """Return the passages that are no content, and those that repeat an earlier one.

    The abstract on arXiv, for one, repeats that of the PDF.
    """
    seen: set[str] = set()
    for number, passage in enumerate(passages):
        text = collapse_spaces(passage.text)
        if passage.section in RECORD_SECTIONS or text in seen:
            yield number
        seen.add(text)
