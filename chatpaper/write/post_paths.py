"""Where the files of posts go, under names that no two topics or papers share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from chatpaper.domain import Post, squash_id
from chatpaper.write.files import make_safe_filename
from chatpaper.write.formats import Scope

# The format of seed posts bears no suffix; the others carry their name.
PLAIN_FORMAT = "daily"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the name of a file stands for: a topic, or a paper by its key.

    `wanted` is the name that it would have.
    """

    key: str
    wanted: str

    @classmethod
    def topic(cls, name: str) -> Self:
        """Return a topic by its name."""
        return cls(f"topic:{name}", name)

    @classmethod
    def paper(cls, arxiv_id: str) -> Self:
        """Return a paper by its key."""
        return cls(f"paper:{arxiv_id}", squash_id(arxiv_id))


class WriteLog(Protocol):
    """What is remembered of an output folder."""

    def name_of(self, subject: Subject) -> str:
        """Return the name of a topic's or a paper's files, which no other has."""

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Return whether a file with this content is as it was last written."""

    def is_known(self, path: Path) -> bool:
        """Return whether a note says what was written there."""

    def announce(self, path: Path, content: bytes) -> None:
        """Note that a file is about to be written."""

    def settle(self, path: Path, content: bytes) -> None:
        """Note that a file was written."""


class UntrackedFolder:
    """The book of a folder that nobody else writes to and that is thrown away later."""

    def name_of(self, subject: Subject) -> str:
        """Return the plain name."""
        return make_safe_filename(subject.wanted)

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Return True: every file is ours."""
        return True

    def is_known(self, path: Path) -> bool:
        """Return whether anything was noted: nothing ever is."""
        return False

    def announce(self, path: Path, content: bytes) -> None:
        """Note nothing."""

    def settle(self, path: Path, content: bytes) -> None:
        """Note nothing."""


@dataclass(frozen=True, slots=True)
class PostPaths:
    """The paths of a post's files: its own without suffixes, and each paper's folder of figures."""

    stem: Path
    figure_folders: dict[str, Path]

    def file(self, post_format: str, suffix: str) -> Path:
        """Return the Markdown or JSON file of a format."""
        middle = "" if post_format == PLAIN_FORMAT else f".{post_format}"
        return self.stem.with_name(f"{self.stem.name}{middle}{suffix}")


def plan_post_paths(
    output_dir: Path, post: Post, scope: Scope, book: WriteLog | None = None
) -> PostPaths:
    """Plan where a post and its figures go.

    A day's post goes to `{output}/{date}/{topic}`, with a folder in it for the figures of each
    paper. One of a paper goes beside its folder of figures: to
    `{output}/{date}/{topic}/{arxiv_id}`, or without a topic to `{output}/{date}/{arxiv_id}`.
    """
    name_of = (book or UntrackedFolder()).name_of
    names = {
        entry.paper.arxiv_id: name_of(Subject.paper(entry.paper.arxiv_id)) for entry in post.entries
    }
    folder = output_dir / post.date.isoformat()
    if post.topic is not None:
        folder /= name_of(Subject.topic(post.topic))
        if scope == "day":
            return PostPaths(folder, {arxiv_id: folder / name for arxiv_id, name in names.items()})
    paper = post.entries[0].paper
    stem = folder / names[paper.arxiv_id]
    return PostPaths(stem, {paper.arxiv_id: stem})
