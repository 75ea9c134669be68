"""Passages of a paper that bear on a question about it, found by words alone.

A passage that has most of what the question speaks of may answer it; one that has less is no
answer, even where no other has more.
"""

import math
from collections.abc import Sequence

from chatpaper.domain import Claim, Document, Paper
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.summarize.context.prompt_injection import as_evidence, clean_paper
from chatpaper.summarize.verify.evidence.search import RECORD_SECTIONS
from chatpaper.summarize.verify.passages import Passage, Passages
from chatpaper.summarize.verify.terms import extract_terms

# Half of what a question speaks of, by the rarity of its terms.
LEAST_SHARE = 0.5
# A heading is no sentence.
LEAST_WORDS = 5


def quote_passages(question: str, document: Document, paper: Paper, most: int) -> tuple[Claim, ...]:
    """Return at most so many passages that have what the question speaks of, the best first."""
    passages = Passages(as_evidence(document), clean_paper(paper)).all
    terms = extract_terms(question).alternatives
    weights = {term: _weigh(term, passages) for term in terms}
    total = sum(weights.values())
    shares = (
        {
            number: sum(weights[term] for term in terms if term & passage.stems) / total
            for number, passage in enumerate(passages)
            if _is_sentence(passage)
        }
        if total
        else {}
    )
    best = sorted(
        (number for number, share in shares.items() if share >= LEAST_SHARE),
        key=lambda number: (-shares[number], number),
    )
    quoted: dict[str, Claim] = {}
    for number in best:
        text = collapse_spaces(passages[number].text)
        quoted.setdefault(text, Claim(text, text, passages[number].page, passages[number].section))
    return tuple(quoted.values())[:most]


def _weigh(term: frozenset[str], passages: Sequence[Passage]) -> float:
    """Return how much a term tells: less, the more passages have it."""
    holders = sum(not term.isdisjoint(passage.stems) for passage in passages)
    return math.log(1 + len(passages) / max(1, holders))


def _is_sentence(passage: Passage) -> bool:
    is_content = passage.section not in RECORD_SECTIONS and not passage.tabular
    return is_content and (len(passage.text.split()) >= LEAST_WORDS or not passage.text.isascii())
