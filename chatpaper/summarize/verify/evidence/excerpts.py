"""Select the excerpts of a paper that a second reader of statements is shown.

They are few: what tells most of each statement comes first, as far as there is room.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from chatpaper.domain import Document
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.verify.evidence.search import EvidenceSearch, find_exact_words
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.passages import Passage, format_section_name
from chatpaper.summarize.verify.verifier import Verifier

# A larger table is shown by its head and by the rows that have a number or a name in common with a
# statement.
WHOLE_TABLE_TOKENS = 120
HEAD_LINES = 3
MOST_ROWS = 8
# What every statement may rest on is shown too, as long as it is short.
BACKGROUND_TOKENS = 300
# The number and the section before a passage.
TOKENS_OF_PLACE = 6


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of the paper, or a table as far as it matters here."""

    section: str
    page: int
    text: str


class Evidence:
    """A paper, made ready for gathering what bears on statements about it."""

    def __init__(self, verifier: Verifier, document: Document) -> None:
        self._passages: tuple[Passage, ...] = verifier.passages.all
        self._search = EvidenceSearch(verifier, document.figures)
        self._background = self._background_of(document)
        # The labels of a diagram are no table, but what they say is said in the paper.
        legends = (passage.legend.replace("|", " ") for passage in self._passages if passage.legend)
        self.paper_text = "\n\n".join([*_join_paragraphs(self._passages), *legends])

    def context(self, finding: Finding) -> str:
        """Return the text of the passages that bear on a statement."""
        return "\n".join(
            self._passages[number].text for number in sorted(self._search.find(finding))
        )

    def excerpts(
        self, findings: Iterable[Finding], limit_tokens: float = math.inf
    ) -> tuple[list[Excerpt], dict[Finding, list[int]]]:
        """Select what bears on the findings, with abstract and conclusion, and the places for each.

        Where that is more than the limit, what tells least of each finding is left out. The places
        of a finding come in the order of what they tell.
        """
        numbers = {finding: self._search.rank(finding) for finding in findings}
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

    def _chosen(self, ranked: Mapping[Finding, Sequence[int]], limit_tokens: float) -> set[int]:
        """Choose the passages that are shown, within the limit of tokens.

        What tells most of each statement comes first, and statements in doubt come before others.
        Of what tells most, passages that cost least for each of their statements come first, so
        that as few statements as possible are left with nothing to judge them by.
        """
        served = Counter(own[0] for own in ranked.values() if own)

        def rate(finding: Finding) -> tuple[bool, float]:
            own = ranked[finding]
            price = self._cost(own[0], ranked) / served[own[0]] if own else 0.0
            return not (finding.is_doubtful or finding.hints), price

        in_order = sorted(ranked, key=rate)
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
            if (
                passage.section in names
                and number not in self._search.left_aside
                and cost <= left_tokens
            ):
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

    def _table(self, passage: Passage, texts: Sequence[str]) -> Excerpt:
        lines = passage.text.splitlines()
        if estimate_tokens(passage.text) > WHOLE_TABLE_TOKENS:
            wanted = frozenset().union(*map(find_exact_words, texts))
            head, rows = lines[:HEAD_LINES], lines[HEAD_LINES:]
            found = [row for row in rows if wanted & find_exact_words(row)]
            lines = [*head, *found[:MOST_ROWS]]
        return Excerpt(passage.section, passage.page, "\n".join(map(collapse_spaces, lines)))


def _join_paragraphs(passages: Iterable[Passage]) -> Iterator[str]:
    """Yield the text of each paragraph, with a sentence a line.

    What has the mark of cells stands by itself, as tables do.
    """
    for _, paragraph in groupby(
        passages, key=lambda each: (each.section, each.paragraph, each.tabular, "|" in each.text)
    ):
        yield "\n".join(passage.text for passage in paragraph)


def _texts_about(number: int, ranked: Mapping[Finding, Sequence[int]]) -> list[str]:
    return [finding.text for finding, own in ranked.items() if number in own]
