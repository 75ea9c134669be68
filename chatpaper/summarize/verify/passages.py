"""A paper as passages.

They are sentences, captions and tables, each with its place, its numbers and what it speaks of.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import Document, Paper, Section
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.numbers.diagrams import has_rows_of_numbers, list_values
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.terms import Terms, extract_all_stems, extract_stems

# So like a sentence is a passage that says the same, beside the one that is most like it.
MIN_SIMILARITY_OF_RIVAL = 0.9
# What a sentence says may be said of what stands so many sentences before or behind it.
REACH_SENTENCES = 3
SPREAD = 0.65

TITLE, RECORD, FRONT_MATTER = "Title", "Record", "Front matter"
# Where numbers are dates, addresses and pages.
NO_TEXT_SECTIONS = (TITLE, RECORD, FRONT_MATTER)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the paper, a caption, or a table with its caption.

    `paragraph` counts through the paper.

    `legend` is what stands in a diagram: names, but also the numbers along its axes, which say
    nothing.
    """

    text: str
    page: int
    section: str
    paragraph: int
    numerals: tuple[Numeral, ...]
    stems: frozenset[str]
    tabular: bool = False
    legend: str = ""


class Passages:
    """All passages of a paper, and how much they have in common with a sentence about it."""

    def __init__(self, document: Document, paper: Paper | None = None) -> None:
        self.all: tuple[Passage, ...] = tuple(_passages(document, paper))
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self.all):
            for stem in passage.stems:
                self._holders[stem].append(number)
        # Sentences about one paper share most of their words, and each is compared with every
        # passage.
        self._known_weights: dict[frozenset[str], dict[int, float]] = {}
        paragraphs = [passage.paragraph for passage in self.all]
        self._close_by = tuple(
            tuple(_within(REACH_SENTENCES, number, paragraphs)) for number in range(len(self.all))
        )
        self._neighbours = tuple(
            tuple(other for other in _within(1, number, paragraphs) if other != number)
            for number in range(len(self.all))
        )

    @property
    def stems(self) -> Collection[str]:
        """Return the stems of all passages.

        They are those of words, and pairs of Chinese characters.
        """
        return self._holders.keys()

    def are_close(self, one: int, other: int) -> bool:
        """Tell whether two passages stand close by each other in one section."""
        is_same_section = self.all[one].section == self.all[other].section
        return is_same_section and abs(one - other) <= REACH_SENTENCES

    def similarities(self, terms: Terms) -> list[float]:
        """Return, for each passage, how much it speaks of what a sentence speaks of.

        What its neighbours speak of counts half.
        """
        totals = [0.0] * len(self.all)
        for stems in terms.alternatives:
            for number, weight in self._weights(stems).items():
                totals[number] += weight
        return totals

    def smooth(self, similarities: Sequence[float]) -> list[float]:
        """Raise the similarity of each passage by that of passages close by.

        It is at least a part, SPREAD, of the similarity of any passage close by in its paragraph.
        """
        return [
            max(similarity, SPREAD * max(similarities[other] for other in close))
            for similarity, close in zip(similarities, self._close_by, strict=True)
        ]

    def _weights(self, stems: frozenset[str]) -> dict[int, float]:
        """Return what each passage gains by one of the stems.

        It gains something by having it, or by standing beside a passage that has it.
        """
        known = self._known_weights.get(stems)
        if known is None:
            known = self._known_weights[stems] = self._weighed(stems)
        return known

    def _weighed(self, stems: frozenset[str]) -> dict[int, float]:
        holders = {number for stem in stems for number in self._holders.get(stem, ())}
        if not holders:
            return {}
        rarity = math.log(1 + len(self.all) / len(holders))
        weights = dict.fromkeys(holders, rarity)
        for number in holders:
            for other in self._neighbours[number]:
                weights.setdefault(other, rarity / 2)
        return weights


def find_nearest(similarities: Sequence[float]) -> list[int]:
    """Return the numbers of the passages that are most like a sentence, or nearly so.

    There are none where no passage is like it.
    """
    least = MIN_SIMILARITY_OF_RIVAL * max(similarities, default=0.0)
    return [number for number, each in enumerate(similarities) if each >= least > 0]


def _within(reach: int, number: int, paragraphs: Sequence[int]) -> Iterator[int]:
    """Return the passages within `reach` of a passage in its paragraph, itself among them."""
    for other in range(max(0, number - reach), min(len(paragraphs), number + reach + 1)):
        if paragraphs[other] == paragraphs[number]:
            yield other


def format_section_name(section: Section) -> str:
    """Return number and title of a section, as they stand in its heading."""
    return f"{section.number} {section.title}".strip()


def _passages(document: Document, paper: Paper | None) -> Iterator[Passage]:
    paragraph = 0
    for text, section, page in _blocks(document, paper):
        for offset, sentence in split_sentences(text):
            parted = "\n\n" in text[max(0, offset - 2) : offset]
            paragraph += parted
            yield _passage(
                sentence,
                page if isinstance(page, int) else page.page_at(offset),
                section,
                paragraph,
            )
        paragraph += 1
    for aside in document.asides:
        for _, sentence in split_sentences(aside.text):
            yield _passage(sentence, aside.page, aside.kind.capitalize(), paragraph)
        paragraph += 1
    for figure in document.figures:
        is_table = figure.kind == "table" or has_rows_of_numbers(figure.text)
        shown = figure.text if is_table else "\n".join(list_values(figure.text))
        text = "\n".join([f"{figure.label} {figure.caption}", shown]).strip()
        legend = "" if is_table else figure.text
        passage = _passage(text, figure.page, figure.label, paragraph)
        stems = passage.stems | {each for each in extract_stems(legend) if not each[0].isdigit()}
        yield replace(passage, tabular=is_table, legend=legend, stems=stems)
        paragraph += 1


def _blocks(document: Document, paper: Paper | None) -> Iterator[tuple[str, str, int | Section]]:
    yield document.title, TITLE, 1
    yield document.front_matter, FRONT_MATTER, 1
    yield document.abstract, "Abstract", document.abstract_page
    if paper is not None:
        yield paper.title, TITLE, 1
        yield paper.abstract, "Abstract", document.abstract_page
        yield from ((text, RECORD, 1) for text in _record(paper))
    for section in document.sections:
        yield section.title, format_section_name(section), section.page
        yield section.text, format_section_name(section), section


def _record(paper: Paper) -> Iterable[str]:
    dates = {f"{moment:%Y}" for moment in (paper.published, paper.updated) if moment}
    return (*paper.authors, paper.comment, paper.journal_ref, *sorted(dates))


def _passage(text: str, page: int, section: str, paragraph: int) -> Passage:
    stems = extract_stems(text) | extract_all_stems(section)
    return Passage(text, page, section, paragraph, find_printed_numerals(text), stems)
