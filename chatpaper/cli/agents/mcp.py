"""The command that serves agents: mcp."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatpaper.app.agents.library import open_library
from chatpaper.app.agents.summarizing import Spending
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

# Beside that of the page.
DEFAULT_PORT = 7861
ADDRESS_PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class Service:
    """How agents are served: over stdio or HTTP at a port, and whether they may ask the model."""

    http: bool = False
    port: int = DEFAULT_PORT
    summaries: bool = False


def serve_agents(settings: Settings, service: Service, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """Serve agents until stdin is closed or the command is interrupted: `chatpaper mcp`.

    Raises ConfigError where the extra is not installed, and over HTTP where the address cannot be
    used or needs access control.
    """
    try:
        from chatpaper.cli.agents.mcp_server import build_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("chatpaper"):
            raise
        raise ConfigError(
            "Agents need a library that is not installed: run `pip install 'chatpaper[mcp]'`, "
            "or in a clone `pip install -e '.[mcp]'`."
        ) from error
    with open_library(settings, clock) as library:
        server = build_server(library, Spending() if service.summaries else None)
        if service.http:
            _serve_http(server, settings, service.port, clock)
        else:
            server.run("stdio")
    return ExitCode.DONE


def _serve_http(server: "MCPServer[Any]", settings: Settings, port: int, clock: Clock) -> None:
    """Serve at `web.host`, with the access control of the page."""
    from mcp.server.transport_security import TransportSecuritySettings

    from chatpaper.web.access.connections import (
        build_http_server,
        describe_address,
        open_listening_socket,
    )
    from chatpaper.web.access.middleware import AccessMiddleware, ensure_access_control
    from chatpaper.web.access.visitors import LoginAttempts

    ensure_access_control(settings.web)
    app = server.streamable_http_app(
        streamable_http_path=ADDRESS_PATH,
        # What comes before it looks at hosts and origins, for other addresses than loopback too.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    with open_listening_socket(settings.web.host, port) as listening:
        guarded = AccessMiddleware(app, settings.web, LoginAttempts(clock))
        served = build_http_server(guarded, behind_proxy=bool(settings.web.proxy_header))
        echo(describe_address(listening, ADDRESS_PATH))
        served.run(sockets=[listening])
