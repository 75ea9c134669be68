"""The commands for agents, with their options and help texts."""

from typing import Annotated

import typer

from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import get_clock, load_settings

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
