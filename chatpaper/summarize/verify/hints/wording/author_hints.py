"""What a statement ascribes to the authors, and no sentence of the paper has."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    leave_out_tables,
)
from chatpaper.summarize.verify.hints.values.number_hints import follows_from_two
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.terms import extract_terms

_WORD = re.compile(r"[a-z]{2,}")
_TABLES = load_word_tables(__name__)
# A statement that the authors themselves say something.
_ADMITS = re.compile(
    f"作者(?:们|也|还)?(?:{_TABLES.join('said_in_chinese')})"
    rf"|\bauthors? (?:also )?(?:{_TABLES.join('said_in_english')})",
    re.IGNORECASE,
)
# What limits a method.
_LIMIT = re.compile(
    f"{_TABLES.join('limits_in_chinese')}"
    rf"|\b(?:{_TABLES.join('limits_in_english')})",
    re.IGNORECASE,
)
# A summary counts what the authors say itself: three limits, two reasons.
_COUNTED = re.compile(r"[个種种类項项点條条大方局问]|limit|problem|reason|point|issue")
_DONE = re.compile(
    f"(?:{_TABLES.join('doers')})[^，。；]{{0,6}}(?:{_TABLES.join('done_in_chinese')})(?:成功)?[将把]?"
    f"|{_TABLES.join('done_in_english')}",
    re.IGNORECASE,
)
# Published code and data are mentioned in any place, also in the record of the paper alone.
_RELEASED = re.compile(
    r"开源|公开|发布|代码|\breleas|\bopen[- ]sourc|\bcode\b|\bpublic", re.IGNORECASE
)
# A statement that somebody did something, with no word that takes it back.
_ACTS = re.compile(rf"{_TABLES.join('doers')}|\b(?:authors?|we)\b", re.IGNORECASE)
_NOT_SURE = re.compile(
    rf"{_TABLES.join('not_sure')}|\b(?:{_TABLES.join('not_sure_in_english')})\b", re.IGNORECASE
)
_STILL_OPEN = re.compile(_TABLES.join("still_open"), re.IGNORECASE)
_PLANNED = re.compile(_TABLES.join("planned"), re.IGNORECASE)
# Sentences on later work alone: those on what comes in a later section have "will" too.
_ANNOUNCED = re.compile(_TABLES.join("announced"), re.IGNORECASE)
_FOUND = re.compile(r"\bwe (?:have )?(?:found|find|show|observe)", re.IGNORECASE)
# A sentence that shares fewer terms with a statement does not speak of the same.
LEAST_SHARED = 2
# Another sentence may share a term more, for what was done is near to what is planned.
MOST_MISSED = 1
LEAST_TELLING_CHARACTERS = 3
LEAST_SHARE_OF_PLAN = 0.4
MOST_SENTENCES = 3_000
# What is longer is the lettering of a diagram.
MOST_CHARACTERS_OF_SENTENCE = 800


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: str
    numerals: tuple[Numeral, ...]


def find_author_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find wrong numbers in limits that the authors name, and plans of theirs stated as done."""
    statement = comparison.statement
    terms = tuple(
        each for each in extract_terms(statement).alternatives if any(map(_is_word, each))
    )
    if _ADMITS.search(statement) and _LIMIT.search(statement):
        yield from _foreign_number(comparison, terms)
    if _RELEASED.search(statement) or _STILL_OPEN.search(statement):
        return
    if _DONE.search(statement):
        yield from _find_plan(comparison, terms, _is_planned, -MOST_MISSED)
    elif _ACTS.search(statement) and not _NOT_SURE.search(statement):
        # The past tense alone says less than words for what is done already.
        yield from _find_plan(comparison, terms, _is_announced, 1)


def _foreign_number(comparison: Comparison, terms: Sequence[frozenset[str]]) -> Iterator[Hint]:
    """Find a number that no sentence has which speaks of the same, nor the evidence."""
    if len(terms) < LEAST_SHARED:
        return
    sentences = [(each, _shared(terms, each)) for each in _sentences(comparison.paper_text)]
    # In a table any small number stands somewhere.
    lines = comparison.context.splitlines() if comparison.quote else ()
    prose = "\n".join(line for line in lines if "|" not in line)
    tabled = [
        each
        for each in find_printed_numbers(comparison.context)
        if len(each.text) >= LEAST_TELLING_CHARACTERS
    ]
    quoted = find_printed_numbers(comparison.quote)
    near = [*quoted, *find_printed_numbers(prose), *tabled]
    numerals = find_stated_numbers(comparison.statement)
    for numeral in numerals:
        # A number of several digits is hardly there by chance.
        least = 1 if len(numeral.text) >= LEAST_TELLING_CHARACTERS else LEAST_SHARED
        printed = [
            *near,
            *(number for each, shared in sentences if shared >= least for number in each.numerals),
        ]
        is_computed = follows_from_two(numeral, comparison.statement, [*numerals, *quoted])
        if (
            not is_computed
            and not _COUNTED.match(numeral.noun)
            and not any(match(numeral, each) for each in printed)
        ):
            message = (
                f"The authors are said to name {numeral.text}; "
                f"no sentence of the paper has it that speaks of this."
            )
            yield Hint("number", numeral.text, message, is_certain=True)
            return


def _find_plan(
    comparison: Comparison,
    terms: Sequence[frozenset[str]],
    is_plan: Callable[[str], bool],
    margin: int,
) -> Iterator[Hint]:
    """Find something stated as done that resembles what was not done more than all that was.

    That is a sentence on the future, or on what the authors left out. It must share so many more
    terms with the statement (`margin`) than a sentence on anything else does.
    """
    shares = [(_shared(terms, each), each.text) for each in _sentences(comparison.paper_text)]
    shared, plan = max(((count, text) for count, text in shares if is_plan(text)), default=(0, ""))
    done = max((count for count, text in shares if not _is_planned(text)), default=0)
    if shared >= max(LEAST_SHARED, LEAST_SHARE_OF_PLAN * len(terms), done + margin):
        message = (
            f"The statement tells as done what the paper plans or leaves open: {plan[:160]!r}."
        )
        yield Hint("future", comparison.statement, message, is_certain=True)


def _is_planned(sentence: str) -> bool:
    return bool(_PLANNED.search(sentence))


def _is_announced(sentence: str) -> bool:
    return bool(_ANNOUNCED.search(sentence)) and not _FOUND.search(sentence)


def _shared(terms: Sequence[frozenset[str]], sentence: _Sentence) -> int:
    return sum(any(f" {stem}" in sentence.words for stem in stems) for stems in terms)


def _is_word(stem: str) -> bool:
    return stem.isascii() and not stem[0].isdigit()


@lru_cache(maxsize=2)
def _sentences(paper_text: str) -> tuple[_Sentence, ...]:
    """Return the sentences of a paper without its tables."""
    prose = leave_out_tables(paper_text)
    found = [
        text for _, text in split_sentences(prose) if len(text) <= MOST_CHARACTERS_OF_SENTENCE
    ][:MOST_SENTENCES]
    return tuple(
        _Sentence(text, " ".join(["", *_WORD.findall(text.lower())]), find_printed_numerals(text))
        for text in found
    )
