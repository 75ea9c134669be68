"""Find the passages of a paper that bear on a statement.

These are the passages around its quote, tables with its numbers, figures that it names and, without
a quote, passages that have most in common with it.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from chatpaper.domain import Figure
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.names.figure_labels import find_figure, find_labels
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passage
from chatpaper.summarize.verify.terms import extract_terms
from chatpaper.summarize.verify.verifier import Verifier

# Without a quote, the passages that have most in common with a statement: more of them bring other
# subjects.
NEAREST_PASSAGES = 2
# A second reader tells better than a comparison of words which of them are meant: one more holds
# what is looked for in 9 of 100 statements, a fourth in hardly any.
NEAREST_TO_READ = 3
# How far a long passage is set back, which has more words in common with anything (the b of BM25).
LENGTH_PENALTY = 0.3
# The record of the paper supports its names and dates; nobody rests a statement about its content
# on it.
RECORD_SECTIONS = (*NO_TEXT_SECTIONS, "Footnotes")

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")


class EvidenceSearch:
    """A paper, made ready for finding what bears on statements about it.

    `left_aside` has the numbers of the passages that are no content, and of those that repeat an
    earlier one.
    """

    def __init__(self, verifier: Verifier, figures: Sequence[Figure]) -> None:
        self._verifier, self._figures = verifier, figures
        self._passages: tuple[Passage, ...] = verifier.passages.all
        self.left_aside = frozenset(_of_the_record(self._passages))
        self._tables = {
            each.section: number for number, each in enumerate(self._passages) if each.tabular
        }
        self._labelled = {
            figure.label: number for figure in figures for number in self._numbers_of(figure.label)
        }
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self._passages):
            for word in find_exact_words(passage.text):
                self._holders[word].append(number)
        sizes = [len(passage.stems) for passage in self._passages]
        mean = sum(sizes) / len(sizes) if any(sizes) else 1.0
        self._length_penalties = [
            1 - LENGTH_PENALTY + LENGTH_PENALTY * size / mean for size in sizes
        ]

    def find(self, finding: Finding) -> frozenset[int]:
        """Return the numbers of the passages that bear on a statement."""
        found = {
            *self._around_quote(finding),
            *self._tables_of(finding),
            *self._figures_of(finding),
        }
        if not finding.statement.quote or finding.faults:
            found |= {*self._nearest(finding.text), *self._places_of(finding)}
        return frozenset(found) - self.left_aside

    def rank(self, finding: Finding) -> tuple[int, ...]:
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
            number for number in dict.fromkeys([*found, *around]) if number not in self.left_aside
        )

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
        for word in find_exact_words(text):
            holders = self._holders.get(word, ())
            for number in holders:
                scores[number] += math.log(1 + len(self._passages) / len(holders))
        fit = (
            number
            for number, score in enumerate(scores)
            if score > 0 and number not in self.left_aside and not self._passages[number].tabular
        )
        return sorted(fit, key=lambda number: (-scores[number], number))[:NEAREST_TO_READ]

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
        """Return the table that holds most of the numbers of the statement, or nothing.

        Of several such tables, it is the one that speaks most of the statement.
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
            if similarity > 0 and number not in self.left_aside
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


def find_exact_words(text: str) -> frozenset[str]:
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
