"""One chatpaper that is run night by night against servers that play arXiv and the model."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from chatpaper.domain import Paper
from chatpaper.extract.document import read_document
from chatpaper.pipeline.documents import DocumentLoader
from tests.campaign.inspection import (
    Books,
    Key,
    PostReader,
    breaches_of_announcements,
    breaches_of_calls,
    breaches_of_exit,
    breaches_of_ledger,
    kept_answers,
    night_of,
    read_books,
)
from tests.campaign.model import CampaignGemini
from tests.campaign.nightly import Kill, Killer, Nights
from tests.campaign.scenarios import Scenario, Stage
from tests.campaign.world import SETTINGS, SHANGHAI, TOPICS, Announced, World
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import VALID_KEY

HEALTHY = Scenario("none", ())
_TIMEOUT_SECONDS = "1.5"
# One paper in so many is read on its night.
_READ_ON_ITS_NIGHT = 8


@dataclass(frozen=True)
class Night:
    """What one night came to."""

    date: date
    exit_code: int
    states: tuple[str, ...]
    sources: tuple[str, ...]
    requests: int
    calls: int
    played: int
    kills: int
    found: Books
    breaches: tuple[str, ...]


class Theatre:
    """The servers, and one chatpaper that is run against them night by night."""

    def __init__(self, folder: Path, world: World, nights: Nights) -> None:
        self.nights = nights
        self.home = folder / "home"
        self.world = world
        self.arxiv = FakeArxiv()
        self.arxiv.has_others = False
        self.gemini = CampaignGemini()
        # The evening from which on every paper has to be published.
        self.first: date | None = None
        self._killer = Killer(None)
        self._stack = ExitStack()
        self._template = folder / "template"
        self.begin_anew()
        _read_ahead(world, self.home / "cache", folder / "read.pdf")

    def __enter__(self) -> Self:
        self._stack.enter_context(self.arxiv)
        self._stack.enter_context(self.gemini)
        self.gemini.on_event = self._hear
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _hear(self, kind: str) -> None:
        self._killer.hear(kind)

    def begin_anew(self) -> None:
        """Start with an empty home, or with the one that was kept."""
        shutil.rmtree(self.home, ignore_errors=True)
        if self._template.is_dir():
            shutil.copytree(self._template, self.home)
        else:
            self.home.mkdir(parents=True)
            (self.home / "chatpaper.toml").write_text(SETTINGS)
        self.posts = PostReader(self.home / "posts")
        self._texts: dict[str, str] = {}
        self.due: dict[Key, date] = {}

    def keep(self) -> None:
        """Begin with what there is now from here on."""
        shutil.copytree(self.home, self._template)

    @property
    def database(self) -> Path:
        return self.home / "state" / "chatpaper.db"

    def miss(self, now: datetime) -> None:
        """Let a night pass on which nobody runs anything."""
        self._note_due(now)

    def night(
        self, now: datetime, scenarios: Sequence[Scenario], kills: Sequence[Kill] = ()
    ) -> Night:
        """Play one night and inspect what it left.

        Its faults are played, and it is killed and started again.
        """
        self.arxiv.heal()
        self.gemini.heal()
        self._note_due(now)
        self.world.show(self.arxiv, now)
        stage = Stage(self.arxiv, self.gemini, self.world, now)
        for scenario in scenarios:
            scenario.play(stage)
        requests, calls = len(self.arxiv.requests), len(self.gemini.log)
        ours = now + stage.clock_is_off_by
        breaches: list[str] = []
        struck = 0
        for kill in (*kills, None):
            exit_code, was_killed, found = self._attempt(ours, stage.environment, kill)
            struck += was_killed
            breaches += found
            if not was_killed and kill is not None:
                break  # it was through before the kill
        allowed = frozenset().union(
            *(each.exit_codes for each in scenarios or (HEALTHY,)), (0, 3, 4, 5)
        )
        books = read_books(self.database)
        breaches += self._breaches(books, ours, now, exit_code, allowed)
        rows = books.of(night_of(ours))
        return Night(
            night_of(now),
            exit_code,
            tuple(str(row["state"]) for row in rows),
            tuple(row["source"] for row in rows),
            len(self.arxiv.requests) - requests,
            len(self.gemini.log) - calls,
            stage.played,
            struck,
            books,
            tuple(breaches),
        )

    def _attempt(
        self, now: datetime, environment: dict[str, str], kill: Kill | None
    ) -> tuple[int, bool, list[str]]:
        kept = kept_answers(self.database)
        before = len(self.gemini.log)
        self._killer = Killer(kill)
        exit_code = self.nights.run(self.home, now, self._settings() | environment, self._killer)
        killed = exit_code < 0
        calls = self.gemini.log[before:]
        return exit_code, killed, list(breaches_of_calls(calls, kept, self._texts, killed))

    def _breaches(
        self, books: Books, ours: datetime, now: datetime, exit_code: int, allowed: frozenset[int]
    ) -> list[str]:
        night = night_of(ours)
        return [
            *breaches_of_ledger(books, night),
            *breaches_of_exit(books, night, exit_code, allowed),
            # What came after the time by our clock nobody can know of.
            *breaches_of_announcements(
                books, night, filter(self._is_ours, self.world.shown(min(now, ours)))
            ),
            *self.posts.breaches(books),
            *(f"{path} is left" for path in self.home.rglob("*.part")),
        ]

    def _is_ours(self, each: Announced) -> bool:
        """Tell whether a paper was announced since the first night of this chatpaper."""
        return self.first is not None and each.evening >= self.first

    def _note_due(self, now: datetime) -> None:
        if self.first is None:
            self.first = night_of(now) - timedelta(1)
        for each in self.world.shown(now):
            for topic in each.topics:
                if self._is_ours(each):
                    self.due.setdefault((topic, each.paper.arxiv_id), night_of(now))

    def delays(self, books: Books) -> Counter[int]:
        """Count papers by how many nights after the first possible one they were published."""
        found: Counter[int] = Counter()
        for key, due in self.due.items():
            outcome = books.outcomes.get(key)
            if outcome is not None and outcome.post_date is not None:
                found[max(0, (outcome.post_date - due).days)] += 1
        return found

    def losses(self, books: Books) -> list[str]:
        """Return what is wrong at the end, when nothing may be waiting."""
        queued = [f"{key} is still queued: {books.outcomes[key].reason}" for key in books.queued()]
        return queued + [
            f"{key} was never taken in" for key in self.due if key not in books.outcomes
        ]

    def _settings(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "CHATPAPER_STATE_DIR": str(self.home / "state"),
            "CHATPAPER_CACHE_DIR": str(self.home / "cache"),
            "CHATPAPER_OUTPUT_DIR": str(self.home / "posts"),
            "CHATPAPER_RUN__TOPICS": json.dumps(TOPICS),
            # arXiv's services have hosts of their own, and each asks by itself to be left alone.
            "CHATPAPER_ARXIV__API_URL": self.arxiv.api_url.replace("127.0.0.1", "localhost"),
            "CHATPAPER_ARXIV__SITE_URL": self.arxiv.url,
            "CHATPAPER_ARXIV__RSS_URL": self.arxiv.url.replace("127.0.0.1", "127.1"),
            "CHATPAPER_ARXIV__OAI_URL": self.arxiv.oai_url.replace("127.0.0.1", "127.0.1"),
            "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
            "CHATPAPER_ARXIV__MAX_ATTEMPTS": "3",
            "CHATPAPER_ARXIV__TIMEOUT_SECONDS": _TIMEOUT_SECONDS,
            "CHATPAPER_EXTRACT__WORKERS": "1",
            "CHATPAPER_LLM__BASE_URL": self.gemini.url,
            "CHATPAPER_LLM__CONCURRENCY": "2",
            "CHATPAPER_LLM__VERIFY": "never",
            "CHATPAPER_LLM__MAX_ATTEMPTS": "3",
            "CHATPAPER_LLM__TIMEOUT_SECONDS": _TIMEOUT_SECONDS,
            "GEMINI_API_KEY": VALID_KEY,
        }


def _read_ahead(world: World, cache_dir: Path, pdf: Path) -> None:
    """Read most papers in advance.

    Starting a process that reads PDFs is the most expensive part of a short night.
    """
    loader = DocumentLoader(cache_dir, read_document)
    papers = [each.paper for each in world.announced if each.topics]
    for number, paper in enumerate(papers):
        if number % _READ_ON_ITS_NIGHT:
            pdf.write_bytes(paper.pdf or b"")
            loader.load(Paper(paper.arxiv_id, paper.title), pdf, None)


def at(day: date, hour: float = 16) -> datetime:
    """Return an hour of a day in Shanghai.

    16:00 is two hours after arXiv must show the day's announcement.
    """
    return datetime.combine(day, time.min, SHANGHAI) + timedelta(hours=hour)
