"""The command that hands papers to other programs: export."""

from datetime import date
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.cli.console import complain, hand_over, say
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.write.export.export import EXPORT_FORMATS, exported_papers
from chatpaper.write.files import write_atomically
from chatpaper.write.site.post_folder import Archive


def export_papers(
    settings: Settings,
    format: str,
    since: date | None,
    until: date | None,
    topics: tuple[str, ...],
    output: Path | None,
) -> ExitCode:
    """`chatpaper export`; the days are those of the posts."""
    if format not in EXPORT_FORMATS:
        raise ConfigError(
            f"Unknown format {format!r}; papers are exported as {', '.join(EXPORT_FORMATS)}."
        )
    if since and until and since > until:
        raise ConfigError(f"--since {since} is after --until {until}.")
    papers = exported_papers(Archive(settings.output_dir, settings.cache_dir), since, until, topics)
    if not papers:
        complain(
            f"There are no such posts in {settings.output_dir}: see {settings.output_dir / 'index.md'}."
        )
    exported = EXPORT_FORMATS[format](papers)
    if output is None:
        hand_over(exported)
    else:
        write_atomically(output, exported.encode())
        say(str(output))
    return ExitCode.DONE
