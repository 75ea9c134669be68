"""What a person made of a post, or has in its place, is kept: which files may be written over, and
how it is told.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatpaper.domain.errors import WriteError
from chatpaper.write.files import write_atomically
from chatpaper.write.post_paths import WriteLog

# Stands before the suffix of a post that is written beside one that somebody edited.
NEW = "new"

# By these keys the JSON beside a post is told from whatever else may have its name.
_RECORD_KEYS = frozenset({"date", "topic", "format", "papers"})


@dataclass(frozen=True, slots=True)
class WrittenPost:
    """A post on disk; `kept` is the file in its place that is not as we wrote it, and that it
    stands beside.

    Where somebody edited the one beside too, `path` is that of the edited post, and nothing was
    written.
    """

    path: Path
    kept: Path | None = None

    @property
    def warning(self) -> str:
        """One sentence for the person whose file was in the way; empty where none was."""
        if self.kept is None:
            return ""
        if self.kept == self.path:
            return (
                f"{self.path} and {add_new_suffix(self.path)} were edited or are not ours, and stay as they are; the new post "
                "was not written: move one of them away, and `chatpaper render` writes it."
            )
        return f"{self.kept} was edited or is not ours, and stays as it is; the new post is {self.path}."


def read_if_exists(path: Path) -> bytes | None:
    """Return the content of a file; None where there is none. Raises WriteError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WriteError(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error


def choose_target(
    markdown: Path,
    content: bytes,
    record: Path,
    book: WriteLog,
    renderings: Callable[[], Iterable[bytes]],
) -> Path | None:
    """Where the Markdown of a post may be written: in its place, or beside what stands there and is
    a person's.

    None where somebody has edited that too. `record` is the JSON beside the post as it was before;
    `renderings` are what earlier versions, which noted nothing, may have written. Raises
    WriteError.
    """
    standing = read_if_exists(markdown)
    if standing in (None, content) or _is_as_written(markdown, standing or b"", record, book):
        return markdown
    if not book.is_known(markdown) and standing in renderings():
        return markdown
    other = add_new_suffix(markdown)
    in_the_way = read_if_exists(other)
    return (
        other if in_the_way in (None, content) or book.is_ours(other, in_the_way or b"") else None
    )


def _is_as_written(markdown: Path, standing: bytes, record: Path, book: WriteLog) -> bool:
    """Whether a file is as it was written last: by the book or, where that was lost, by the JSON
    beside it.
    """
    if book.is_ours(markdown, standing):
        return True
    described = parse_post_record(read_if_exists(record) or b"")
    return described is not None and described.get("markdown_sha256") == hash_content(standing)


def parse_post_record(content: bytes) -> dict[str, Any] | None:
    """Return the JSON beside a post; None where it is something else."""
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.keys() >= _RECORD_KEYS else None


def is_free(record: Path) -> bool:
    """Whether the place of a JSON is empty or has that of a post: people edit the Markdown."""
    standing = read_if_exists(record)
    return standing is None or parse_post_record(standing) is not None


def hash_content(content: bytes) -> str:
    """Return the SHA-256 of what is in a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def add_new_suffix(path: Path) -> Path:
    """Return the file that is written in the place of one that is kept."""
    return path.with_name(f"{path.stem}.{NEW}{path.suffix}")


def write_tracked(path: Path, content: bytes, book: WriteLog) -> None:
    """Write a file so that it is known for ours, also where a kill comes in between.

    Raises WriteError.
    """
    if book.is_ours(path, content) and read_if_exists(path) == content:
        return
    book.announce(path, content)
    write_atomically(path, content)
    book.settle(path, content)


def remove_if_ours(path: Path, book: WriteLog) -> None:
    """Remove what stood beside a post whose own place is ours again."""
    standing = read_if_exists(path)
    if standing is not None and book.is_known(path) and book.is_ours(path, standing):
        path.unlink(missing_ok=True)
