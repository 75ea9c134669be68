"""What a person at a terminal sees: results on stdout, logs and progress on stderr."""

import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from chatpaper.domain import Paper
from chatpaper.domain.errors import ConfigError, redact_credentials
from chatpaper.domain.log_context import add_context

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from chatpaper.pipeline.report.run_report import Stage

LogFormat = Literal["text", "json"]

# From -vv on, libraries may say what they do; below that, what matters of it we log ourselves.
VERBOSITY_OF_LIBRARIES = 2

_NOWHERE = Path(os.devnull)


def _message(record: logging.LogRecord) -> str:
    """What a record says, with the traceback that goes with it."""
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
        """One line; the paper comes first where the message does not name it itself."""
        return " ".join(super().format(record).split())

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is the standard library's)
        arxiv_id = getattr(record, "arxiv_id", None)
        if arxiv_id and arxiv_id not in record.message:
            record.message = f"{arxiv_id}: {record.message}"
        record.message = redact_credentials(record.message)
        return super().formatMessage(record)


def start_logging(verbosity: int, log_format: LogFormat) -> None:
    """Log to stderr, one line an event: errors (-q), warnings (default), the course of the run
    (-v), all (-vv).
    """
    levels = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLine() if log_format == "json" else _TextLine())
    handler.addFilter(add_context)
    if verbosity < VERBOSITY_OF_LIBRARIES:
        handler.addFilter(_is_ours_or_an_error)
    logging.basicConfig(
        level=levels.get(max(-1, verbosity), logging.DEBUG), handlers=[handler], force=True
    )


def _is_ours_or_an_error(record: logging.LogRecord) -> bool:
    """Some libraries set the level of their loggers when they are imported: only the handler has
    the last word.
    """
    return record.name.startswith("chatpaper") or record.levelno >= logging.ERROR


def prepare_streams() -> None:
    """Make stdout and stderr take whatever is written: services close them, and old terminals know
    few letters.

    A letter that the encoding of the stream lacks is written as its escape, so that nothing is
    lost.
    """
    if sys.stdout is None:
        sys.stdout = _NOWHERE.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = _NOWHERE.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, end: str = "\n") -> None:
    """A result, on stdout.

    Raises ConfigError where stdout takes nothing more, as on a full disk.
    """
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        # Who reads has seen enough.
        sys.stdout = _NOWHERE.open("w", encoding="utf-8")
    except OSError as error:
        sys.stdout = _NOWHERE.open("w", encoding="utf-8")
        raise ConfigError(
            f"What was found cannot be written to stdout: {error.strerror}."
        ) from error


def say_json(value: object) -> None:
    """A result as JSON, on stdout; in ASCII where the encoding of stdout does not know all letters."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    say(json.dumps(value, ensure_ascii=not is_unicode, indent=1))


def tell_at_once(text: str) -> None:
    """A result that somebody waits for while the command goes on, on stdout."""
    say(text)


def hand_over(text: str) -> None:
    """A result for another program, on stdout: always UTF-8, with its line ends as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def complain(text: str) -> None:
    """A message to the person who runs the command, on stderr; lost where stderr takes nothing, as
    on a full disk.
    """
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = _NOWHERE.open("w", encoding="utf-8")


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout: drawn where it is a terminal, else a line a row; nothing where there is no
    row.
    """
    if not rows:
        return
    if not sys.stdout.isatty():
        for row in rows:
            say(", ".join(f"{column} {cell}" for column, cell in zip(columns, row, strict=True)))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*map(Text, row))  # as they are: a topic's name is no markup
    Console().print(table)


class ConsoleProgress:
    """A bar on stderr while papers are worked on; silent where stderr is no terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> "ConsoleProgress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, papers: int) -> None:
        """Show the bar."""
        if not self._shown:
            return
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("papers", total=papers)
        self._bar.start()

    def at(self, paper: Paper, stage: "Stage") -> None:
        """Name the paper and its stage."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=f"{stage} {paper.idv}")

    def finish(self, paper: Paper) -> None:
        """One paper less to do."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)
