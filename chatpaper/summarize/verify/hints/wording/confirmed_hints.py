"""What a statement calls confirmed, and the paper only thinks likely."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.hints.prose import split_prose
from chatpaper.summarize.verify.passages import extract_terms

# Sentences that share fewer terms with a statement speak of something else.
LEAST_SHARED = 2
LEAST_SHARE = 0.3
NEAR_BEST = 0.9
MOST_SENTENCES = 3_000

_TABLES = load_word_tables(__name__)
_CONFIRMED = re.compile(_TABLES.join("confirmed"), re.IGNORECASE)
_KEPT = re.compile(_TABLES.join("kept"), re.IGNORECASE)
_LIKELY = re.compile(_TABLES.join("likely"), re.IGNORECASE)
_RESERVED = re.compile(_TABLES.join("reserved"), re.IGNORECASE)
_SHOWN = re.compile(_TABLES.join("shown"), re.IGNORECASE)
_CLAUSE_END = re.compile(r"[；。;]|\.\s")
_WORD = re.compile(r"[a-z]{2,}")


def find_confirmed_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find something called confirmed whose nearest sentences say it with reserve."""
    for clause in _CLAUSE_END.split(comparison.statement):
        said = _CONFIRMED.search(clause)
        if said is None or _KEPT.search(clause):
            continue
        terms = [
            words
            for alternatives in extract_terms(_CONFIRMED.sub(" ", clause)).alternatives
            if (words := [each for each in alternatives if _WORD.fullmatch(each)])
        ]
        nearest = _nearest(terms, comparison.paper_text)
        if nearest and all(_is_reserved(text) for text in nearest):
            message = (
                f"The statement says {said[0]!r}; the paper says it with reserve: "
                f"{nearest[0][:160]!r}."
            )
            yield Hint("hedge", said[0], message, is_certain=True)
            return


def _is_reserved(text: str) -> bool:
    return bool(_RESERVED.search(text) or (_LIKELY.search(text) and not _SHOWN.search(text)))


def _nearest(terms: Sequence[Sequence[str]], paper_text: str) -> list[str]:
    """Return the sentences of a paper that share most terms, if these are enough."""
    if len(terms) < LEAST_SHARED:
        return []
    sentences = _sentences(paper_text)
    held = [
        {
            place
            for place, (_, words) in enumerate(sentences)
            if any(f" {s}" in words for s in stems)
        }
        for stems in terms
    ]
    # A rare term tells more of what a sentence speaks of than a common one.
    weights = [math.log(1 + len(sentences) / len(places)) if places else 0.0 for places in held]
    scores = {
        place: sum(weight for weight, places in zip(weights, held, strict=True) if place in places)
        for place in set().union(*held)
        if sum(place in places for places in held) >= LEAST_SHARED
    }
    best = max(scores.values(), default=0.0)
    if best < LEAST_SHARE * sum(weights):
        return []
    return [sentences[place][0] for place, score in scores.items() if score >= NEAR_BEST * best]


@lru_cache(maxsize=2)
def _sentences(paper_text: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences of a paper, each with its words, which begin behind a space."""
    return tuple(
        (text, " ".join(["", *_WORD.findall(text.lower())]))
        for text, _ in split_prose(paper_text)[:MOST_SENTENCES]
    )
