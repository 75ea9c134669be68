"""Which kinds of papers, floats and headings are misread most often.

Truths of papers of our own say what varied in a paper (`varied`) and what is special about each
float (`kinds`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.scoring import (
    Paper,
    pair_floats,
    score_abstract,
    score_headings,
    score_title,
)

SHOWN = 60
# Fewer of a kind say little of it.
FEWEST = 5


@dataclass
class FaultCounts:
    """How many there are of each part of papers and kind, and how many of these were misread."""

    true: Counter[tuple[str, str]] = field(default_factory=Counter)
    misread: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, part: str, kinds: Sequence[str], true: int, misread: int) -> None:
        """Count so many of a part, all of these kinds."""
        for kind in dict.fromkeys((*kinds, "")):  # The empty kind is that of all.
            self.true[part, kind] += true
            self.misread[part, kind] += misread

    def add_paper(self, truth: Paper, read: Paper) -> None:
        """Count what was read of one paper."""
        varied = truth.get("varied", ())
        for kind in ("figure", "table"):
            pairs, _ = pair_floats(truth, read, kind)
            for wanted, got in pairs:
                kinds = (*wanted.get("kinds", ()), *varied)
                self.add(f"{kind}s", kinds, 1, int(got is None))
        for part, score in (
            ("headings", score_headings(truth, read)),
            ("titles", score_title(truth, read)),
            ("abstracts", score_abstract(truth, read)),
        ):
            self.add(part, varied, score.true, score.true - score.found)

    def list_worst(self) -> Iterator[str]:
        """Yield lines on the kinds of which more are misread than of all, the worst first."""

        def count_too_many(key: tuple[str, str]) -> float:
            part, _ = key
            usual = self.misread[part, ""] / self.true[part, ""]
            return self.misread[key] - usual * self.true[key]

        worst = sorted(
            (key for key, true in self.true.items() if key[1] and true >= FEWEST),
            key=count_too_many,
            reverse=True,
        )
        yield f"{'':10} {'kind':42} {'true':>6} {'misread':>8} {'share':>6} {'of all':>7}"
        for part, kind in worst[:SHOWN]:
            true, misread = self.true[part, kind], self.misread[part, kind]
            if not misread:
                continue
            usual = self.misread[part, ""] / self.true[part, ""]
            yield f"{part:10} {kind:42} {true:6} {misread:8} {misread / true:6.2f} {usual:7.2f}"


def has_kinds(truth: dict[str, Any]) -> bool:
    """Whether a truth says what varied in its paper."""
    return bool(truth.get("varied"))
