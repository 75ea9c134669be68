"""Where a paper has what a claim says, and how near that is to what its sentence speaks of."""

from collections.abc import Sequence
from dataclasses import replace

from chatpaper.summarize.verify.claims.claim import CheckedClaim, Nearness, cut_snippet
from chatpaper.summarize.verify.names.names import Name
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.support.coincidence import get_surroundings
from chatpaper.summarize.verify.support.operands import is_small_count
from chatpaper.summarize.verify.terms import extract_terms

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


class Placement:
    """A paper, made ready for finding the best of the passages that have a number or a name."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def judge(
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
            key=lambda number: (
                self._find_nearness(number, focus) == "passage",
                similarities[number],
            ),
        )
        nearness = self._find_nearness(best, focus)
        share = similarities[best] / nearest if nearest else 1.0
        least = _least_similarity(item, is_outside=bool(focus) and nearness == "elsewhere")
        supported = nearness == "passage" or share >= least or _is_small_count(item)
        return self.add_place(replace(claim, supported=supported), best, nearness)

    def add_place(
        self, claim: CheckedClaim, number: int | None, nearness: Nearness
    ) -> CheckedClaim:
        """Return the claim with the place of a passage, given by its number, if there is one."""
        if number is None:
            return claim
        passage = self._passages.all[number]
        return replace(
            claim,
            page=passage.page,
            section=passage.section,
            snippet=cut_snippet(passage, claim.value),
            nearness=nearness,
        )

    def _find_nearness(self, number: int, focus: frozenset[int]) -> Nearness:
        if number in focus:
            return "passage"
        sections = {self._passages.all[other].section for other in focus}
        return "section" if self._passages.all[number].section in sections else "elsewhere"


def _is_small_count(item: Numeral | Name) -> bool:
    return isinstance(item, Numeral) and is_small_count(item)


def _least_similarity(item: Numeral | Name, *, is_outside: bool) -> float:
    if isinstance(item, Name):
        return MIN_SIMILARITY_OF_NAMES
    return MIN_SIMILARITY_OUTSIDE_OF_SECTION if is_outside else MIN_SIMILARITY
