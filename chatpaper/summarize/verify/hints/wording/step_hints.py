"""Steps that a statement gives in the other order than the paper."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.hints.prose import split_prose
from chatpaper.summarize.verify.passages import extract_terms

# What both sides of a sentence share with the two steps; less may be of other steps.
LEAST_SHARED = 3
# So much more the sides share crosswise, where a word of one step is repeated in the other.
LEAST_LEAN = 2

_TABLES = load_word_tables(__name__)
# First A, then B.
_FIRST_THEN = re.compile(
    r"先(?P<first>[^，。；]{2,40}?)[，、]?\s?(?:再|然后|之后|随后|接着)(?P<then>[^，。；]{2,40})"
    r"|まず(?P<first_ja>[^。]{2,60}?)、?(?:その後|次に|続いて|それから)(?P<then_ja>[^。]{2,60})"
    r"|\bfirst (?P<first_en>[^.;]{4,80}?),? (?:and )?then (?P<then_en>[^.;]{4,80})",
    re.IGNORECASE,
)
# A case that was tried is not how it is done.
_CONDITIONAL = re.compile(_TABLES.join("conditional"), re.IGNORECASE)
_OF_A_VARIANT = re.compile(_TABLES.join("of_a_variant"), re.IGNORECASE)
# "A before B" and "A, followed by B" begin with the first step, "B after A" with the second.
_FORWARD = re.compile(_TABLES.join("forward"), re.IGNORECASE)
_BACKWARD = re.compile(_TABLES.join("backward"), re.IGNORECASE)
_CLAUSE_END = re.compile(r",\s|;\s|:\s")
_WORD = re.compile(r"[a-z]{2,}")

Terms = Sequence[Sequence[str]]


def find_step_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find two steps of which all sentences of the paper that order them say the reverse."""
    for said in _FIRST_THEN.finditer(comparison.statement):
        groups = said.groupdict()
        first, then = (
            next(filter(None, (groups[f"{part}{end}"] for end in ("", "_ja", "_en"))))
            for part in ("first", "then")
        )
        if _CONDITIONAL.search(f"{then}{comparison.statement[said.end() : said.end() + 1]}"):
            continue
        orders = [
            (order, text)
            for text, _ in split_prose(comparison.paper_text)
            if not _OF_A_VARIANT.search(text)
            and (order := _order(text.lower(), *_apart(_terms(first), _terms(then))))
        ]
        if orders and all(order == "reverse" for order, _ in orders):
            message = (
                f"The statement has these steps the other way round than the paper: "
                f"{orders[0][1][:160]!r}."
            )
            yield Hint("direction", said[0], message, is_certain=True)
            return


def _terms(text: str) -> Terms:
    return [
        words
        for alternatives in extract_terms(text).alternatives
        if (words := sorted(each for each in alternatives if _WORD.fullmatch(each)))
    ]


def _apart(one: Terms, other: Terms) -> tuple[Terms, Terms]:
    """Return the terms of each that the other does not have."""
    return [each for each in one if each not in other], [each for each in other if each not in one]


def _order(sentence: str, first: Terms, then: Terms) -> str:
    """Return whether a sentence has two steps in order or in reverse, "" where it does not tell."""
    found = [(word, True) for word in _FORWARD.finditer(sentence)]
    found += [(word, False) for word in _BACKWARD.finditer(sentence)]
    if len(found) != 1:
        return ""
    word, is_forward = found[0]
    left, right = sentence[: word.start()], sentence[word.end() :]
    left = _CLAUSE_END.split(left)[-1] or left
    right = _CLAUSE_END.split(right)[0] or right
    earlier, later = (left, right) if is_forward else (right, left)
    straight = _shared(first, earlier), _shared(then, later)
    crossed = _shared(first, later), _shared(then, earlier)
    if all(straight) and sum(straight) >= sum(crossed):
        return "order"
    is_clear = sum(crossed) >= max(LEAST_SHARED, sum(straight) + LEAST_LEAN)
    return "reverse" if all(crossed) and is_clear and not all(straight) else ""


def _shared(terms: Terms, text: str) -> int:
    words = " ".join(["", *_WORD.findall(text)])
    return sum(any(f" {stem}" in words for stem in stems) for stems in terms)
