"""Check what a text says of a paper against the paper.

Every number, every name in Latin script and every quotation is looked for.

A number from another table is the commonest error of all. So it is not enough that a number stands
somewhere in the paper: it must stand in the passage that its claim quotes, or in one that speaks of
what the sentence speaks of. Swapped roles and negations are what a check of this kind cannot see.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatpaper.domain import Document, Paper
from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.focus import FocusFinder
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.numerals import Numeral, find_claimed_numerals
from chatpaper.summarize.verify.numbers.rates import are_other_rates, find_rate
from chatpaper.summarize.verify.numbers.units import NO_UNIT
from chatpaper.summarize.verify.passages import (
    Passage,
    Passages,
    extract_terms,
)
from chatpaper.summarize.verify.quotes.quote_search import Place, QuoteFinder
from chatpaper.summarize.verify.statements import Statement, parse_statements
from chatpaper.summarize.verify.support.coincidence import (
    CoincidenceCheck,
    get_surroundings,
)
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.deriver import Deriver
from chatpaper.summarize.verify.support.named_terms import find_missing_terms
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operands import is_small_count

ClaimKind = Literal["numeral", "name", "quote"]
Nearness = Literal["passage", "section", "elsewhere", "nowhere"]

# A sentence and the passage that it rests on share at least this part of what the sentence shares
# with the passage that is nearest to it. Measured over the example papers: see
# tests/benchmarks/benchmark_checker.py.
MIN_SIMILARITY = 0.45
# Where a sentence quotes its passage, a name that stands in few other places belongs to something
# else if those have hardly anything in common with the sentence. Names stand in fewer places than
# what is said of them: between the names of true sentences and names that were exchanged for others
# of the same paper no higher bound tells.
MIN_SIMILARITY_OF_NAMES = 0.15
# Where a claim quotes its passage, a number from another part of the paper has to be nearer to it.
MIN_SIMILARITY_OUTSIDE_OF_SECTION = 0.65
# A name that stands in more passages than these belongs to all of the paper.
MAX_PASSAGES_OF_RARE_NAME = 3
# Where the record of the paper stands: what is named there belongs to all of it.
RECORD_SECTIONS = ("Title", "Record")
# Where numbers are dates, addresses and pages.
NO_TEXT_SECTIONS = (*RECORD_SECTIONS, "Front matter")
# A sentence with more numbers than this is a list, and none of them is looked for as the result of
# a computation.
MOST_NUMBERS_OF_SENTENCE = 40
MIN_WORDS_OF_QUOTATION = 4
MAX_SNIPPET_CHARACTERS = 200

_QUOTATION = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|「([^「」\n]+)」|『([^『』\n]+)』")
_BLOCK_QUOTE = re.compile(r"^\s*>\s*(?P<words>[^\n]*[A-Za-z][^\n]*)$", re.MULTILINE)
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_INITIALS = re.compile(r"[A-Z]{2,6}")


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A number, name or quotation of a text, and where the paper supports it.

    `line` counts from 1. `page`, `section` and `snippet` tell the nearest place where the paper has
    it, even where that place speaks of something else and so does not support it; without such a
    place they are 0 and empty. `derivation` is how a number follows from others that the paper
    prints, "0.61 - 0.42 = 0.19", and "" for one that it prints itself.
    """

    kind: ClaimKind
    value: str
    line: int
    supported: bool
    page: int = 0
    section: str = ""
    snippet: str = ""
    nearness: Nearness = "nowhere"
    derivation: str = ""


def verify_text(text: str, document: Document, paper: Paper) -> tuple[CheckedClaim, ...]:
    """Check a post of ours, its JSON, a note or any other text about `paper`.

    The claims come line by line.
    """
    verifier = Verifier(document, paper)
    claims = [
        claim for statement in parse_statements(text, paper) for claim in verifier.check(statement)
    ]
    return tuple(sorted(claims, key=lambda claim: claim.line))


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
        self._deriver = Deriver(self._passages.all, self._numerals)
        self._focus = FocusFinder(self._passages, self._numerals, document.figures)
        self._names = NameIndex(
            f"{passage.text}\n{passage.section}\n{passage.legend}" for passage in self._passages.all
        )
        self._quotes = quotes or QuoteFinder(document, paper)
        self._authors = paper.authors if paper else ()
        self._coincidences = CoincidenceCheck(
            self._passages, self._numerals, self._names, self._authors
        )
        # An answer is looked at before it is taken, when it is weighed against another, and before
        # it is published.
        self._checked: dict[Statement, tuple[CheckedClaim, ...]] = {}
        # A paper without a record has its authors on its first page alone, among institutes and
        # addresses.
        self._record = RECORD_SECTIONS if self._authors else (*RECORD_SECTIONS, "Front matter")

    def check(self, statement: Statement) -> tuple[CheckedClaim, ...]:
        """Return the claims of a statement, in their order; its own quotation comes last."""
        if statement not in self._checked:
            self._checked[statement] = self._claims_of(statement)
        return self._checked[statement]

    def _claims_of(self, statement: Statement) -> tuple[CheckedClaim, ...]:
        place = self._quotes.find(statement.quote) if statement.quote else None
        focus = self._focus.find(
            place, statement.text, find_claimed_numerals(statement.text) if place else ()
        )
        quotations = find_quotations(statement.text)
        claims = [self._quotation(words, _line(statement, start)) for start, _, words in quotations]
        own_words = statement.text
        for start, end, _ in quotations:
            own_words = own_words[:start] + " " * (end - start) + own_words[end:]
        before: tuple[Numeral, ...] = ()
        for offset, sentence in split_sentences(own_words):
            numerals = find_claimed_numerals(sentence)
            setting = Setting(sentence, (*before, *numerals), focus)
            before = tuple(_moved(each, -len(sentence)) for each in numerals)
            for position, claim in self._claims_of_sentence(setting, numerals):
                claims.append(replace(claim, line=_line(statement, offset + position)))
        if statement.quote:
            claims.append(self._quotation(statement.quote, statement.quote_line or statement.line))
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
        return Place(passage.page, passage.section, _snippet(passage, value))

    def _claims_of_sentence(
        self, setting: Setting, numerals: Sequence[Numeral]
    ) -> list[tuple[int, CheckedClaim]]:
        """Return the numbers and names of a sentence in their order, each with its place in it."""
        sentence, focus = setting.sentence, setting.quoted
        judged: dict[str, CheckedClaim] = {}
        checked: list[tuple[int, CheckedClaim]] = []
        for numeral in numerals:
            if numeral.text not in judged:
                judged[numeral.text] = self._judged_numeral(numeral, setting)
            checked.append((numeral.start, judged[numeral.text]))
        for name in find_names(sentence, self._authors):
            claim = CheckedClaim("name", name.text, 0, supported=False)
            checked.append((name.start, self._judged_name(claim, name, sentence, focus)))
        for start, term in find_missing_terms(sentence, self._passages.stems):
            checked.append((start, CheckedClaim("name", term, 0, supported=False)))
        return sorted(checked, key=lambda pair: pair[0])

    def _judged_numeral(self, numeral: Numeral, setting: Setting) -> CheckedClaim:
        """Judge a number as the paper prints it, or else as derived from numbers that it prints.

        It is derived from two of them, and only where the number itself is not supported.
        """
        claim = CheckedClaim("numeral", numeral.text, 0, supported=False)
        printed = self._judged(
            claim, self._numerals.holders(numeral), setting.sentence, numeral, setting.quoted
        )
        if self._is_at_another_rate(numeral, setting.sentence):
            return replace(printed, supported=False)
        if printed.supported or len(setting.stated) > MOST_NUMBERS_OF_SENTENCE:
            return printed
        if self._is_known(numeral, setting):
            return replace(printed, supported=True)
        for derivation in self._deriver.derive(numeral, setting):
            derived = self._judged(
                claim, [derivation.passage], setting.sentence, numeral, setting.quoted
            )
            if derived.supported or derivation.is_stated:
                operand = derivation.formula.lstrip("(").split()[0]
                snippet = _snippet(self._passages.all[derivation.passage], operand)
                return replace(
                    derived, supported=True, derivation=derivation.formula, snippet=snippet
                )
        return printed

    def _is_at_another_rate(self, numeral: Numeral, sentence: str) -> bool:
        """Tell whether the paper has a number only at other rates than the sentence.

        The paper may have it by the second, say, but never by the unit of the sentence.
        """
        rate = find_rate(numeral, sentence)
        if rate is NO_UNIT:
            return False
        supports = self._numerals.supports(numeral)
        rates = [
            find_rate(printed, self._passages.all[number].text) for number, printed in supports
        ]
        return rate not in rates and any(are_other_rates(rate, other) for other in rates)

    def _judged_name(
        self, claim: CheckedClaim, name: Name, sentence: str, focus: frozenset[int]
    ) -> CheckedClaim:
        found = self._names.find(name.text)
        well_known = len(found) > MAX_PASSAGES_OF_RARE_NAME
        of_the_record = any(self._passages.all[number].section in self._record for number in found)
        if (
            well_known
            or of_the_record
            or any(fold_accents(name.text) in fold_accents(author) for author in self._authors)
        ):
            return self._with_place(
                replace(claim, supported=True), found[0] if found else None, "elsewhere"
            )
        if in_focus := [
            number for number in focus if _has_parts_or_words(self._passages.all[number], name.text)
        ]:
            return self._with_place(replace(claim, supported=True), min(in_focus), "passage")
        if not found:
            return claim
        judged = self._judged(claim, found, sentence, name, focus)
        # A sentence that quotes nothing may speak of anything that the paper names.
        return judged if focus else replace(judged, supported=True)

    def _judged(
        self,
        claim: CheckedClaim,
        found: Sequence[int],
        sentence: str,
        item: Numeral | Name,
        focus: frozenset[int],
    ) -> CheckedClaim:
        """Return the claim with the best of the passages that have it.

        The claim is supported where that passage is near enough.
        """
        if not found:
            return replace(claim, supported=_is_small_count(item))
        terms = extract_terms(get_surroundings(sentence, item))
        similarities = self._passages.smooth(self._passages.similarities(terms))
        nearest = max(similarities, default=0.0)
        best = max(
            found,
            key=lambda number: (self._nearness(number, focus) == "passage", similarities[number]),
        )
        nearness = self._nearness(best, focus)
        share = similarities[best] / nearest if nearest else 1.0
        least = _least_similarity(item, is_outside=bool(focus) and nearness == "elsewhere")
        supported = nearness == "passage" or share >= least or _is_small_count(item)
        return self._with_place(replace(claim, supported=supported), best, nearness)

    def _is_known(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper's text prints a number that nothing ties to a passage.

        A sentence without a quotation may gather what the paper says in many places. What it says
        to be the result of two numbers that it states is held against those.
        """
        if setting.quoted or self._deriver.is_result_of_stated(numeral, setting):
            return False
        holders = [
            number
            for number in self._numerals.holders(numeral)
            if self._passages.all[number].section not in NO_TEXT_SECTIONS
        ]
        return bool(holders) and not self._coincidences.is_coincidence(numeral, holders, setting)

    def _nearness(self, number: int, focus: frozenset[int]) -> Nearness:
        if number in focus:
            return "passage"
        sections = {self._passages.all[other].section for other in focus}
        return "section" if self._passages.all[number].section in sections else "elsewhere"

    def _with_place(
        self, claim: CheckedClaim, number: int | None, nearness: Nearness
    ) -> CheckedClaim:
        if number is None:
            return claim
        passage = self._passages.all[number]
        return replace(
            claim,
            page=passage.page,
            section=passage.section,
            snippet=_snippet(passage, claim.value),
            nearness=nearness,
        )

    def _quotation(self, words: str, line: int) -> CheckedClaim:
        place = self._quotes.find(words)
        if place is None:
            return CheckedClaim("quote", words, line, supported=False)
        return CheckedClaim(
            "quote", words, line, True, place.page, place.section, place.words, "passage"
        )


def find_quotations(text: str) -> tuple[tuple[int, int, str], ...]:
    """Find the English quotations of a text, with their places.

    Those too short to be looked for are left out.
    """
    found = [
        (match.start(), match.end(), next(group for group in match.groups() if group))
        for match in _QUOTATION.finditer(text)
    ]
    if contains_unspaced(text):
        found += [
            (match.start("words"), match.end("words"), match["words"])
            for match in _BLOCK_QUOTE.finditer(text)
        ]
    kept: list[tuple[int, int, str]] = []
    for start, end, words in sorted(found, key=lambda place: (place[0], -place[1])):
        english = len(
            _LATIN_WORD.findall(words)
        ) >= MIN_WORDS_OF_QUOTATION and not contains_unspaced(words)
        if english and (not kept or start >= kept[-1][1]):
            kept.append((start, end, words.strip(' *_“”"')))
    return tuple(kept)


def _is_small_count(item: Numeral | Name) -> bool:
    return isinstance(item, Numeral) and is_small_count(item)


def _least_similarity(item: Numeral | Name, *, is_outside: bool) -> float:
    if isinstance(item, Name):
        return MIN_SIMILARITY_OF_NAMES
    return MIN_SIMILARITY_OUTSIDE_OF_SECTION if is_outside else MIN_SIMILARITY


def _has_parts(passage: Passage, name: str) -> bool:
    """Tell whether the passage has all parts of a name, though not in one.

    The cells of a table are broken into lines.
    """
    text = fold_accents(passage.text)
    parts = [fold_accents(part) for part in re.findall(r"\w+", name)]
    return len(parts) > 1 and all(part in text for part in parts)


def _has_parts_or_words(passage: Passage, name: str) -> bool:
    """Tell whether the passage has all parts of a name, or the words whose initials it is made of.

    EM, for example, is made of the initials of exact match.
    """
    if _has_parts(passage, name):
        return True
    words = r"[a-z]{1,30}[ -]".join(name) + r"[a-z]{2,30}"
    return bool(
        _INITIALS.fullmatch(name) and re.search(rf"\b{words}\b", passage.text, re.IGNORECASE)
    )


def _moved(numeral: Numeral, by: int) -> Numeral:
    return replace(numeral, start=numeral.start + by, end=numeral.end + by)


def _line(statement: Statement, offset: int) -> int:
    return statement.line + statement.text.count("\n", 0, offset)


def _snippet(passage: Passage, value: str) -> str:
    """Return the passage as one line, around the value where it is long."""
    text = " ".join(passage.text.split())
    if len(text) <= MAX_SNIPPET_CHARACTERS:
        return text
    middle = max(0, text.find(value.split(maxsplit=1)[0]) if value.split() else 0)
    start = max(0, min(middle - MAX_SNIPPET_CHARACTERS // 2, len(text) - MAX_SNIPPET_CHARACTERS))
    return text[start : start + MAX_SNIPPET_CHARACTERS].strip()
