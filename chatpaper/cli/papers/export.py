"""The command that exports papers for other programs: export."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, write_raw
from chatpaper.domain import squash_id
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.write.export.export import EXPORT_FORMATS, ExportedPaper, collect_papers
from chatpaper.write.export.vaults import NOTE_FORMATS
from chatpaper.write.files import make_safe_filename, write_atomically, write_parts_atomically
from chatpaper.write.site.post_folder import PostFolder


def export_papers(
    settings: Settings,
    format: str,
    since: date | None,
    until: date | None,
    topics: tuple[str, ...],
    output: Path | None,
) -> ExitCode:
    """Export the papers of the posts from `since` to `until`: `chatpaper export`."""
    known = (*EXPORT_FORMATS, *NOTE_FORMATS)
    if format not in known:
        raise ConfigError(f"Unknown format {format!r}; there are {', '.join(known)}.")
    if since and until and since > until:
        raise ConfigError(f"--since {since} is after --until {until}.")
    if output is None and format in NOTE_FORMATS:
        raise ConfigError(f"{format} has a note for each paper: give their folder by --output.")
    if output is not None and output.exists() and output.is_dir() != (format in NOTE_FORMATS):
        kind = "a folder" if format in NOTE_FORMATS else "a file"
        raise ConfigError(f"{format} is written to {kind}: {output} is none.")
    papers = collect_papers(
        PostFolder(settings.output_dir, settings.cache_dir, settings.post.layout),
        since,
        until,
        topics,
    )
    first = next(papers, None)
    if first is None:
        echo_error(
            f"There are no such posts in {settings.output_dir}: "
            f"{settings.output_dir / 'index.md'} lists those that there are."
        )
    found: Iterable[ExportedPaper] = papers if first is None else chain([first], papers)
    if output is not None and format in NOTE_FORMATS:
        _write_notes(found, format, output)
    elif output is not None:
        exported = EXPORT_FORMATS[format](found)
        write_parts_atomically(output, (part.encode() for part in exported))
        echo(str(output))
    else:
        write_raw(EXPORT_FORMATS[format](found))
    return ExitCode.DONE


def _write_notes(papers: Iterable[ExportedPaper], format: str, folder: Path) -> None:
    """Write a note for each paper; those that are there stay, since people write into them."""
    kept = 0
    for path, paper in _name_notes(papers, folder):
        if path.exists():
            kept += 1
            continue
        write_atomically(path, NOTE_FORMATS[format](paper.full_record).encode())
        echo(str(path))
    if kept:
        echo_error(f"Notes that were there and stay as they are: {kept}")


def _name_notes(
    papers: Iterable[ExportedPaper], folder: Path
) -> Iterator[tuple[Path, ExportedPaper]]:
    for paper in papers:
        name = make_safe_filename(squash_id(paper.record["arxiv_id"]))
        yield folder / f"{name}.md", paper
