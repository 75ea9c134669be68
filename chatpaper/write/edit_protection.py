"""Protect posts that people have edited, and other people's files in their place.

This decides which files may be overwritten, and what the user learns about the others.
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

# By these keys the JSON beside a post is distinguished from whatever else may have its name.
_RECORD_KEYS = frozenset({"date", "topic", "format", "papers"})


@dataclass(frozen=True, slots=True)
class WrittenPost:
    """A post on disk, and the file of somebody else's in its place, if there is one.

    `kept` is that file: it is not as we wrote it, and the post was written beside it. Where
    somebody edited the one beside too, `path` is that of the edited post, and nothing was written.
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
                f"{self.path} and {add_new_suffix(self.path)} were edited or are not ours, and "
                "stay as they are; the new post "
                "was not written: move one of them away, and `chatpaper render` writes it."
            )
        return (
            f"{self.kept} was edited or is not ours, and stays as it is; "
            f"the new post is {self.path}."
        )


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
    """Choose where the Markdown of a post may be written: in its place, or beside a person's file.

    Return None where somebody has edited the file beside too. `record` is the JSON beside the post
    as it was before; `renderings` are what earlier versions, which noted nothing, may have written.
    Raises WriteError.
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


def is_edited(markdown: Path, record: Path, book: WriteLog) -> bool:
    """Return whether somebody edited a post, or put another file in its place. Raises WriteError.

    `record` is the JSON beside it.
    """
    standing = read_if_exists(markdown)
    return standing is not None and not _is_as_written(markdown, standing, record, book)


def _is_as_written(markdown: Path, standing: bytes, record: Path, book: WriteLog) -> bool:
    """Return whether a file is as it was last written.

    The book tells; where that was lost, the JSON beside the file does.
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
    """Return whether a JSON file's place is empty or a post's: people edit only the Markdown."""
    standing = read_if_exists(record)
    return standing is None or parse_post_record(standing) is not None


def hash_content(content: bytes) -> str:
    """Return the SHA-256 of what is in a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def add_new_suffix(path: Path) -> Path:
    """Return the file that is written in the place of one that is kept."""
    return path.with_name(f"{path.stem}.{NEW}{path.suffix}")


def write_tracked(path: Path, content: bytes, book: WriteLog) -> None:
    """Write a file so that it counts as ours even if the process is killed meanwhile.

    Raises WriteError.
    """
    if book.is_ours(path, content) and read_if_exists(path) == content:
        return
    book.announce(path, content)
    write_atomically(path, content)
    book.settle(path, content)


def remove_if_ours(path: Path, book: WriteLog) -> None:
    """Remove the file written beside a post once the post's own place is ours again."""
    standing = read_if_exists(path)
    if standing is not None and book.is_known(path) and book.is_ours(path, standing):
        path.unlink(missing_ok=True)
