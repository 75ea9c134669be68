"""What a message says: the new papers of a day, best first."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class DigestFigure:
    """A figure of a paper as a PNG file, and what it shows.

    `width` is that at which it is shown, in CSS pixels. `address` is where the web has it; empty
    where no folder of posts is served.
    """

    png: bytes
    label: str
    caption: str = ""
    width: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class DigestPaper:
    """A paper as a message shows it; what is empty is not shown.

    `title` is in the language of the reader and `original_title` the paper's own where that
    differs. `verdict` tells what the checks of the summary say, `reason` why the paper is here.
    `like_url` and `hide_url` are where the reader says what they think of it. `lines` are what a
    part of another message than that of new papers says.
    """

    arxiv_id: str
    title: str
    original_title: str = ""
    authors: str = ""
    tldr: str = ""
    verdict: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    figure: DigestFigure | None = None
    paper_url: str = ""
    post_url: str = ""
    like_url: str = ""
    hide_url: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """The new papers of a day, best first, or why there are none.

    `url` leads to all of them; `left_out` counts those for which the message had no room,
    `elsewhere` those that another message of the same digest tells of. A message that tells of
    something else than new papers has a `title` of its own, and its parts stand as `papers`; `lead`
    is what it says first.
    """

    day: date
    topics: tuple[str, ...]
    papers: tuple[DigestPaper, ...]
    url: str = ""
    left_out: int = 0
    elsewhere: int = 0
    is_test: bool = False
    title: str = ""
    lead: str = ""

    @property
    def count(self) -> int:
        """How many papers there are, those that this message does not show among them."""
        return len(self.papers) + self.left_out + self.elsewhere

    def keep_first(self, number: int) -> "Digest":
        """Return the digest with so many of its papers; the others are counted as left out."""
        kept = self.papers[:number]
        return replace(self, papers=kept, left_out=self.left_out + len(self.papers) - len(kept))

    def split_first(self) -> "tuple[Digest, Digest]":
        """Return the digest of the first paper, and that of the others."""
        one = replace(self, papers=self.papers[:1], left_out=0, elsewhere=self.count - 1)
        return one, replace(self, papers=self.papers[1:], elsewhere=self.elsewhere + 1)
