"""The page for programs: the tools of agents over HTTP, described by OpenAPI.

Who may ask is decided as for the page, and what visitors do not see there is not here either.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field

from chatpaper.app.agents import tools
from chatpaper.app.agents.library import Library, UnknownNameError
from chatpaper.app.agents.results import (
    NOTICE,
    CheckedClaimJson,
    FoundPapersJson,
    PaperSummaryJson,
    SectionTextJson,
)
from chatpaper.domain.errors import ChatPaperError, ConfigError, PaperNotFoundError, UpstreamError
from chatpaper.domain.json_model import JsonModel
from chatpaper.domain.project import __version__
from chatpaper.web.jobs.job import Job, State, Step
from chatpaper.web.jobs.job_queue import QueueFullError
from chatpaper.web.jobs.messages import make_public_message
from chatpaper.web.jobs.requests import parse_request
from chatpaper.web.state import AppState
from chatpaper.web.visitor_errors import VisitorError

API_PATH = "/api/v1"
# A claim of the most characters, in whatever script, as JSON with escapes.
MAX_BODY_BYTES = 64 * 1024
DESCRIPTION = f"""\
Papers that were summarized and checked, for programs. Access is that of the page: this machine
alone, or `web.password` as a Bearer token or by HTTP Basic. {NOTICE}"""

Answer = TypeVar("Answer")

PaperPath = Annotated[
    str, Path(description="arXiv id, or an id as `papers` gives it", max_length=300)
]
JobNumber = Annotated[str, Path(description="`job` of the answer that accepted it")]
Offset = Annotated[int, Query(ge=0, description="Where to go on: `next_offset` of the last answer")]


class ClaimRequest(BaseModel):
    """What is said of a paper."""

    claim: str = Field(
        description="One or a few sentences about the paper", max_length=tools.MAX_CLAIM_CHARACTERS
    )


class ErrorJson(JsonModel):
    """What went wrong, and what to do."""

    detail: str = Field(description="What went wrong, and what to do")


class JobJson(JsonModel):
    """A summary that was asked for, and how far it is."""

    job: str = Field(description="Number of the job, which cannot be guessed")
    paper: str = Field(description="The paper: ask for its summary when the job is done")
    state: State = Field(description="How far the job is")
    step: Step = Field(description="What is done at the moment; empty where it has not begun")
    error: str = Field(description="Why it failed; empty unless it did")


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorJson, "description": description}
    for status, description in (
        (400, "What was asked for cannot be done"),
        (404, "There is no such paper, section or topic"),
        (429, "Wait until your last request is answered, or the queue is shorter"),
        (502, "arXiv does not answer"),
    )
}


def make_api(state: AppState) -> FastAPI:
    """Build the application below `API_PATH`; its description is at `openapi.json`."""
    api = FastAPI(
        title="chatpaper",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    routes = ApiRoutes(state)
    paper = "/papers/{paper:path}"
    # Ids of the old style have a slash: what follows an id comes before a paper by itself.
    for path, handler, method, status in (
        ("/papers", routes.search_papers, "GET", 200),
        (f"{paper}/summary", routes.get_summary, "GET", 200),
        (f"{paper}/summary", routes.summarize_paper, "POST", 202),
        (f"{paper}/section", routes.get_section, "GET", 200),
        (f"{paper}/check", routes.check_claim, "POST", 200),
        ("/jobs/{job}", routes.get_job, "GET", 200),
    ):
        api.add_api_route(
            path,
            handler,
            methods=[method],
            status_code=status,
            responses=ERRORS,
            operation_id=handler.__name__,
        )
    api.add_middleware(_BodyLimit)
    return api


class ApiRoutes:
    """The routes, each a tool of agents with the papers that visitors see."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self._library = Library(
            state.settings,
            state.nightly,
            state.arxiv,
            state.resources.workers,
            state.is_visible,
            state.resources.store,
        )

    def search_papers(
        self,
        words: Annotated[
            str, Query(description="Words, or beginnings of words, that all occur", max_length=300)
        ] = "",
        topic: Annotated[str | None, Query(description="Only papers of this topic")] = None,
        since: Annotated[date | None, Query(description="Oldest day of posts")] = None,
        until: Annotated[date | None, Query(description="Newest day of posts")] = None,
        offset: Offset = 0,
    ) -> FoundPapersJson:
        """Search titles and summaries of the published papers, the newest first."""
        return _explain(
            lambda: tools.search_papers(self._library, words, topic, since, until, offset)
        )

    def get_summary(self, paper: PaperPath) -> PaperSummaryJson:
        """Return the checked summary of a paper, with the words and pages that support it."""
        return _explain(lambda: tools.get_summary(self._library, paper))

    def get_section(
        self,
        request: Request,
        paper: PaperPath,
        section: Annotated[
            str,
            Query(description="Number or title; empty for the list of sections", max_length=300),
        ] = "",
        offset: Offset = 0,
    ) -> SectionTextJson:
        """Return the text of a section of a paper, a long one in parts.

        Reads any paper of arXiv; one that is not there yet is downloaded first.
        """
        with self._one_at_a_time(request):
            return _explain(lambda: tools.get_section(self._library, paper, section, offset))

    def check_claim(
        self, request: Request, paper: PaperPath, asked: ClaimRequest
    ) -> CheckedClaimJson:
        """Hold the numbers, names and quotations of a claim against a paper, without a model."""
        with self._one_at_a_time(request):
            return _explain(lambda: tools.check_claim(self._library, paper, asked.claim))

    def summarize_paper(self, request: Request, paper: PaperPath) -> JobJson:
        """Have a paper of arXiv summarized by the model of the settings, within their budget."""
        return _explain(lambda: self._submit(request, paper))

    def get_job(self, job: JobNumber) -> JobJson:
        """Return how far a summary is that was asked for."""
        found = self._state.queue.find(job)
        if found is None:
            raise HTTPException(404, "There is no such job any more: ask for the summary itself.")
        return _describe_job(found)

    def _submit(self, request: Request, paper: str) -> JobJson:
        state, settings = self._state, self._state.settings
        choices = {
            "reference": paper,
            "backend": settings.llm.backend,
            "model": settings.llm.model,
            "language": settings.language,
            "formats": settings.run.formats,
        }
        wanted = parse_request(choices, settings, state.choices)
        return _describe_job(state.queue.submit(wanted, state.identify(request)))

    @contextmanager
    def _one_at_a_time(self, request: Request) -> Iterator[None]:
        """Let a visitor have one paper read at a time, whether here or on the page."""
        visitor, checking = self._state.identify(request), self._state.checking
        if visitor in checking:
            raise HTTPException(429, str(VisitorError("check_busy")))
        checking.add(visitor)
        try:
            yield
        finally:
            checking.discard(visitor)


def _explain(work: Callable[[], Answer]) -> Answer:
    """Do the work; what goes wrong is told without paths of this machine."""
    try:
        return work()
    except ChatPaperError as error:
        raise HTTPException(_choose_status(error), make_public_message(error)) from error


def _choose_status(error: ChatPaperError) -> int:
    if isinstance(error, UnknownNameError | PaperNotFoundError):
        return 404
    if isinstance(error, QueueFullError):
        return 429
    if isinstance(error, UpstreamError):
        return 502
    return 400 if isinstance(error, ConfigError) else 500


def _describe_job(job: Job) -> JobJson:
    status = job.status
    return JobJson(
        job=job.number,
        paper=job.request.key,
        state=status.state,
        step=status.step,
        error=make_public_message(status.error) if status.error else "",
    )


class _BodyLimit:
    """Refuses requests that are longer than any that is meant, or do not say how long they are."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on, or refuse it."""
        headers = dict(scope.get("headers", ()))
        length = headers.get(b"content-length", b"0")
        is_open = b"transfer-encoding" in headers
        if scope["type"] == "http" and (is_open or int(length) > MAX_BODY_BYTES):
            start = {"type": "http.response.start", "status": 413, "headers": []}
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send)
