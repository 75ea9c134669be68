"""The commands for agents, with their options and help texts."""

from typing import Annotated

import typer

from chatpaper.cli.help.completion import complete_published
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import (
    AsJson,
    BackendName,
    LanguageCode,
    ModelName,
    get_clock,
    load_settings,
    place_answer_flags,
)

app = typer.Typer()


@app.command(epilog=write_examples("mcp"))
def mcp(
    context: typer.Context,
    summaries: Annotated[
        bool,
        typer.Option(
            "--summaries", help="Also let agents have papers summarized, within the budget."
        ),
    ] = False,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP in place of stdin and stdout.")
    ] = False,
    host: Annotated[
        str | None, typer.Option(help="Address to serve HTTP at; localhost by default.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port to serve HTTP at; 7861 by default, 0 takes a free one."
        ),
    ] = None,
) -> None:
    """Let agents search, read and check papers, by the Model Context Protocol."""
    from chatpaper.cli.agents.mcp import DEFAULT_PORT, Service, serve_agents

    if not http and (host is not None or port is not None):
        raise typer.BadParameter("--host and --port go with --http")
    settings = load_settings(context, {"web": {"host": host}})
    service = Service(http, DEFAULT_PORT if port is None else port, summaries)
    raise typer.Exit(serve_agents(settings, service, get_clock(context)))


@app.command(epilog=write_examples("ask"))
def ask(
    context: typer.Context,
    paper: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="arXiv id or URL, a name as `search` shows it, PDF file, or URL of a PDF.",
            autocompletion=complete_published,
        ),
    ],
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question, in any language.")
    ],
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question about a paper, in statements that it supports, with their pages."""
    from chatpaper.cli.agents.ask import answer_question

    settings = load_settings(context, place_answer_flags(language, None, backend, model))
    raise typer.Exit(answer_question(settings, paper, question, as_json=as_json))
