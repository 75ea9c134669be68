"""Papers as they stand in a post."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from chatpaper.domain.answers import Summary
from chatpaper.domain.documents import Document, Instruction
from chatpaper.domain.papers import Paper
from chatpaper.domain.ranking import Ranking

AbstractOnlyReason = Literal[
    "withdrawn",
    "pdf_unavailable",
    "unreadable",
    "scanned",
    "garbled_fonts",
    "no_body_text",
    "another_paper",
]


@dataclass(frozen=True, slots=True)
class Revision:
    """What arXiv has of a paper since it was summarized.

    Its newest version, or that it was withdrawn.
    """

    version: int
    url: str
    updated: datetime | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class EarlierPost:
    """Where an earlier version of a paper was posted.

    `address` is relative, and empty where no such file is known.
    """

    version: int
    date: date
    address: str = ""


@dataclass(frozen=True, slots=True)
class PostEntry:
    """One paper as it stands in a post: everything that a template may show of it.

    `abstract_only` says why the summary rests on the abstract alone, where it does; `images` is the
    folder that the document's figures were extracted to. `revision` and `earlier` are known to the
    store and may change as long as the post stands; they are filled in whenever it is written.
    `pdf_digest` is the beginning of the SHA-256 of the PDF; entries of earlier versions have none.
    `matched_phrase` is what title or abstract have of the topic, in the paper's own letters; empty
    where nothing was looked for. `ranking` is there where papers were ranked for a reader.
    """

    paper: Paper
    document: Document
    summary: Summary
    abstract_only: AbstractOnlyReason | None = None
    images: Path | None = None
    revision: Revision | None = None
    earlier: EarlierPost | None = None
    pdf_digest: str = ""
    matched_phrase: str = ""
    ranking: Ranking | None = None

    @property
    def sort_key(self) -> tuple[float, int, float, str]:
        """What posts sort papers by: the best for the reader first, then as papers are sorted."""
        return (-self.ranking.score if self.ranking else 0.0, *self.paper.sort_key)

    @property
    def hidden_commands(self) -> tuple[Instruction, ...]:
        """The texts that address a model or a reviewer and that no reader sees.

        What can be seen is not reported.

        Summaries of earlier versions name visible sentences too.
        """
        hidden = {(each.page, each.text) for each in self.document.hidden_text}
        return tuple(each for each in self.summary.instructions if (each.page, each.text) in hidden)


@dataclass(frozen=True, slots=True)
class CutPaper:
    """A paper of a night for which there was no room, since others had better scores."""

    paper: Paper
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Post:
    """The dated entries of one topic, or of the one paper asked for (`topic` is None then).

    `cut` are the papers that were found that night and had no room, the best first.
    """

    date: date
    topic: str | None
    entries: tuple[PostEntry, ...]
    cut: tuple[CutPaper, ...] = ()
