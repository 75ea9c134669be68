"""The command that exports papers for other programs: export."""

from datetime import date
from itertools import chain
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, write_raw
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.write.export.export import EXPORT_FORMATS, collect_papers
from chatpaper.write.files import write_parts_atomically
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
    if format not in EXPORT_FORMATS:
        raise ConfigError(f"Unknown format {format!r}; there are {', '.join(EXPORT_FORMATS)}.")
    if since and until and since > until:
        raise ConfigError(f"--since {since} is after --until {until}.")
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
    exported = EXPORT_FORMATS[format](papers if first is None else chain([first], papers))
    if output is None:
        write_raw(exported)
    else:
        write_parts_atomically(output, (part.encode() for part in exported))
        echo(str(output))
    return ExitCode.DONE
