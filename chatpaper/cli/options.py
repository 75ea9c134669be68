"""Options that several commands share, and what all commands do with theirs."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatpaper.cli.help.completion import (
    complete_backend,
    complete_file,
    complete_format,
    complete_from,
    complete_language,
    complete_published,
    complete_schema,
    complete_site,
    complete_stored_topic,
    complete_topic,
)
from chatpaper.cli.languages.speech import speak

if TYPE_CHECKING:
    from chatpaper.app.settings import Settings
    from chatpaper.domain.clock import Clock

# Options of all commands; they may be given before or after the name of the command.
GLOBAL_FLAGS = ("-v", "-vv", "--verbose", "-q", "--quiet")
GLOBAL_OPTIONS = ("--config", "--log-format")


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-11-22") from None


def _day_option(name: str, text: str) -> Any:
    return typer.Option(name, parser=_parse_day, metavar="YYYY-MM-DD", help=text)


PostDate = Annotated[date | None, _day_option("--date", "Date of the post; today by default.")]
SubmittedSince = Annotated[
    date | None, _day_option("--since", "First day on which papers were submitted.")
]
SubmittedUntil = Annotated[
    date | None, _day_option("--until", "Last day on which papers were submitted.")
]
PostedSince = Annotated[date | None, _day_option("--since", "Date of the oldest posts.")]
PostedUntil = Annotated[date | None, _day_option("--until", "Date of the newest posts.")]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="Format of the posts: brief, daily, bilingual, card, report, or one of your own; may "
        "be repeated.",
        autocompletion=complete_format,
    ),
]
OutputFolder = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FOLDER",
        help="Folder to write posts to.",
        file_okay=True,
        autocompletion=complete_file,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
BackendName = Annotated[
    str | None,
    typer.Option(
        "--backend",
        metavar="NAME",
        autocompletion=complete_backend,
        help="Service to ask: gemini, deepseek, kimi, qwen, zhipu, siliconflow, ollama, vllm, "
        "openai (any other compatible server) or google_generativeai; extractive quotes the paper "
        "without a model.",
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Model to ask; each backend has a default."),
]
LanguageCode = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="zh|en|ja",
        help="Language of the summaries.",
        autocompletion=complete_language,
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Topic to follow; may be repeated.", autocompletion=complete_topic
    ),
]
PaperSourceName = Annotated[
    str,
    typer.Option(
        metavar="SOURCE",
        help="Where papers come from: arxiv, huggingface, biorxiv, medrxiv, openreview:VENUE, "
        "or a folder of PDFs.",
        autocompletion=complete_from("arxiv", "huggingface", "biorxiv", "medrxiv", "openreview:"),
    ),
]
PdfFiles = Annotated[
    list[Path],
    typer.Argument(metavar="PDF", help="PDF files to read.", autocompletion=complete_file),
]
ExtractionFolder = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Folder to write the JSON files and images to.",
        autocompletion=complete_file,
    ),
]
CheckedText = Annotated[
    Path,
    typer.Argument(
        metavar="TEXT",
        help="Text to check: a post, its JSON, or any other text; - for standard input.",
        autocompletion=complete_file,
    ),
]
PostFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="POST",
        help="Markdown files, or folders that contain them.",
        autocompletion=complete_file,
    ),
]
TopicAction = Annotated[
    str,
    typer.Argument(
        metavar="list|show|add",
        help="What to do.",
        autocompletion=complete_from("list", "show", "add"),
    ),
]
TopicName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="Name of the topic to show or to add.",
        autocompletion=complete_topic,
    ),
]
TopicPhrases = Annotated[
    list[str] | None,
    typer.Option(
        "--phrase",
        "--phrases",
        metavar="TEXT",
        help="English phrase that the new topic searches for, in place of those that are "
        "proposed; may be repeated.",
    ),
]
WaitForAnnouncement = Annotated[
    bool | None,
    typer.Option(
        "--wait-for-announcement",
        help="Wait until arXiv's listing has the papers that are announced next.",
    ),
]
SchemaName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="Schema to print, e.g. post or status.",
        autocompletion=complete_schema,
    ),
]
SiteKind = Annotated[
    str,
    typer.Argument(
        metavar="hexo|mkdocs|hugo|jekyll|obsidian",
        help="What is there.",
        autocompletion=complete_site,
    ),
]
DemoFolder = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Folder to write to: empty, or not there yet.",
        autocompletion=complete_file,
    ),
]
DemoLanguage = Annotated[
    str,
    typer.Option(
        metavar="zh|en",
        help="Language of the posts.",
        autocompletion=complete_from("zh", "en"),
    ),
]
ForgottenIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help="Ids of papers, as posts show them.",
        autocompletion=complete_published,
    ),
]
ForgottenTopic = Annotated[
    str | None,
    typer.Option(
        "--topic",
        metavar="NAME",
        help="Forget papers in this topic only.",
        autocompletion=complete_stored_topic,
    ),
]
ForgottenPost = Annotated[
    str | None,
    typer.Option(
        "--post", metavar="DATE/NAME", help="Forget a post in all its formats, with its papers."
    ),
]
Never = Annotated[bool, typer.Option("--never", help="Let no run take the papers in again.")]
MarkedIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help="arXiv ids or URLs, or names as `search` shows them; without any, the papers with "
        "this mark are listed.",
        autocompletion=complete_published,
    ),
]
PreviewFolder = Annotated[
    Path | None,
    typer.Option(
        "--preview",
        metavar="FOLDER",
        help="Write a file of each kind of message to this folder, and send nothing.",
        autocompletion=complete_file,
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="NAME", help="Reader whose settings are in the table profiles.NAME."
    ),
]
Undo = Annotated[bool, typer.Option("--undo", help="Take the mark away.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


def hoist_global_options(arguments: Sequence[str]) -> list[str]:
    """Move the options of all commands before the name of the command, where the parser wants them.

    >>> hoist_global_options(["run", "-v", "--topic", "LLM", "--config", "my.toml"])
    ['-v', '--config', 'my.toml', 'run', '--topic', 'LLM']
    """
    hoisted: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument in GLOBAL_FLAGS or argument.startswith(
            tuple(f"{option}=" for option in GLOBAL_OPTIONS)
        ):
            hoisted.append(argument)
        elif argument in GLOBAL_OPTIONS:
            value = next(remaining, None)
            hoisted += [argument] if value is None else [argument, value]
        else:
            rest.append(argument)
    return hoisted + rest


def is_quiet(context: typer.Context) -> bool:
    """Return whether --quiet was given."""
    return bool(context.obj["quiet"])


def get_clock(context: typer.Context) -> "Clock":
    """Return the clock that the caller of `main` gave, or that of the system."""
    from chatpaper.domain.clock import SYSTEM_CLOCK

    clock: Clock = context.obj["clock"] or SYSTEM_CLOCK
    return clock


def load_settings(
    context: typer.Context, flags: dict[str, Any] | None = None, profile: str | None = None
) -> "Settings":
    """Load the settings of a profile, or of all, overridden by what was given as flags.

    Raises ConfigError.
    """
    import logging

    from chatpaper.app import settings as app_settings

    config = context.obj["config"]
    if language := (flags or {}).get("language"):
        from chatpaper.write.formats import list_languages

        # One in which nothing can be written is refused in the language that was spoken before.
        if language in list_languages():
            speak(language)
    settings = app_settings.load_settings(config, drop_unset(flags or {}), profile or "")
    app_settings.prepare_network(settings)
    if warning := app_settings.warn_of_foreign_endpoint(settings, config):
        logging.getLogger(__name__).warning(warning)
    return settings


def place_answer_flags(
    language: str | None, output: Path | None, backend: str | None, model: str | None
) -> dict[str, Any]:
    """Return the flags that commands which ask a model share, each at its place in the settings."""
    return {
        "language": language,
        "output_dir": output,
        "llm": {"backend": backend, "model": model},
    }


def drop_unset(flags: dict[str, Any]) -> dict[str, Any]:
    """Return only the flags that were given: the others leave the settings as they are.

    >>> drop_unset({"language": None, "llm": {"model": None}, "run": {"formats": ["card"]}})
    {'run': {'formats': ['card']}}
    """
    given: dict[str, Any] = {}
    for name, value in flags.items():
        inner = drop_unset(value) if isinstance(value, dict) else value
        if inner not in (None, {}, []):
            given[name] = inner
    return given
