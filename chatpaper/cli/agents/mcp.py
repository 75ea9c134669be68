"""The command that serves agents: mcp."""

from chatpaper.app.agents.library import open_library
from chatpaper.app.settings import Settings
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode


def serve_agents(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """Serve an agent over stdin and stdout until it closes them: `chatpaper mcp`.

    Raises ConfigError where the extra is not installed.
    """
    try:
        from chatpaper.cli.agents.mcp_server import build_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("chatpaper"):
            raise
        raise ConfigError(
            "Agents need a library that is not installed: run `pip install 'chatpaper[mcp]'`."
        ) from error
    with open_library(settings, clock) as library:
        build_server(library).run("stdio")
    return ExitCode.DONE
