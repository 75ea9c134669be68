"""Check what a text says of a paper against the paper.

Every number, every name in Latin script and every quotation is looked for.

A number from another table is the commonest error of all. So it is not enough that a number stands
somewhere in the paper: it must stand in the passage that its claim quotes, or in one that speaks of
what the sentence speaks of. Swapped roles and negations are what a check of this kind cannot see.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from chatpaper.domain import Document, Figure, Paper
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.claims.claim import (
    MAX_SNIPPET_CHARACTERS,
    CheckedClaim,
    cut_snippet,
)
from chatpaper.summarize.verify.claims.name_check import NameCheck
from chatpaper.summarize.verify.claims.number_check import NumberCheck
from chatpaper.summarize.verify.claims.placement import Placement
from chatpaper.summarize.verify.claims.word_check import WordCheck
from chatpaper.summarize.verify.focus import FocusFinder
from chatpaper.summarize.verify.names.figure_labels import find_figure
from chatpaper.summarize.verify.names.institutions import (
    find_missing_universities,
    join_for_names,
)
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.named_terms import find_missing_terms
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.names.proper_nouns import find_missing_proper_nouns
from chatpaper.summarize.verify.names.techniques import find_missing_techniques
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.quotes.quotations import find_quotations
from chatpaper.summarize.verify.quotes.quote_search import Place, QuoteFinder
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.coincidence import CoincidenceCheck
from chatpaper.summarize.verify.support.derivation import Setting, find_unstated, read_quoted
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.read_off import (
    find_named_figures,
    find_source,
    find_source_of_result,
    may_show_place,
    may_show_value,
)


class Verifier:
    """A paper, made ready for checking statements about it."""

    def __init__(
        self, document: Document, paper: Paper | None = None, quotes: QuoteFinder | None = None
    ) -> None:
        """Prepare a paper for being searched.

        `quotes` finds the quotations of the same document and paper, where it is there already.
        """
        self._passages = Passages(document, paper)
        self._numerals = NumeralIndex(self._passages.all)
        self._names = NameIndex(
            f"{passage.text}\n{passage.section}\n{passage.legend}" for passage in self._passages.all
        )
        printed = [f"{passage.text}\n{passage.legend}" for passage in self._passages.all]
        self._words = WordCheck(printed)
        self._printed = join_for_names(printed)
        self._bibliography = join_for_names(document.bibliography)
        self._quotes = quotes or QuoteFinder(document, paper)
        self._figures = document.figures
        self._focus = FocusFinder(self._passages, self._numerals, document.figures)
        placement = Placement(self._passages)
        self._number_check = NumberCheck(
            self._passages,
            self._numerals,
            placement,
            CoincidenceCheck(self._passages, self._numerals, self._names),
        )
        authors = paper.authors if paper else ()
        self._name_check = NameCheck(self._passages, self._names, placement, authors)
        # An answer is looked at before it is taken, when it is weighed against another, and before
        # it is published.
        self._checked: dict[Statement, tuple[CheckedClaim, ...]] = {}

    def check(self, statement: Statement) -> tuple[CheckedClaim, ...]:
        """Return the claims of a statement, in their order; its own quotation comes last."""
        if statement not in self._checked:
            self._checked[statement] = self._claims_of(statement)
        return self._checked[statement]

    def _claims_of(self, statement: Statement) -> tuple[CheckedClaim, ...]:
        place = self._quotes.find(statement.quote) if statement.quote else None
        quote = place.words if place else ""
        stated = find_claimed_numerals(statement.text) if place else ()
        focus = self._focus.find(place, statement.text, stated)
        unstated = find_unstated(read_quoted(quote), stated)
        unnamed = self._name_check.find_unnamed(quote, statement.text) if place else ()
        quotations = find_quotations(statement.text)
        claims = [
            _judge_quotation(words, _line(statement, start), self._quotes)
            for start, _, words in quotations
        ]
        own_words = statement.text
        for start, end, _ in quotations:
            own_words = own_words[:start] + " " * (end - start) + own_words[end:]
        before: tuple[Numeral, ...] = ()
        figure = find_figure(statement.figure, self._figures)
        named = (*find_named_figures(statement.text, self._figures), *filter(None, (figure,)))
        for offset, sentence in split_sentences(own_words):
            numerals = find_claimed_numerals(sentence)
            setting = Setting(sentence, (*before, *numerals), focus, unstated, unnamed, quote)
            before = tuple(_moved(each, -len(sentence)) for each in numerals)
            for position, claim in self._claims_of_sentence(setting, numerals):
                claim = _read_off(claim, numerals, sentence, named, figure)
                claims.append(replace(claim, line=_line(statement, offset + position)))
        if statement.quote:
            line = statement.quote_line or statement.line
            claims.append(_judge_quotation(statement.quote, line, self._quotes))
        return tuple(claims)

    @property
    def passages(self) -> Passages:
        """Return the paper as it is searched."""
        return self._passages

    def quoted(self, quote: str) -> frozenset[int]:
        """Return the numbers of the passages that a quotation points to.

        They are the passages that hold it, those around it, and its figures.
        """
        place = self._quotes.find(quote)
        return self._focus.find(place, "", ()) if place else frozenset()

    def places(self, claim: CheckedClaim) -> tuple[Place, ...]:
        """Return every place where the paper has what a claim says.

        The place that the claim itself names comes first.
        """
        if claim.kind == "quote":
            place = self._quotes.find(claim.value)
            return () if place is None else (place,)
        if claim.derivation:
            return (Place(claim.page, claim.section, claim.snippet),)
        if claim.kind == "name":
            found = self._names.find(claim.value)
        else:
            found = (
                self._numerals.holders(numerals[0])
                if (numerals := find_claimed_numerals(claim.value))
                else ()
            )
        first = (claim.page, claim.section, claim.snippet)
        places = [self._place(number, claim.value) for number in found]
        return tuple(
            sorted(
                dict.fromkeys(places),
                key=lambda place: (place.page, place.section, place.words) != first,
            )
        )

    def _place(self, number: int, value: str) -> Place:
        passage = self._passages.all[number]
        return Place(passage.page, passage.section, cut_snippet(passage, value))

    def _claims_of_sentence(
        self, setting: Setting, numerals: Sequence[Numeral]
    ) -> list[tuple[int, CheckedClaim]]:
        """Return the numbers and names of a sentence in their order, each with its place in it."""
        sentence = setting.sentence
        judged = self._number_check.judge_all(numerals, setting)
        checked = [(numeral.start, judged[numeral.text]) for numeral in numerals]
        checked += self._number_check.find_other_counts(setting)
        checked += [
            (name.start, self._name_check.judge(name, setting)) for name in find_names(sentence)
        ]
        checked += [
            (start, CheckedClaim("name", term, 0, supported=False))
            for start, term in _find_missing(
                sentence, self._passages.stems, self._words, self._printed, self._bibliography
            )
        ]
        return sorted(checked, key=lambda pair: pair[0])


def _find_missing(
    sentence: str, stems: Collection[str], words: WordCheck, printed: str, bibliography: str
) -> Iterable[tuple[int, str]]:
    """Find what the paper has under no name: terms, foreign words, universities, places, persons.

    Each is found once, a place in the name of a university as that.
    """
    found = dict.fromkeys(
        (
            *find_missing_terms(sentence, stems),
            *find_missing_techniques(sentence, printed),
            *words.find_foreign(sentence),
            *find_missing_universities(sentence, printed, bibliography),
        )
    )
    places = (
        (start, name)
        for start, name in find_missing_proper_nouns(sentence, (printed, bibliography))
        if not any(first <= start < first + len(other) for first, other in found)
    )
    return (*found, *places)


def _judge_quotation(words: str, line: int, quotes: QuoteFinder) -> CheckedClaim:
    place = quotes.find(words)
    if place is None:
        return CheckedClaim("quote", words, line, supported=False)
    return CheckedClaim(
        "quote", words, line, True, place.page, place.section, place.words, "passage"
    )


def _read_off(
    claim: CheckedClaim,
    numerals: Sequence[Numeral],
    sentence: str,
    named: Sequence[Figure],
    beside: Figure | None,
) -> CheckedClaim:
    """Return the claim as supported where a figure or table that the statement names has it.

    Two numbers of the sentence from which it follows will do as well, and so does a picture
    `beside` the statement that may have it.
    """
    if not named or claim.supported:
        return claim
    if beside and claim.kind == "name" and may_show_place(claim.value, sentence, beside):
        return replace(claim, supported=True, page=beside.page, nearness="elsewhere")
    if claim.kind != "numeral":
        return claim
    numeral = next((each for each in numerals if each.text == claim.value), None)
    if numeral is None:
        return claim
    figure = find_source(numeral, named) or find_source_of_result(
        numeral, numerals, sentence, named
    )
    if figure is None and beside and may_show_value(numeral, numerals, beside):
        figure = beside
    if figure is None:
        return claim
    return replace(
        claim,
        supported=True,
        page=figure.page,
        section=figure.label,
        snippet=figure.caption[:MAX_SNIPPET_CHARACTERS],
        nearness="elsewhere",
    )


def _moved(numeral: Numeral, by: int) -> Numeral:
    return replace(numeral, start=numeral.start + by, end=numeral.end + by)


def _line(statement: Statement, offset: int) -> int:
    return statement.line + statement.text.count("\n", 0, offset)
