"""An agent of tests: a client of the protocol's own library, which calls tools one by one."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.cli.forked import Forker, without_settings

# All workers read this file, and one of them runs agents: the library takes a second to load.
if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from mcp import Client


@dataclass
class Agent:
    """Calls tools of a server, and keeps what it was told of their progress."""

    portal: "BlockingPortal"
    client: "Client"
    progress: list[tuple[float, float | None, str | None]] = field(default_factory=list)

    def call(self, tool: str, **arguments: Any) -> Any:
        """Return the structured answer of a tool that has to succeed."""
        answer = self.ask(tool, **arguments)
        assert not answer.is_error, answer.content
        return answer.structured_content

    def refusal(self, tool: str, **arguments: Any) -> str:
        """Return what a tool says that has to fail."""
        answer = self.ask(tool, **arguments)
        assert answer.is_error, answer.structured_content
        return str(answer.content[0].text)

    def ask(self, tool: str, **arguments: Any) -> Any:
        async def note(progress: float, total: float | None, message: str | None) -> None:
            self.progress.append((progress, total, message))

        async def call() -> Any:
            return await self.client.call_tool(tool, arguments, progress_callback=note)

        return self.portal.call(call)

    def tools(self) -> dict[str, Any]:
        """Return the tools that are offered, by name."""
        listed = self.portal.call(self.client.list_tools)
        return {tool.name: tool for tool in listed.tools}


@contextmanager
def connect(connection: Any) -> Iterator[Agent]:
    """Connect an agent by a transport, or to an address."""
    from anyio.from_thread import start_blocking_portal
    from mcp import Client

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(connection)) as client,
    ):
        yield Agent(portal, client)


@contextmanager
def start_agent(
    folder: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    forker: Forker | None = None,
) -> Iterator[Agent]:
    """Start `chatpaper mcp` in a folder as an agent does, and connect to it over stdio.

    A forker has the server in a fork, and runs nothing else until the agent is done.
    """
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client

    if forker is not None:
        forker.load("chatpaper.cli.agents.mcp_server", "mcp.server.stdio")
    program, *arguments = forker.program() if forker else (sys.executable, "-m", "chatpaper")
    server = StdioServerParameters(
        command=program,
        args=[*arguments, "mcp", *options],
        env={**without_settings(os.environ), **(environment or {})},
        cwd=folder,
    )
    with connect(stdio_client(server)) as agent:
        yield agent
