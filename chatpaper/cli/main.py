"""The commands of the command line, with their options and help texts.

Imports that take time are deferred to the commands that need them, so that `--help` stays fast.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.main import get_command

from chatpaper.cli.agents.app import app as agents
from chatpaper.cli.backfill.app import app as backfill
from chatpaper.cli.config.app import app as config
from chatpaper.cli.help.completion import complete_file, complete_from
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.languages.commands import (
    TranslatedGroup,
    choose_language,
    translate_help,
)
from chatpaper.cli.notify.app import app as notify
from chatpaper.cli.options import (
    AsJson,
    BackendName,
    CheckedText,
    DemoFolder,
    DemoLanguage,
    ExtractionFolder,
    Formats,
    LanguageCode,
    ModelName,
    OutputFolder,
    PaperSourceName,
    PdfFiles,
    PostDate,
    PostFiles,
    ProfileName,
    SchemaName,
    SiteKind,
    SubmittedSince,
    SubmittedUntil,
    TopicAction,
    TopicName,
    TopicPhrases,
    Topics,
    WaitForAnnouncement,
    get_clock,
    hoist_global_options,
    is_quiet,
    load_settings,
    place_answer_flags,
)
from chatpaper.cli.papers.app import app as papers
from chatpaper.domain.project import __version__

if TYPE_CHECKING:
    from chatpaper.domain.clock import Clock

# By this name shells complete it, however it was started.
PROGRAM = "chatpaper"
REFERENCE_HELP = "arXiv id or URL, PDF file, or URL of a PDF."

app = typer.Typer(
    name="chatpaper",
    cls=TranslatedGroup,
    help="Follow a research field in your own language: "
    "checked summaries of new papers, as Markdown posts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from chatpaper.cli.console import echo

        echo(f"chatpaper {__version__}")
        raise typer.Exit


@app.callback()
def read_main_options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Settings file to use in place of ./chatpaper.toml.",
            autocompletion=complete_file,
        ),
    ] = None,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="Log more; -vv logs everything.")
    ] = 0,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Log errors only, and show no progress.")
    ] = False,
    log_format: Annotated[
        str,
        typer.Option(
            metavar="text|json",
            help="Format of the log.",
            autocompletion=complete_from("text", "json"),
        ),
    ] = "text",
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Follow a research field in your own language."""
    from chatpaper.cli.console import start_logging

    if log_format not in ("text", "json"):
        raise typer.BadParameter("--log-format is text or json")
    chosen: Literal["text", "json"] = "json" if log_format == "json" else "text"
    start_logging(-1 if quiet else verbose, chosen)
    context.obj = {"config": config, "quiet": quiet, "clock": context.obj}


@app.command(epilog=write_examples("run"))
def run(
    context: typer.Context,
    topic: Topics = None,
    date: PostDate = None,
    since: SubmittedSince = None,
    until: SubmittedUntil = None,
    max_papers: Annotated[
        int | None, typer.Option(min=0, help="Summarize at most this many papers.")
    ] = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    source: PaperSourceName = "arxiv",
    output: OutputFolder = None,
    profile: ProfileName = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="List the papers with estimated tokens and cost, and stop."),
    ] = False,
    wait_for_announcement: WaitForAnnouncement = None,
    as_json: AsJson = False,
) -> None:
    """Find the new papers of your topics, summarize them, and publish one post per topic."""
    from chatpaper.cli.commands import run_topics
    from chatpaper.cli.console import Display
    from chatpaper.pipeline.sources.windows import RequestedDates

    settings = load_settings(
        context,
        {
            **place_answer_flags(language, output, backend, model),
            "run": {
                "formats": format,
                "topics": topic,
                "wait_for_announcement": wait_for_announcement,
            },
            "budget": {"max_papers": max_papers},
        },
        profile,
    )
    raise typer.Exit(
        run_topics(
            settings,
            source,
            RequestedDates(date, since, until),
            Display(as_json, is_quiet(context)),
            dry_run=dry_run,
            clock=get_clock(context),
        )
    )


@app.command(epilog=write_examples("demo"))
def demo(
    context: typer.Context,
    output: DemoFolder = Path("chatpaper-demo"),
    language: DemoLanguage = "zh",
) -> None:
    """Show all of it on invented papers, in a folder of its own: no model, key or network."""
    from chatpaper.cli.console import Display
    from chatpaper.cli.demo import run_demo

    raise typer.Exit(
        run_demo(output, language, Display(quiet=is_quiet(context)), get_clock(context))
    )


@app.command(epilog=write_examples("summarize"))
def summarize(
    context: typer.Context,
    refs: Annotated[list[str], typer.Argument(metavar="REF", help=REFERENCE_HELP)],
    date: PostDate = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    output: OutputFolder = None,
    as_json: AsJson = False,
) -> None:
    """Summarize single papers, each in a post of its own."""
    from chatpaper.cli.commands import summarize_papers
    from chatpaper.cli.console import Display

    settings = load_settings(
        context,
        {
            **place_answer_flags(language, output, backend, model),
            "run": {"formats": format},
        },
    )
    display = Display(as_json, is_quiet(context))
    raise typer.Exit(summarize_papers(settings, refs, date, display))


@app.command(epilog=write_examples("extract"))
def extract(
    context: typer.Context,
    pdfs: PdfFiles,
    output: ExtractionFolder = Path("extracted"),
    jobs: Annotated[int, typer.Option(min=1, help="How many PDFs to read at a time.")] = 1,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Also write each paper as Markdown.")
    ] = False,
) -> None:
    """Extract sections, figures and tables from PDFs, without asking a model."""
    from chatpaper.cli.extract import extract_pdfs

    raise typer.Exit(
        extract_pdfs(load_settings(context), pdfs, output, jobs, with_markdown=markdown)
    )


@app.command(epilog=write_examples("check"))
def check(
    context: typer.Context,
    text: CheckedText,
    ref: Annotated[str, typer.Argument(metavar="REF", help=f"Paper: {REFERENCE_HELP}")],
    as_json: AsJson = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Have a model judge each sentence too; this needs a key."),
    ] = False,
) -> None:
    """Check the numbers, names and quotations in TEXT against the paper REF."""
    from chatpaper.cli.check import check_text

    settings = load_settings(context)
    raise typer.Exit(check_text(settings, text, ref, as_json=as_json, verify=verify))


@app.command(epilog=write_examples("lint"))
def lint(
    context: typer.Context,
    posts: PostFiles,
    as_json: AsJson = False,
) -> None:
    """Check the form of posts: front matter, images, links, markup, spacing and punctuation."""
    from chatpaper.cli.lint import lint_posts

    raise typer.Exit(lint_posts(load_settings(context), posts, as_json=as_json))


@app.command(epilog=write_examples("topics"))
def topics(
    context: typer.Context,
    action: TopicAction = "list",
    name: TopicName = None,
    count: Annotated[
        bool, typer.Option("--count", help="List how many papers arXiv has for each topic, too.")
    ] = False,
    phrases: TopicPhrases = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write the new topic to the settings without asking.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the topics and how many papers they find, or add one of your own."""
    from chatpaper.cli.console import Display
    from chatpaper.cli.topics.listing import list_topics, show_topic

    settings = load_settings(context)
    display = Display(as_json, is_quiet(context))
    if action == "list" and name is None:
        raise typer.Exit(list_topics(settings, display, count=count))
    if action == "show" and name is not None:
        raise typer.Exit(show_topic(settings, name, display))
    if action == "add" and name is not None and not as_json:
        from chatpaper.cli.topics.adding import add_topic

        chosen = tuple(phrases or ())
        clock = get_clock(context)
        raise typer.Exit(add_topic(settings, name, chosen, is_agreed=yes, clock=clock))
    raise typer.BadParameter(
        "use `chatpaper topics list`, `chatpaper topics show NAME` or `chatpaper topics add NAME`"
    )


@app.command(epilog=write_examples("status"))
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what was published, what is pending or failed, and the tokens and cost of each day."""
    from chatpaper.cli.status import show_status

    raise typer.Exit(show_status(load_settings(context), as_json=as_json, clock=get_clock(context)))


# Their commands are listed among the others.
app.add_typer(papers)
app.add_typer(backfill)
app.add_typer(notify)
app.add_typer(config, name="config")
app.add_typer(agents)


@app.command(epilog=write_examples("schema"))
def schema(
    name: SchemaName = None,
) -> None:
    """Print the JSON Schema of a file that is written, or of what `--json` prints."""
    from chatpaper.cli.schemas.command import print_schema

    raise typer.Exit(print_schema(name))


@app.command(epilog=write_examples("doctor"))
def doctor(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help="First repair what can be repaired safely.")
    ] = False,
) -> None:
    """Check key, endpoints, folders, versions and database, and say what to do."""
    from chatpaper.cli.doctor import run_checks

    raise typer.Exit(run_checks(load_settings(context), fix=fix, clock=get_clock(context)))


@app.command(epilog=write_examples("init"))
def init(
    kind: SiteKind,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="Folder of the site or vault.", autocompletion=complete_file
        ),
    ],
) -> None:
    """Look at a site or vault, and write the settings that fit it to its chatpaper.toml."""
    from chatpaper.cli.init import write_site_settings

    raise typer.Exit(write_site_settings(kind, path))


@app.command(epilog=write_examples("web"))
def web(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to serve at; localhost by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to serve at; 0 takes a free one.")
    ] = None,
) -> None:
    """Serve a web page with summaries and their evidence, a checker and the archive."""
    from chatpaper.cli.web import serve_page

    settings = load_settings(context, {"web": {"host": host, "port": port}})
    raise typer.Exit(serve_page(settings, get_clock(context)))


def main(clock: "Clock | None" = None) -> None:
    """Run the command line; never returns.

    Commands use `clock`, if one is given, in place of the clock of the system.
    """
    from chatpaper.cli.faults import exit_with_code

    arguments = hoist_global_options(sys.argv[1:])
    choose_language(arguments)
    command = get_command(app)
    translate_help(command)
    exit_with_code(
        lambda: command(
            args=arguments,
            prog_name=PROGRAM,
            standalone_mode=True,
            obj=clock,
        )
    )
