"""Names of a statement that its evidence does not hold while the quote holds others."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.attribution import is_metric
from chatpaper.summarize.verify.names.name_index import NameIndex, is_acronym
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.table_rows import translate
from chatpaper.summarize.verify.terms import stem_word

_TABLES = load_word_tables(__name__)
# What comes behind such a word is told besides, and stands in the place of nothing.
_ADDS = re.compile(rf"(?:{_TABLES.join('adding')})\s?(?:the\s)?\Z", re.IGNORECASE)
_PART = re.compile(r"[-_ ]")
# KGs, LLMs: what there are many of is no name.
_KIND_OF_THINGS = re.compile(r"[A-Z]{2,}s")
# Base and Large tell which of several models is meant.
_SIZE = re.compile(_TABLES.join("sizes"), re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{2,5}")
_WORDS = r"(?:[\w-]{1,30}\s){1,6}"
_VERSION = re.compile(r"-\d{2,4}\b")
LEAST_LETTERS_OF_FAMILY = 3
LEAST_LETTERS_OF_STEM = 4
# What a paper names so often is its subject, which its sentences leave out.
LEAST_MENTIONS_OF_SUBJECT = 20


def find_name_hints(comparison: Comparison) -> Iterator[Hint]:
    """Yield a name that is not in the quote, where the quote has another in its place.

    The other one is like it and left out by the statement; where the evidence has the name
    elsewhere, the other one is a variant of it.
    """
    names = list(find_names(comparison.statement))
    if not names or not comparison.quote:
        return
    quoted = NameIndex([comparison.quote])
    missing = [name.text for name in names if not quoted.find(name.text)]
    if not missing:
        return
    evidence, stated = (
        NameIndex(comparison.evidence.splitlines()),
        NameIndex([comparison.statement]),
    )
    added = {name.text for name in names if _ADDS.search(comparison.statement[: name.start])}
    others = [_with_version(name, comparison.quote) for name in find_names(comparison.quote)]
    translated = translate(comparison.statement)
    rivals = [
        other
        for other in others
        if not stated.find(other)
        and not _is_translated(other, translated)
        and not _KIND_OF_THINGS.fullmatch(other)
        and not any(fold_accents(name.text).startswith(fold_accents(other)) for name in names)
        and not _is_stated_in_full(other, stated, comparison.paper_text)
    ]
    if not rivals:
        return
    of_authors = NameIndex([comparison.front_matter])
    elsewhere = {name for name in missing if _index_of_paper(comparison.paper_text).find(name)}
    for name in dict.fromkeys(missing):
        is_near = bool(evidence.find(name))
        rival = next(
            (other for other in rivals if (is_variant if is_near else is_like)(name, other)), None
        )
        if rival:
            is_certain = name not in added and (
                _share_a_number(comparison)
                if is_near
                else _is_of_few_passages(name, comparison.paper_text)
            )
            is_certain = is_certain and not (_is_short_for(rival, name) or _SIZE.fullmatch(name))
            # No other sentence repeats what the first page says of the authors, and a statement
            # that quotes it may well say more.
            is_certain = is_certain and not (of_authors.find(name) or of_authors.find(rival))
            # One name of the quote does not stand for several that the paper has elsewhere.
            is_certain = is_certain and not (
                _may_be_spelled_out(rival, comparison)
                or (name in elsewhere and len(elsewhere) > len(set(rivals)) and not is_near)
            )
            message = (
                f"The statement names {name}, which the quoted words do not; they name {rival}."
            )
            yield Hint("name", name, message, is_certain)


def _is_short_for(one: str, other: str) -> bool:
    """Tell whether one of two names may be short for the other.

    It is a part of it, or has its initials: MTurkers are those of Mechanical Turk. Nor do letters
    in another order make another name: a paper may have kEQC as well as kECQ.
    """
    first, second = fold_accents(one), fold_accents(other)
    if first in second or second in first or sorted(first) == sorted(second):
        return True
    return any(
        fold_accents(short).startswith(
            fold_accents("".join(word[0] for word in words[:-1]) + words[-1])
        )
        for short, words in ((one, other.split()), (other, one.split()))
        if len(words) > 1
    )


def _is_translated(name: str, stems: frozenset[str]) -> bool:
    """Tell whether a statement says a name in its own language: 高斯 for Gaussian."""
    own = stem_word(name.lower())
    return any(len(stem) >= LEAST_LETTERS_OF_STEM and own.startswith(stem) for stem in stems)


def _is_stated_in_full(name: str, stated: NameIndex, paper_text: str) -> bool:
    """Tell whether a statement has the words that the paper abbreviates: Inception for IB."""
    abbreviated = _find_abbreviated(name, paper_text)
    return any(word[0].isupper() and stated.find(word) for word in abbreviated)


def _may_be_spelled_out(name: str, comparison: Comparison) -> bool:
    """Tell whether a statement may say in its own language what the paper abbreviates.

    Its words look like those of any text, as in branch and bound (BB).
    """
    abbreviated = _find_abbreviated(name, comparison.paper_text)
    is_ordinary = not any(map(is_acronym, abbreviated))
    return contains_unspaced(comparison.statement) and bool(abbreviated) and is_ordinary


def _find_abbreviated(name: str, paper_text: str) -> Sequence[str]:
    """Find the words behind which a paper gives a short form in brackets."""
    if not _INITIALS.fullmatch(name):
        return ()
    found = re.search(rf"({_WORDS})[(（]{name}s?[)）]", paper_text)
    return found[1].split()[-len(name) :] if found else ()


def _with_version(name: Name, text: str) -> str:
    """Return a name with the number behind it: OpenAI-o1-1217."""
    version = _VERSION.match(text, name.end)
    return name.text + (version[0] if version else "")


def is_like(name: str, other: str) -> bool:
    """Tell whether two names may be of the same kind.

    Two versions of a model are, or two data sets; a measure and a data set are not.
    """
    return (
        fold_accents(name) != fold_accents(other)
        and any(map(str.isdigit, name)) <= any(map(str.isdigit, other))
        and is_metric(name) == is_metric(other)
    )


def is_variant(name: str, other: str) -> bool:
    """Tell whether two names are of one family.

    ResNet-50 and ResNet-101 are, conv1 and conv5, OpenAI-o1-mini and OpenAI-o1-1217.
    """
    one, two = fold_accents(name), fold_accents(other)
    if one == two:
        return False
    is_numbered = name[-1:].isdigit() and one.rstrip("0123456789") == two.rstrip("0123456789")
    family, other_family = (_PART.split(each)[:-1] for each in (name, other))
    return is_numbered or (
        family == other_family and len("".join(family)) >= LEAST_LETTERS_OF_FAMILY
    )


def _share_a_number(comparison: Comparison) -> bool:
    printed = find_printed_numbers(comparison.quote)
    return any(
        match(each, other)
        for each in find_stated_numbers(comparison.statement)
        for other in printed
    )


def _is_of_few_passages(name: str, paper_text: str) -> bool:
    """Tell whether the paper does not have the name, or has it in a few places.

    What it speaks of everywhere is its own method, which no sentence need name.
    """
    return paper_text.lower().count(
        name.lower()
    ) < LEAST_MENTIONS_OF_SUBJECT or not _index_of_paper(paper_text).find(name)


@lru_cache(maxsize=2)
def _index_of_paper(paper_text: str) -> NameIndex:
    return NameIndex(paper_text.split("\n\n"))
