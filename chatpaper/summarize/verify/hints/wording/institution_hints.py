"""Authors whom a statement places at other institutions than the first page does."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import HAN, contains_han
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import CLAUSE_MARK
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.names.bylines import Byline, parse_byline
from chatpaper.summarize.verify.names.institutions import Institution, find_institutions
from chatpaper.summarize.verify.spans import drop_overlapping

_TABLES = load_word_tables(__name__)
_BELONGS = re.compile(f"(?P<belongs>{_TABLES.join('belongs')})", re.IGNORECASE)
_AUTHORS = re.compile(_TABLES.join("authors"), re.IGNORECASE)
_UNSURE = re.compile(_TABLES.join("unsure"), re.IGNORECASE)
_HAN_NAME = re.compile(f"(?=([{HAN}]{{2,4}}))")
_LATIN_LETTER = re.compile(r"[^\W\d_]")
# Shorter family names are hard to tell from other words.
LEAST_FAMILY_NAME_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Mention:
    author: str
    start: int
    end: int


def find_institution_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find authors placed at an institution while the first page gives them others.

    A company that the paper does not mention is found too, if the authors are placed at it; a
    university that it does not mention is missed whatever is said of it, and is a claim that is not
    supported.
    """
    statement = comparison.statement
    if not comparison.front_matter or not _BELONGS.search(statement):
        return
    byline = parse_byline(comparison.front_matter)
    for start, end in _find_clauses(statement):
        institutions = [
            each
            for each in find_institutions(statement, byline.institutions)
            if start <= each.start < end
        ]
        authors = [each for each in _find_authors(statement, byline) if start <= each.start < end]
        clause = statement[start:end]
        if institutions and not _UNSURE.search(clause) and _BELONGS.search(clause):
            yield from _misplaced(authors, institutions, byline)
            yield from _missing_companies(clause, authors, institutions, comparison)


def _misplaced(
    authors: Sequence[_Mention], institutions: Sequence[Institution], byline: Byline
) -> Iterator[Hint]:
    known = [each.find_among(byline.institutions) for each in institutions]
    if not all(known):
        return
    said = frozenset[int]().union(*known)
    for author in authors:
        own = byline.places[author.author]
        if not own & said:
            message = (
                f"The statement places {author.author} at {institutions[0].text}; the paper has "
                f"{byline.institutions[min(own)]!r}."
            )
            yield Hint("name", institutions[0].text, message, is_certain=True)


def _missing_companies(
    clause: str,
    authors: Sequence[_Mention],
    institutions: Sequence[Institution],
    comparison: Comparison,
) -> Iterator[Hint]:
    if not authors and not _AUTHORS.search(clause):
        return
    paper = f"{comparison.front_matter}\n{comparison.paper_text}"
    for each in institutions:
        is_named = each.text in paper or each.pattern.search(paper)
        if contains_han(each.text) and not each.is_of_learning and not is_named:
            message = f"The paper does not have {each.text}."
            yield Hint("name", each.text, message, is_certain=True)


def _find_clauses(statement: str) -> Iterator[tuple[int, int]]:
    """Yield the clauses that say who works where.

    Names in a list before or behind the word that says so belong to its clause.
    """
    starts = [0]
    starts += [each.end() for each in CLAUSE_MARK.finditer(statement)]
    ends = [*starts[1:], len(statement)]
    begun: int | None = None
    for start, end in zip(starts, ends, strict=True):
        first = start if begun is None else begun
        if _BELONGS.search(statement, start, end):
            yield first, end
            begun = None
        else:
            # The subject may stand before a comma: "A, B, and C are with X".
            begun = first if re.search(r",\s\Z", statement[:end]) else None


def _find_authors(statement: str, byline: Byline) -> tuple[_Mention, ...]:
    """Find the authors that are bound to institutions, in Latin or Chinese characters."""
    found: list[_Mention] = []
    forms = _forms(byline.places)
    for form, author in forms.items():
        pattern = rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])"
        found += [_Mention(author, *match.span()) for match in re.finditer(pattern, statement)]
    sounds = _sounds(byline.places)
    for match in _HAN_NAME.finditer(statement):
        for size in range(2, len(match[1]) + 1):
            author = sounds.get(fold_accents(anyascii(match[1][:size])), "")
            if author:
                found.append(_Mention(author, match.start(), match.start() + size))
    return drop_overlapping(found)


def _forms(authors: Mapping[str, frozenset[int]]) -> dict[str, str]:
    """Return the forms in which a text names authors: whole, and by family names of one alone."""
    families = [author.split()[-1] for author in authors]
    forms = {author: author for author in authors}
    for author, family in zip(authors, families, strict=True):
        is_telling = len(_LATIN_LETTER.findall(family)) >= LEAST_FAMILY_NAME_LETTERS
        if is_telling and families.count(family) == 1:
            forms[family] = author
    return forms


def _sounds(authors: Mapping[str, frozenset[int]]) -> dict[str, str]:
    """Return the names as they sound in Chinese order, family name first; none of two authors."""
    sounds: dict[str, list[str]] = {}
    for author in authors:
        *given, family = author.split()
        sounds.setdefault(fold_accents(f"{family}{''.join(given)}"), []).append(author)
    return {sound: names[0] for sound, names in sounds.items() if len(names) == 1 and names[0]}
