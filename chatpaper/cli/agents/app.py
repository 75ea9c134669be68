"""The commands for agents, with their options and help texts."""

import typer

from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import get_clock, load_settings

app = typer.Typer()


@app.command(epilog=write_examples("mcp"))
def mcp(context: typer.Context) -> None:
    """Let agents search, read and check papers, by the Model Context Protocol."""
    from chatpaper.cli.agents.mcp import serve_agents

    raise typer.Exit(serve_agents(load_settings(context), get_clock(context)))
