"""The commands on papers that are stored, with their options and help texts."""

from pathlib import Path
from typing import Annotated

import typer

from chatpaper.cli.options import (
    AsJson,
    ForgottenIds,
    ForgottenPost,
    ForgottenTopic,
    Formats,
    Never,
    OutputFolder,
    PostedSince,
    PostedUntil,
    Yes,
    get_clock,
    load_settings,
)

app = typer.Typer()


@app.command()
def retry(
    context: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID...]", help="Ids of papers; by default all papers that were given up."
        ),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only papers of this topic.")] = None,
    as_json: AsJson = False,
) -> None:
    """Queue papers again that were given up, or that wait after a failure."""
    from chatpaper.cli.papers.retry import retry_papers

    settings = load_settings(context)
    clock = get_clock(context)
    raise typer.Exit(retry_papers(settings, tuple(ids or ()), topic, as_json=as_json, clock=clock))


@app.command()
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


@app.command()
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


@app.command()
def export(
    context: typer.Context,
    format: Annotated[str, typer.Option(help="Format to export to: bibtex, jsonl or csv.")],
    since: PostedSince = None,
    until: PostedUntil = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="Only posts of this topic; may be repeated.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write in place of stdout.", dir_okay=False)
    ] = None,
) -> None:
    """Export published papers as BibTeX, JSON Lines or CSV."""
    from chatpaper.cli.papers.export import export_papers

    settings = load_settings(context)
    raise typer.Exit(export_papers(settings, format, since, until, tuple(topic or ()), output))
