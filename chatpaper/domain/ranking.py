"""Where a paper stands among the others of a night for one reader, and why."""

from dataclasses import dataclass
from typing import Literal

# What speaks for a paper: an author or an institution that is followed, words that are wanted,
# terms that it shares with the reader's papers, the reader's paper that is nearest, a venue, code.
ReasonKind = Literal["author", "institution", "wanted", "terms", "near", "venue", "code"]


@dataclass(frozen=True, slots=True)
class RankingReason:
    """One reason why a paper is offered to its reader.

    `values` are in the letters of the paper itself, or of the reader's own list; what is said of
    them is written in the reader's language where it is shown.
    """

    kind: ReasonKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a paper is worth to a reader, from 0 to 1, and the reasons, the weightiest first."""

    score: float
    reasons: tuple[RankingReason, ...] = ()
