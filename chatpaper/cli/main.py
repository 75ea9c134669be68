"""The commands.

Nothing heavy is imported before it is known that it is needed: `--help` has to answer at once.
"""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from chatpaper.domain.errors import ChatPaperError, ExitCode
from chatpaper.domain.project import __version__

if TYPE_CHECKING:
    from chatpaper.app.settings import Settings
    from chatpaper.domain.clock import Clock

app = typer.Typer(
    name="chatpaper",
    help="Follow a research field in your own language: checked summaries of new papers, as Markdown posts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

# Options of all commands; they may stand before or after the name of the command.
GLOBAL_FLAGS = ("-v", "-vv", "--verbose", "-q", "--quiet")
GLOBAL_OPTIONS = ("--config", "--log-format")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-11-22") from None


Day = Annotated[date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD")]
Formats = Annotated[
    list[str] | None, typer.Option("--format", help="Post format; may be given several times.")
]
Output = Annotated[Path | None, typer.Option(help="Folder that posts go to.", file_okay=True)]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
BackendName = Annotated[
    str | None,
    typer.Option(
        help="gemini, deepseek, kimi, qwen, zhipu, siliconflow, ollama, vllm, openai (any other server of its kind), "
        "google_generativeai or extractive."
    ),
]
ModelName = Annotated[str | None, typer.Option(help="Model to ask; the backend has a default.")]
LanguageCode = Annotated[str | None, typer.Option(help="Language of the summaries: zh, en, ja.")]


def _version(wanted: bool) -> None:
    if wanted:
        from chatpaper.cli.console import say

        say(f"chatpaper {__version__}")
        raise typer.Exit


@app.callback()
def globals_(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Settings file, in place of ./chatpaper.toml.")
    ] = None,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="Log more; -vv logs all.")
    ] = 0,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Log errors only; no progress.")
    ] = False,
    log_format: Annotated[str, typer.Option(help="text or json.")] = "text",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Follow a research field in your own language."""
    from chatpaper.cli.console import start_logging

    if log_format not in ("text", "json"):
        raise typer.BadParameter("--log-format is text or json")
    chosen: Literal["text", "json"] = "json" if log_format == "json" else "text"
    start_logging(-1 if quiet else verbose, chosen)
    context.obj = {"config": config, "quiet": quiet, "clock": context.obj}


@app.command()
def run(
    context: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Option(help="Topic to follow; may be given several times.")
    ] = None,
    date: Day = None,
    since: Day = None,
    until: Day = None,
    max_papers: Annotated[
        int | None, typer.Option(min=0, help="Begin no more than this many papers.")
    ] = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    source: Annotated[str, typer.Option(help="arxiv, huggingface, or a folder of PDFs.")] = "arxiv",
    output: Output = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List papers, tokens and cost; ask no model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find the new papers of your topics, summarize them, and publish a post a topic."""
    from chatpaper.cli.commands import run_topics
    from chatpaper.pipeline.sources.windows import RequestedDates

    settings = _settings(
        context,
        {
            "language": language,
            "output_dir": output,
            "llm": {"backend": backend, "model": model},
            "run": {"formats": format, "topics": topic},
            "budget": {"max_papers": max_papers},
        },
    )
    asked = RequestedDates(date, since, until)
    clock, quiet = _clock(context), _quiet(context)
    raise typer.Exit(
        run_topics(
            settings, source, asked, dry_run=dry_run, as_json=as_json, quiet=quiet, clock=clock
        )
    )


@app.command()
def summarize(
    context: typer.Context,
    refs: Annotated[
        list[str], typer.Argument(metavar="REF...", help="arXiv id or URL, PDF file, or PDF URL.")
    ],
    date: Day = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Summarize single papers, each in a post of its own."""
    from chatpaper.cli.commands import summarize_papers

    settings = _settings(
        context,
        {
            "language": language,
            "output_dir": output,
            "llm": {"backend": backend, "model": model},
            "run": {"formats": format},
        },
    )
    raise typer.Exit(summarize_papers(settings, refs, date, as_json=as_json, quiet=_quiet(context)))


@app.command()
def extract(
    context: typer.Context,
    pdfs: Annotated[list[Path], typer.Argument(metavar="PDF...", help="PDF files.")],
    output: Annotated[Path, typer.Option(help="Folder for the JSON files and images.")] = Path(
        "extracted"
    ),
    jobs: Annotated[int, typer.Option(min=1, help="PDFs to read at once.")] = 1,
) -> None:
    """Read sections, figures and tables out of PDFs; no model is asked."""
    from chatpaper.cli.commands import extract_pdfs

    raise typer.Exit(extract_pdfs(_settings(context, {}), pdfs, output, jobs))


@app.command()
def check(
    context: typer.Context,
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help="Post, its JSON, note or any other text.")
    ],
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="The paper: arXiv id or URL, PDF file, or PDF URL.")
    ],
    as_json: Json = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Have a model judge each sentence too; needs a key.")
    ] = False,
) -> None:
    """Is what TEXT says of a paper in the paper? Looks at its numbers, names and quotations."""
    from chatpaper.cli.check import check_text

    raise typer.Exit(check_text(_settings(context, {}), text, ref, as_json=as_json, verify=verify))


@app.command()
def lint(
    posts: Annotated[
        list[Path], typer.Argument(metavar="POST...", help="Markdown files, or folders of them.")
    ],
    as_json: Json = False,
) -> None:
    """Is the form of posts as it should be?

    Looks at front matter, images, links, markup, spacing and marks.
    """
    from chatpaper.cli.lint import lint_posts

    raise typer.Exit(lint_posts(posts, as_json=as_json))


@app.command()
def topics(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="list or show")] = "list",
    name: Annotated[str | None, typer.Argument(help="Topic to show.")] = None,
    count: Annotated[
        bool, typer.Option("--count", help="Ask arXiv how many papers each topic finds.")
    ] = False,
) -> None:
    """Show the topics, their queries, and how many papers each finds."""
    from chatpaper.cli.topics import list_topics, show_topic

    settings = _settings(context, {})
    if action == "list" and name is None:
        raise typer.Exit(list_topics(settings, count=count))
    if action == "show" and name is not None:
        raise typer.Exit(show_topic(settings, name))
    raise typer.BadParameter("use `chatpaper topics list` or `chatpaper topics show NAME`")


@app.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Show what is published, pending and failed, and tokens and money by day."""
    from chatpaper.cli.status import show_status

    raise typer.Exit(show_status(_settings(context, {}), as_json=as_json, clock=_clock(context)))


@app.command()
def retry(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Papers; all that were given up.")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="What was given up in this topic.")] = None,
    as_json: Json = False,
) -> None:
    """Take up again papers that were given up, or that wait after a failure: the next run has them."""
    from chatpaper.cli.retry import retry_papers

    settings = _settings(context, {})
    raise typer.Exit(
        retry_papers(settings, tuple(ids or ()), topic, as_json=as_json, clock=_clock(context))
    )


@app.command()
def render(
    context: typer.Context,
    since: Day = None,
    format: Formats = None,
    output: Output = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Write over posts that somebody edited, too: their edits are lost."
        ),
    ] = False,
) -> None:
    """Write posts again from what is stored; no model is asked."""
    from chatpaper.cli.commands import render_posts

    settings = _settings(context, {"output_dir": output})
    raise typer.Exit(render_posts(settings, since, tuple(format or ()), overwrite=overwrite))


@app.command()
def export(
    context: typer.Context,
    format: Annotated[str, typer.Option(help="bibtex, jsonl or csv.")],
    since: Day = None,
    until: Day = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="Posts of this topic only; may be given several times.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write, in place of stdout.", dir_okay=False)
    ] = None,
) -> None:
    """Give the papers of the posts of some days to other programs."""
    from chatpaper.cli.export import export_papers

    raise typer.Exit(
        export_papers(_settings(context, {}), format, since, until, tuple(topic or ()), output)
    )


@app.command()
def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Schema to print, e.g. post or status.")
    ] = None,
) -> None:
    """Print the JSON Schema of a file that is written, or of what `--json` prints."""
    from chatpaper.cli.schemas.command import print_schema

    raise typer.Exit(print_schema(name))


@app.command()
def doctor(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend first what can be mended safely, and say what.")
    ] = False,
) -> None:
    """Check key, endpoints, folders, versions and database, and say what to do."""
    from chatpaper.cli.doctor import examine

    raise typer.Exit(examine(_settings(context, {}), fix=fix, clock=_clock(context)))


@app.command()
def web(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to serve at; only this machine by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to serve at; 0 takes a free one.")
    ] = None,
) -> None:
    """Serve a page: summaries with their evidence, a checker and the archive, for people without a
    terminal.
    """
    from chatpaper.cli.web import serve_page

    settings = _settings(context, {"web": {"host": host, "port": port}})
    raise typer.Exit(serve_page(settings, _clock(context)))


def main(clock: "Clock | None" = None) -> None:
    """Run the command line; never returns.

    `run`, `status` and `doctor` go by `clock` where one is given.
    """
    from chatpaper.cli.console import complain, prepare_streams

    prepare_streams()
    try:
        app(args=globals_first(sys.argv[1:]), standalone_mode=True, obj=clock)
    except ChatPaperError as error:
        complain(f"chatpaper: {error}")
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        complain(
            "chatpaper: interrupted; what was paid for is kept, start the same command again to go on."
        )
        sys.exit(int(ExitCode.BUDGET))
    except Exception as error:
        _report_defect(error)
        sys.exit(int(ExitCode.DEFECT))


def globals_first(arguments: Sequence[str]) -> list[str]:
    """Move the options of all commands before the command, where the parser wants them."""
    first: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument in GLOBAL_FLAGS or argument.startswith(
            tuple(f"{option}=" for option in GLOBAL_OPTIONS)
        ):
            first.append(argument)
        elif argument in GLOBAL_OPTIONS:
            first += [argument, *([value] if (value := next(remaining, None)) is not None else [])]
        else:
            rest.append(argument)
    return first + rest


def _report_defect(error: Exception) -> None:
    import logging

    from chatpaper.cli.console import complain

    logging.getLogger(__name__).debug("unexpected error", exc_info=error)
    complain(
        f"chatpaper: a defect of ours: {type(error).__name__}: {error}. Nothing that was finished is lost. "
        "Please report it with the output of the same command with -vv."
    )


def _quiet(context: typer.Context) -> bool:
    return bool(context.obj["quiet"])


def _clock(context: typer.Context) -> "Clock":
    from chatpaper.domain.clock import SYSTEM_CLOCK

    clock: Clock = context.obj["clock"] or SYSTEM_CLOCK
    return clock


def _settings(context: typer.Context, flags: dict[str, Any]) -> "Settings":
    import logging

    from chatpaper.app.settings import key_goes_elsewhere, load_settings, prepare_network

    settings = load_settings(context.obj["config"], _given(flags))
    prepare_network(settings)
    if warning := key_goes_elsewhere(settings, context.obj["config"]):
        logging.getLogger(__name__).warning(warning)
    return settings


def _given(flags: dict[str, Any]) -> dict[str, Any]:
    """What the user really gave: empty groups and unset flags leave the settings as they are."""
    given: dict[str, Any] = {}
    for name, value in flags.items():
        inner = _given(value) if isinstance(value, dict) else value
        if inner not in (None, {}, []):
            given[name] = inner
    return given
