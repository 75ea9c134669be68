"""Write a topic into a settings file, the rest of which stays as it is, with its comments."""

import shutil
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.app.settings_file import FILE_NAME
from chatpaper.domain.atomic_files import create_part, put_in_place
from chatpaper.domain.errors import ConfigError, WriteError
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.domain.text.toml import quote_toml


def locate_settings_file(settings: Settings) -> Path:
    """Return the settings file in use, or the one that the current folder would have."""
    return settings.config_file or Path(FILE_NAME)


def format_topic(name: str, phrases: Sequence[str], categories: Sequence[str]) -> str:
    """Write a topic as a table of TOML."""
    lines = [f"[topics.{quote_toml(collapse_spaces(name))}]", f"phrases = {_quote_all(phrases)}"]
    if categories:
        lines.append(f"categories = {_quote_all(categories)}")
    return "\n".join(lines) + "\n"


def append_table(path: Path, table: str) -> None:
    """Append a table to a TOML file, which keeps every byte that it had.

    The file is created if it does not exist. Raises ConfigError where the result would not be valid
    TOML, as where all topics stand in one line, and WriteError where it cannot be written.
    """
    try:
        # A link stays a link to the file that is written.
        place = path.resolve()
        before = place.read_bytes() if place.exists() else b""
        after = before + _separate(before) + _use_line_ends_of(before, table)
        _refuse_faulty(path, after, table)
        _replace(place, after)
    except OSError as error:
        raise WriteError(
            f"The settings file {path} cannot be written: {error.strerror}. Write it there "
            f"yourself:\n{table}",
            path=str(path),
        ) from error


def _replace(path: Path, content: bytes) -> None:
    part = create_part(path)
    try:
        part.write_bytes(content)
        if path.exists():
            # Who may read the keys in the file stays who may.
            shutil.copymode(path, part)
        put_in_place(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _refuse_faulty(path: Path, content: bytes, table: str) -> None:
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise ConfigError(
            f"The topic cannot be added at the end of {path}: {error}. Write it there yourself:\n"
            f"{table}"
        ) from error


def _separate(before: bytes) -> bytes:
    if not before.strip():
        return b""
    line_end = b"\r\n" if b"\r\n" in before else b"\n"
    return line_end if before.endswith(b"\n") else line_end * 2


def _use_line_ends_of(before: bytes, text: str) -> bytes:
    written = text.encode()
    return written.replace(b"\n", b"\r\n") if b"\r\n" in before else written


def _quote_all(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quote_toml, texts))}]"
