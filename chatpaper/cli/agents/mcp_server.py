"""The tools as a server of the Model Context Protocol.

Over stdio, stdout carries the protocol alone; logs go to stderr.
"""

import functools
import time
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ParamSpec, TypeVar

from anyio import create_task_group, from_thread, sleep, to_thread
from anyio.lowlevel import current_token
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from chatpaper.app.agents import summarizing, tools
from chatpaper.app.agents.library import Library
from chatpaper.app.agents.results import (
    NOTICE,
    CheckedClaimJson,
    FoundPapersJson,
    PaperSummaryJson,
    SectionTextJson,
)
from chatpaper.app.agents.summarizing import Spending
from chatpaper.domain.errors import ChatPaperError
from chatpaper.domain.project import PROJECT_URL, __version__

# Clients give up on a call of which they hear nothing, the first of them after half a minute.
HEARTBEAT_SECONDS = 10.0

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

INSTRUCTIONS = f"""\
A library of research papers, each summarized in the language of its owner and checked against its
PDF. search_papers finds summaries, get_summary shows one with the words and pages that support it,
get_section reads the paper itself, and check_claim holds what you are about to say of a paper
against it: use it before you state numbers. Cite pages. {NOTICE}"""

PaperName = Annotated[
    str, Field(description="arXiv id or URL, or an id as search_papers gives it", max_length=300)
]
Offset = Annotated[int, Field(ge=0, description="Where to go on: `next_offset` of the last answer")]


def build_server(library: Library, spending: Spending | None = None) -> MCPServer[Any]:
    """Build the server of a library, with the tools that read.

    With `spending` there is the tool that has a paper summarized too.
    """
    server: MCPServer[Any] = MCPServer(
        "chatpaper",
        title="chatpaper",
        instructions=INSTRUCTIONS,
        website_url=PROJECT_URL,
        version=__version__,
        log_level="ERROR",
    )
    _add_library_tools(server, library)
    _add_paper_tools(server, library)
    if spending is not None:
        _add_summarizer(server, library, spending)
    return server


def _add_library_tools(server: MCPServer[Any], library: Library) -> None:
    """Add what looks at nothing but the database of this machine."""
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    @server.tool(title="Search papers", annotations=reads)
    @explain_errors
    def search_papers(
        words: Annotated[
            str, Field(description="Words, or beginnings of words, that all occur", max_length=300)
        ] = "",
        topic: Annotated[str | None, Field(description="Only papers of this topic")] = None,
        since: Annotated[date | None, Field(description="Oldest day of posts")] = None,
        until: Annotated[date | None, Field(description="Newest day of posts")] = None,
        offset: Offset = 0,
    ) -> FoundPapersJson:
        """Search titles and summaries of the papers of this library, the newest first."""
        return tools.search_papers(library, words, topic, since, until, offset)

    @server.tool(title="Read a summary", annotations=reads)
    @explain_errors
    def get_summary(paper: PaperName) -> PaperSummaryJson:
        """Return the checked summary of a paper, with the words and pages that support it."""
        return tools.get_summary(library, paper)


def _add_paper_tools(server: MCPServer[Any], library: Library) -> None:
    """Add what reads papers, and fetches from arXiv those that the library does not have."""
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=True)

    @server.tool(title="Read a section", annotations=reads)
    @explain_errors
    def get_section(
        paper: PaperName,
        section: Annotated[
            str,
            Field(description="Number or title; empty for the list of sections", max_length=300),
        ] = "",
        offset: Offset = 0,
    ) -> SectionTextJson:
        """Return the text of a section of a paper, a long one in parts.

        Reads any paper of arXiv; one that the library does not have is downloaded first.
        """
        return tools.get_section(library, paper, section, offset)

    @server.tool(title="Check a claim", annotations=reads)
    @explain_errors
    def check_claim(
        paper: PaperName,
        claim: Annotated[str, Field(description="One or a few sentences about the paper")],
    ) -> CheckedClaimJson:
        """Hold the numbers, names and quotations of a claim against a paper.

        Returns where the paper has each, and the passages that bear on the claim. No model is
        asked.
        """
        return tools.check_claim(library, paper, claim)


def _add_summarizer(server: MCPServer[Any], library: Library, spending: Spending) -> None:
    """Add what asks the model, which costs money, and writes a post."""
    writes = ToolAnnotations(
        read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True
    )

    @server.tool(title="Summarize a paper", annotations=writes)
    async def summarize_paper(paper: PaperName, context: Context) -> PaperSummaryJson:
        """Have the model of the owner summarize a paper of arXiv, which takes a minute and money.

        A paper that has a summary is not summarized again. The summary is checked against the
        paper and stays in the library.
        """
        begun, loop = time.monotonic(), current_token()

        async def report(message: str) -> None:
            await context.report_progress(time.monotonic() - begun, message=message)

        def tell(message: str) -> None:
            from_thread.run(report, message, token=loop)

        async def keep_alive() -> None:
            while True:
                await sleep(HEARTBEAT_SECONDS)
                await report("still at work")

        def attempt() -> PaperSummaryJson | ToolError:
            try:
                return summarizing.summarize_paper(library, paper, spending, tell)
            except ChatPaperError as error:
                return ToolError(str(error))

        # What is raised within a group of tasks comes out of it wrapped.
        async with create_task_group() as tasks:
            tasks.start_soon(keep_alive)
            done = await to_thread.run_sync(attempt)
            tasks.cancel_scope.cancel()
        if isinstance(done, ToolError):
            raise done
        return done


def explain_errors(tool: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a tool tell an agent what went wrong and what to do, where that is known."""

    @functools.wraps(tool)
    def explained(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return tool(*args, **kwargs)
        except ChatPaperError as error:
            raise ToolError(str(error)) from error

    return explained
