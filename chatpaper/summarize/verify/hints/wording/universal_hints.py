"""Claims about all of something of which the paper has an exception."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import CLAUSE_MARK
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.names.names import find_names

_TABLES = load_word_tables(__name__)
_ALL = re.compile(_TABLES.join("all"), re.IGNORECASE)
_RESERVED = re.compile(_TABLES.join("reserved"), re.IGNORECASE)
_EXCEPTED = re.compile(_TABLES.join("excepted"), re.IGNORECASE)
_PART = re.compile(_TABLES.join("part"), re.IGNORECASE)
_TELLS_OF_ALL = re.compile(
    r"\ball\b|\bevery\b|\beach\b|\bconsistent|\bboth\b|\bacross\b|\buniform|所有|均|都",
    re.IGNORECASE,
)
LEAST_NAMES = 2


def find_universal_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a claim about all that the paper's exception contradicts."""
    said = _ALL.search(comparison.statement)
    if said is None or _RESERVED.search(_ALL.sub(" ", comparison.statement)):
        return
    names = list(dict.fromkeys(name.text for name in find_names(comparison.statement)))
    if (part := _PART.search(comparison.quote)) and not _TELLS_OF_ALL.search(
        _PART.sub(" ", comparison.quote)
    ):
        message = f"The statement says {said[0]!r}; the quoted words say {part[0]!r}."
        yield Hint("scope", said[0], message, is_certain=True)
    elif names and any(
        _makes_exception(each, names)
        for each in (comparison.quote, *_about(names, comparison.paper_text))
    ):
        message = f"The statement says {said[0]!r}; the paper makes an exception."
        yield Hint("scope", said[0], message, is_certain=True)


def _makes_exception(sentence: str, names: Sequence[str]) -> bool:
    """Tell whether a sentence makes an exception that names none of the statement's names.

    A statement that names the exception itself does not claim it along with the rest.
    """
    excepted = _EXCEPTED.search(sentence)
    if excepted is None:
        return False
    what = fold_accents(excepted[0] + CLAUSE_MARK.split(sentence[excepted.end() :])[0])
    return not any(fold_accents(name) in what for name in names if name)


def _about(names: Sequence[str], paper_text: str) -> Iterator[str]:
    """Return the sentences that have two of the names, or the only one."""
    wanted = [fold_accents(name) for name in names if name]
    least = min(LEAST_NAMES, len(wanted))
    for block in paper_text.split("\n\n"):
        if "|" not in block and sum(name in fold_accents(block) for name in wanted) >= least:
            for _, sentence in split_sentences(block):
                if sum(name in fold_accents(sentence) for name in wanted) >= LEAST_NAMES:
                    yield sentence
