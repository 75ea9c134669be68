"""The records that `chatpaper extract` writes, and whose each is: none takes the place of another
file's.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import fold_file_name
from chatpaper.extract.serialization import SourceJson
from chatpaper.fetch.folder import ensure_utf8_name
from chatpaper.write.files import file_safe

# What a record has that was read, and one of a file that could not be.
_MARKS = ("sections", "error")


def record_path(pdf: Path, output: Path) -> Path:
    """Where the record of a PDF belongs."""
    return output / f"{file_safe(pdf.stem)}.json"


def source_of(pdf: Path) -> SourceJson:
    """Describe what tells a PDF from another of its name: its contents, and the path to it.

    The path itself is private. The contents are empty where they cannot be read.
    """
    try:
        contents = hashlib.sha256(pdf.read_bytes()).hexdigest()
    except OSError:
        contents = ""
    path = str(pdf.resolve()).encode(errors="surrogateescape")
    return SourceJson(
        contents_sha256=contents,
        path_sha256=hashlib.sha256(path).hexdigest(),
    )


def refuse_shared_records(pdfs: Sequence[Path], output: Path) -> None:
    """Raise ConfigError before one record would take the place of another, be it where capitals are
    not told apart.

    So for a name that no record can have. The record of a PDF that was replaced where it is, or
    that was moved, is written anew, and so is one of an earlier version, which noted no sources.
    """
    known: dict[str, Path] = {}
    for pdf in pdfs:
        ensure_utf8_name(pdf)
        other = known.setdefault(fold_file_name(file_safe(pdf.stem)), pdf)
        if other is not pdf:
            raise ConfigError(
                f"{other} and {pdf} have the same name, and so would their JSON files: extract them apart, with an "
                "--output each."
            )
        if complaint := _why_taken(pdf, record_path(pdf, output)):
            raise ConfigError(complaint)


def _why_taken(pdf: Path, record: Path) -> str:
    """Why the record of a PDF may not be written; empty where it may."""
    if not record.is_file():
        return ""
    standing = _read(record)
    if not any(mark in standing for mark in _MARKS):
        return f"{record} is no record of `chatpaper extract`: move it away, or choose another --output."
    source, own = standing.get("source"), source_of(pdf).to_json()
    if not isinstance(source, dict) or any(
        source.get(name) == value != "" for name, value in own.items()
    ):
        return ""
    return (
        f"{record} is the record of another PDF of the name {pdf.name}: choose another --output for {pdf}, or move the "
        "record away."
    )


def _read(record: Path) -> dict[str, Any]:
    try:
        content = json.loads(record.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
