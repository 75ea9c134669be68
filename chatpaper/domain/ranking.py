"""Where a paper stands among the others of a night for one reader, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class LibraryPaper:
    """A paper of a reader's own library; what it is about may be known by its title alone."""

    title: str
    abstract: str = ""
    arxiv_id: str = ""


@dataclass(frozen=True, slots=True)
class ReaderProfile:
    """What one reader is interested in.

    `papers` are those of the library and those that were liked, `disliked` those that were hidden;
    both tell what is to be found. Papers of `hidden` and `read` ids are not offered again, nor
    those that have one of the `unwanted` words. `by_followed` has papers of authors who are
    followed: the author's name by the paper's id.
    """

    name: str = ""
    papers: tuple[LibraryPaper, ...] = ()
    disliked: tuple[LibraryPaper, ...] = ()
    authors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    liked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    by_followed: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_rank(self) -> bool:
        """Whether anything says which papers are better for this reader than others."""
        followed = (self.authors, self.institutions, self.venues, self.wanted, self.by_followed)
        return bool(self.papers or any(followed))
