"""Write to the terminal: results to stdout, messages, logs and progress to stderr."""

import json
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Literal

from chatpaper.cli.languages.speech import translate
from chatpaper.domain.errors import ConfigError, redact_credentials
from chatpaper.domain.log_context import add_context

LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Display:
    """How a command shows its work: the result as JSON or text, and progress unless `quiet`."""

    as_json: bool = False
    quiet: bool = False


# From -vv on the messages of libraries are logged too.
LIBRARY_VERBOSITY = 2

_DEV_NULL = Path(os.devnull)


def _message(record: logging.LogRecord) -> str:
    """Return the message of a record, followed by its traceback."""
    trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return redact_credentials("\n".join(part for part in (record.getMessage(), trace) if part))


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "run_id": getattr(record, "run_id", None),
            "arxiv_id": getattr(record, "arxiv_id", None),
            "message": _message(record),
        }
        return json.dumps(event, ensure_ascii=False)


class _TextLine(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as one line, with the paper first if the message does not name it."""
        return " ".join(super().format(record).split())

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        arxiv_id = getattr(record, "arxiv_id", None)
        if arxiv_id and arxiv_id not in record.message:
            record.message = f"{arxiv_id}: {record.message}"
        record.message = redact_credentials(record.message)
        return super().formatMessage(record)


def start_logging(verbosity: int, log_format: LogFormat) -> None:
    """Log to stderr, one line per event.

    Errors are logged with -q, warnings by default, the steps of a run with -v, everything with -vv.
    """
    levels = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLine() if log_format == "json" else _TextLine())
    handler.addFilter(add_context)
    if verbosity < LIBRARY_VERBOSITY:
        handler.addFilter(_is_ours_or_an_error)
    logging.basicConfig(
        level=levels.get(max(-1, verbosity), logging.DEBUG), handlers=[handler], force=True
    )


def _is_ours_or_an_error(record: logging.LogRecord) -> bool:
    """Filter records of libraries by level, which some of them set on their own loggers."""
    return record.name.startswith("chatpaper") or record.levelno >= logging.ERROR


def prepare_streams() -> None:
    """Make stdout and stderr accept whatever is written.

    Services may close them; and a character that their encoding lacks is written as its escape, so
    that nothing is lost.
    """
    if sys.stdout is None:
        sys.stdout = _DEV_NULL.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = _DEV_NULL.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def echo(text: str) -> None:
    """Write a result for people to stdout, at once, in their language.

    Raises ConfigError where stdout accepts nothing more, as on a full disk.
    """
    echo_data(translate(text))


def echo_data(text: str) -> None:
    """Write a result that is no message, as titles and paths, to stdout; raises as `echo` does."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader, e.g. `head`, has seen enough.
        sys.stdout = _DEV_NULL.open("w", encoding="utf-8")
    except OSError as error:
        sys.stdout = _DEV_NULL.open("w", encoding="utf-8")
        raise ConfigError(f"The result cannot be written to stdout: {error.strerror}.") from error


def echo_json(value: object) -> None:
    """Write a result to stdout as JSON, in ASCII unless stdout can encode all characters."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    echo_data(json.dumps(value, ensure_ascii=not is_unicode, indent=1))


def write_raw(parts: Iterable[str]) -> None:
    """Write a result for another program to stdout, in UTF-8 and with its line ends as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.writelines(part.encode() for part in parts)
    sys.stdout.buffer.flush()


def echo_error(text: str) -> None:
    """Write a message to the person who runs the command to stderr, in their language.

    It is lost where stderr accepts nothing, as on a full disk.
    """
    try:
        print(f"chatpaper: {translate(text)}", file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = _DEV_NULL.open("w", encoding="utf-8")


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table to stdout: drawn on a terminal, else with a line per row; nothing if empty."""
    if not rows:
        return
    title, columns = translate(title), [translate(column) for column in columns]
    rows = [[translate(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in rows:
            echo_data(
                ", ".join(f"{column} {cell}" for column, cell in zip(columns, row, strict=True))
            )
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*map(Text, row))  # plain text: the name of a topic is not markup
    Console().print(table)
