"""Plans of the authors that a statement tells as done."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, leave_out_tables
from chatpaper.summarize.verify.terms import extract_terms

_WORD = re.compile(r"[a-z]{2,}")
_TABLES = load_word_tables(__name__)
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
LEAST_SHARE_OF_PLAN = 0.4
MOST_SENTENCES = 3_000
# What is longer is the lettering of a diagram.
MOST_CHARACTERS_OF_SENTENCE = 800


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: str


def find_author_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find plans of the authors stated as done."""
    statement = comparison.statement
    if _RELEASED.search(statement) or _STILL_OPEN.search(statement):
        return
    terms = tuple(
        each for each in extract_terms(statement).alternatives if any(map(_is_word, each))
    )
    if _DONE.search(statement):
        yield from _find_plan(comparison, terms, _is_planned, -MOST_MISSED)
    elif _ACTS.search(statement) and not _NOT_SURE.search(statement):
        # The past tense alone says less than words for what is done already.
        yield from _find_plan(comparison, terms, _is_announced, 1)


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
    return tuple(_Sentence(text, " ".join(["", *_WORD.findall(text.lower())])) for text in found)
