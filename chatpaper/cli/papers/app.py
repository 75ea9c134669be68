"""The commands on papers that are stored, with their options and help texts."""

from pathlib import Path
from typing import Annotated

import typer

from chatpaper.cli.help.completion import (
    complete_export_format,
    complete_failed,
    complete_file,
    complete_published,
    complete_stored_topic,
)
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import (
    AsJson,
    BackendName,
    ForgottenIds,
    ForgottenPost,
    ForgottenTopic,
    Formats,
    LanguageCode,
    MarkedIds,
    ModelName,
    Never,
    OutputFolder,
    PostedSince,
    PostedUntil,
    PreviewFolder,
    ProfileName,
    Undo,
    Yes,
    get_clock,
    load_settings,
    place_answer_flags,
)

app = typer.Typer()


@app.command(epilog=write_examples("search"))
def search(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORD", help="Words, or beginnings of words, that all occur."),
    ],
    topic: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only posts of this topic.", autocompletion=complete_stored_topic
        ),
    ] = None,
    since: PostedSince = None,
    until: PostedUntil = None,
    as_json: AsJson = False,
) -> None:
    """Search the titles and summaries of published papers, the newest first."""
    from chatpaper.cli.papers.search import SearchRequest, search_papers

    request = SearchRequest(" ".join(words), topic, since, until)
    raise typer.Exit(search_papers(load_settings(context), request, as_json=as_json))


@app.command(epilog=write_examples("show"))
def show(
    context: typer.Context,
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="arXiv id or URL, or a name as `search` shows it.",
            autocompletion=complete_published,
        ),
    ],
    format: Formats = None,
) -> None:
    """Print the summary of a published paper as Markdown."""
    from chatpaper.cli.papers.show import show_paper

    raise typer.Exit(show_paper(load_settings(context), id, tuple(format or ())))


@app.command(epilog=write_examples("retry"))
def retry(
    context: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            help="Ids of papers; by default all papers that were given up.",
            autocompletion=complete_failed,
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only papers of this topic.", autocompletion=complete_stored_topic
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Queue papers again that were given up, or that wait after a failure."""
    from chatpaper.cli.papers.retry import retry_papers

    settings = load_settings(context)
    clock = get_clock(context)
    raise typer.Exit(retry_papers(settings, tuple(ids or ()), topic, as_json=as_json, clock=clock))


@app.command(epilog=write_examples("forget"))
def forget(
    context: typer.Context,
    ids: ForgottenIds = None,
    topic: ForgottenTopic = None,
    post: ForgottenPost = None,
    never: Never = False,
    yes: Yes = False,
) -> None:
    """Remove papers, or a post, from posts, index, feed and database."""
    from chatpaper.cli.papers.forget import ForgetRequest, forget_papers

    request = ForgetRequest(tuple(ids or ()), topic, post, never, yes)
    raise typer.Exit(forget_papers(load_settings(context), request, get_clock(context)))


@app.command(epilog=write_examples("like"))
def like(
    context: typer.Context, ids: MarkedIds = None, undo: Undo = False, profile: ProfileName = None
) -> None:
    """Let papers like these come first, as if they were in your library."""
    from chatpaper.cli.papers.marks import mark_papers

    settings, clock = load_settings(context, profile=profile), get_clock(context)
    raise typer.Exit(mark_papers(settings, "like", tuple(ids or ()), undo=undo, clock=clock))


@app.command(epilog=write_examples("hide"))
def hide(
    context: typer.Context, ids: MarkedIds = None, undo: Undo = False, profile: ProfileName = None
) -> None:
    """Do not offer these papers again, and put papers like them last."""
    from chatpaper.cli.papers.marks import mark_papers

    settings, clock = load_settings(context, profile=profile), get_clock(context)
    raise typer.Exit(mark_papers(settings, "hide", tuple(ids or ()), undo=undo, clock=clock))


@app.command(epilog=write_examples("read"))
def read(
    context: typer.Context, ids: MarkedIds = None, undo: Undo = False, profile: ProfileName = None
) -> None:
    """Do not offer these papers again, without any judgement of them."""
    from chatpaper.cli.papers.marks import mark_papers

    settings, clock = load_settings(context, profile=profile), get_clock(context)
    raise typer.Exit(mark_papers(settings, "read", tuple(ids or ()), undo=undo, clock=clock))


@app.command(epilog=write_examples("render"))
def render(
    context: typer.Context,
    since: PostedSince = None,
    format: Formats = None,
    output: OutputFolder = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Overwrite posts that somebody edited; the edits are lost."
        ),
    ] = False,
) -> None:
    """Write posts again from the database, without asking a model."""
    from chatpaper.cli.commands import render_posts

    settings = load_settings(context, {"output_dir": output})
    raise typer.Exit(render_posts(settings, since, tuple(format or ()), overwrite=overwrite))


@app.command(epilog=write_examples("overview"))
def overview(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Topic whose papers it is about; else each of run.topics.",
            autocompletion=complete_stored_topic,
        ),
    ] = None,
    since: PostedSince = None,
    until: PostedUntil = None,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send it to everybody who gets messages.")
    ] = False,
    preview: PreviewFolder = None,
    profile: ProfileName = None,
    format: Annotated[str, typer.Option(metavar="overview", help="Format of the post.")] = (
        "overview"
    ),
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    output: OutputFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the overview of some days: themes, what is new, results side by side, open problems."""
    from chatpaper.cli.papers.overview import AskedOverview, write_overviews

    flags = place_answer_flags(language, output, backend, model)
    settings = load_settings(context, flags, profile)
    asked = AskedOverview(topic, since, until, format, notify, preview)
    raise typer.Exit(write_overviews(settings, asked, get_clock(context), as_json=as_json))


@app.command(epilog=write_examples("export"))
def export(
    context: typer.Context,
    format: Annotated[
        str,
        typer.Option(
            metavar="bibtex|jsonl|csv|ris|obsidian|notion",
            help="Format to export to.",
            autocompletion=complete_export_format,
        ),
    ],
    since: PostedSince = None,
    until: PostedUntil = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only posts of this topic; may be repeated.",
            autocompletion=complete_stored_topic,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File to write in place of stdout; folder for the notes of obsidian and notion.",
            autocompletion=complete_file,
        ),
    ] = None,
) -> None:
    """Export published papers as BibTeX, RIS, JSON Lines or CSV, or as notes, one a paper."""
    from chatpaper.cli.papers.export import export_papers

    settings = load_settings(context)
    raise typer.Exit(export_papers(settings, format, since, until, tuple(topic or ()), output))
