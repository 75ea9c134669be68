"""Where visitors' wishes are queued and carried out, whether or not anybody is still looking.

Each wish is a run of the pipeline, as `chatpaper summarize` would make it. What fails costs its own
visitor alone.
"""

import logging
import re
import secrets
from collections import Counter, OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Literal

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import look_up
from chatpaper.app.settings import Settings
from chatpaper.backends import Backend
from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.domain import Completion, Paper, PostEntry, Prompt
from chatpaper.domain.errors import (
    BudgetReachedError,
    ChatPaperError,
    ConfigError,
    StoreError,
)
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.fetch.paper_reference import ArxivReference, PdfFile
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.report.run_report import PaperReport, Stage
from chatpaper.pipeline.selection import Candidate
from chatpaper.storage.store import Store
from chatpaper.web.access.allowance import rest_of_day
from chatpaper.web.jobs.requests import Wish
from chatpaper.web.jobs.uploads import shown_name

log = logging.getLogger(__name__)


State = Literal["waiting", "working", "cancelling", "done", "failed", "cancelled"]
Step = Literal["", "find", "fetch", "extract", "summarize", "check", "write"]

# Tickets that are over are remembered so that a visitor who comes back finds them.
MOST_TICKETS = 500

# Absolute paths of this machine, POSIX or Windows, wherever a message has one.
# A folder may have blanks in its name, a file only where words of the message would look alike.
_PATH = re.compile(
    r"(?<![\w:/.])(?:/|[A-Za-z]:\\)(?=\w)(?:[^/\\\n:;,\"'()]{1,200}[/\\]){1,40}[\w.@+~-]*"
)


class CancelledError(BudgetReachedError):
    """A visitor wants no more of a paper."""


class DeskFullError(ChatPaperError):
    """So many visitors wait already that one more would wait for ever."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a wish is.

    `calls` counts the questions to the model; `report` is there once the work is over.
    """

    state: State = "waiting"
    step: Step = ""
    pages: int = 0
    sections: int = 0
    figures: int = 0
    calls: int = 0
    message: str = ""
    report: PaperReport | None = None


@dataclass(slots=True)
class Ticket:
    """A wish that was accepted; its standing is replaced as a whole, so any thread may look at it."""

    number: str
    wish: Wish
    visitor: str = ""
    cancellation: CancellationToken = field(default_factory=CancellationToken)
    standing: Standing = Standing()
    lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.standing.state in ("done", "failed", "cancelled")

    def change(self, **changes: Any) -> None:
        """Replace the standing by one that differs in this, unless nothing more is to happen."""
        with self.lock:
            if not self.over:
                self.standing = replace(self.standing, **changes)


class TicketProgress:
    """Tells a ticket what the workshop tells of its paper."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket = ticket

    def begin(self, papers: int) -> None:
        """The paper is known."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """It has come to a stage."""
        self._ticket.change(step=stage)

    def finish(self, paper: Paper) -> None:
        """Its answers are kept; posts are still to be written."""
        self._ticket.change(step="write")


class WatchedBackend(DecoratedBackend):
    """A backend that tells a ticket when it is asked, of what, and when its answer is being
    checked.
    """

    def __init__(self, backend: Backend, ticket: Ticket) -> None:
        super().__init__(backend)
        self._ticket = ticket

    def complete(self, prompt: Prompt) -> Completion:
        """As the backend does."""
        source = prompt.source
        self._ticket.change(
            step="summarize",
            calls=self._ticket.standing.calls + 1,
            pages=source.pages,
            sections=source.sections,
            figures=source.figures,
        )
        completion = super().complete(prompt)
        self._ticket.change(step="check")
        return completion


class Desk:
    """Takes wishes and carries out so many at a time; papers of one key one after another."""

    def __init__(
        self,
        settings: Settings,
        arxiv: ArxivClients,
        resources: container.SharedResources,
        nights: Store,
    ) -> None:
        """`settings` are the page's own, `resources` has its database; `nights` is that of the
        nightly runs.
        """
        self.settings = settings
        self._arxiv = arxiv
        self._resources = resources
        self._nights = nights
        self._pool = ThreadPoolExecutor(settings.web.concurrency, thread_name_prefix="visitor")
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._lock = RLock()
        # The papers that are worked on, and for whom.
        self._working: dict[str, str] = {}

    def close(self) -> None:
        """End what waits, and wait for what is under way."""
        for ticket in list(self._tickets.values()):
            self.cancel(ticket.number)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, wish: Wish, visitor: str = "") -> Ticket:
        """Accept a wish.

        Raises DeskFullError where too many wait already, of all visitors or of this one.
        """
        web = self.settings.web
        with self._lock:
            if self.waiting >= web.max_waiting:
                raise DeskFullError(
                    f"{self.waiting} papers wait already: come back in a few minutes."
                )
            own = sum(each.visitor == visitor and not each.over for each in self._tickets.values())
            if own >= web.max_waiting_a_visitor:
                raise DeskFullError(
                    f"{own} papers of yours are not done yet: wait for one of them, or cancel it."
                )
            ticket = Ticket(secrets.token_urlsafe(16), wish, visitor)
            self._tickets[ticket.number] = ticket
            over = [number for number, each in self._tickets.items() if each.over]
            for number in over[: max(0, len(self._tickets) - MOST_TICKETS)]:
                del self._tickets[number]
        self._pool.submit(self._carry_out_all)
        return ticket

    def ticket(self, number: str) -> Ticket | None:
        """The ticket of that number; None where there is none any more."""
        return self._tickets.get(number)

    @property
    def waiting(self) -> int:
        """How many wishes have not been begun."""
        return sum(ticket.standing.state == "waiting" for ticket in list(self._tickets.values()))

    def ahead_of(self, ticket: Ticket) -> int:
        """How many wishes will be begun before this one."""
        ahead = 0
        for each in list(self._tickets.values()):
            if each is ticket:
                break
            ahead += each.standing.state == "waiting"
        return ahead

    def cancel(self, number: str) -> None:
        """Begin nothing more for a ticket; what was paid for is kept."""
        ticket = self._tickets.get(number)
        if ticket is None:
            return
        ticket.cancellation.cancel(CancelledError("Cancelled by the visitor."))
        ticket.change(state="cancelled" if ticket.standing.state == "waiting" else "cancelling")

    def entry(self, key: str) -> PostEntry | None:
        """A paper as it stands in the page's database."""
        return self._resources.store.entries.find(None, key)

    @property
    def files(self) -> set[Path]:
        """The uploaded files that are still needed."""
        open_wishes = (ticket.wish for ticket in list(self._tickets.values()) if not ticket.over)
        return {wish.reference.path for wish in open_wishes if isinstance(wish.reference, PdfFile)}

    def _carry_out_all(self) -> None:
        """Work on what waits until nothing more can be begun."""
        while (ticket := self._next()) is not None:
            try:
                self._carry_out(ticket)
            finally:
                with self._lock:
                    del self._working[ticket.wish.key]

    def _next(self) -> Ticket | None:
        """What is begun now: of the visitor with the fewest at work, what came first.

        What waits for another visitor's work on the same paper stays for whoever ends that.
        """
        with self._lock:
            waiting = [
                ticket
                for ticket in self._tickets.values()
                if ticket.standing.state == "waiting" and ticket.wish.key not in self._working
            ]
            at_work = Counter(self._working.values())
            ticket = min(waiting, key=lambda each: at_work[each.visitor], default=None)
            if ticket is not None:
                self._working[ticket.wish.key] = ticket.visitor
                ticket.change(state="working", step="find")
            return ticket

    def _carry_out(self, ticket: Ticket) -> None:
        if ticket.over:
            return
        try:
            self._work(ticket)
        except ChatPaperError as error:
            ticket.change(state=_end_of(ticket), message=told(error))
        except Exception as error:
            log.exception("unexpected error at a visitor's paper")
            ticket.change(state="failed", message=f"a defect of chatpaper: {type(error).__name__}")
        finally:
            # The key that a visitor typed in is forgotten with the work.
            ticket.wish = replace(ticket.wish, api_key=type(ticket.wish.api_key)(""))

    def _work(self, ticket: Ticket) -> None:
        settings = ticket.wish.settings(self.settings)
        request = container.build_request(settings, None)
        if not ticket.wish.api_key.get_secret_value():
            rest = rest_of_day(self.settings, self._resources.store.usage, request.post_date)
            settings = settings.model_copy(update={"budget": rest})
        watched = replace(
            self._resources, wrap_backend=lambda backend: WatchedBackend(backend, ticket)
        )
        pipeline = container.build_pipeline(
            settings,
            request,
            self._arxiv,
            watched,
            cancellation=ticket.cancellation,
            progress=TicketProgress(ticket),
        )
        report = pipeline.summarize([self._candidate(ticket.wish)], request)
        paper = report.papers[0]
        if paper.status == "published":
            ticket.change(state="done", report=paper)
        else:
            reason = paper.error or report.stopped_by or ConfigError(paper.reason)
            ticket.change(state=_end_of(ticket), report=paper, message=told(reason))

    def _candidate(self, wish: Wish) -> Candidate:
        """The paper; one that was done before is known without asking arXiv, which may take
        seconds.
        """
        known = self._known(wish)
        return Candidate(known.paper) if known is not None else look_up(wish.reference, self._arxiv)

    def _known(self, wish: Wish) -> PostEntry | None:
        """A paper of arXiv that a visitor or a night had before; what only a night had is taken
        over.
        """
        if not isinstance(wish.reference, ArxivReference):
            return None
        entry = self.entry(wish.key) or self._taken_over(wish.key)
        wanted = wish.reference.arxiv_id.version
        return entry if entry is not None and wanted in (None, entry.paper.version) else None

    def _taken_over(self, key: str) -> PostEntry | None:
        try:
            kept = self._nights.entries.of_recipe(str(EXTRACTOR_VERSION), key)
        except StoreError as error:
            log.warning("%s", error)
            return None
        if not kept:
            return None
        self._resources.store.entries.save(None, str(EXTRACTOR_VERSION), kept[0])
        return kept[0]


def _end_of(ticket: Ticket) -> State:
    return "cancelled" if isinstance(ticket.cancellation.reason, CancelledError) else "failed"


def told(error: Exception) -> str:
    """What a visitor is told of an error: what happened, but no path of this machine."""
    return shown_name(_PATH.sub("…", str(error)))
