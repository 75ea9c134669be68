"""A fortnight of nights: a wrong key, an empty account, a moderated paper, a dead network.

They come in turn. The command line is run as cron runs it, against servers that play arXiv and the
model's service.
"""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from tests.campaign.inspection import Books, Key, PostReader, breaches_of_ledger, read_books
from tests.campaign.nightly import Killer, Nights
from tests.campaign.theatre import at
from tests.campaign.world import SEA_ICE, SETTINGS, World
from tests.fakes import gemini, openai
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.loopback import Reply, Request

# A Tuesday in a month without holidays.
FIRST = date(2026, 3, 10)
NIGHTS = 14
Fault = Literal["wrong key", "empty account", "moderated paper", "dead network"]
# The last night of the fortnight is one of the moderated paper: what waits by then is published,
# but for that one.
IN_TURN: tuple[Fault, ...] = ("empty account", "moderated paper", "dead network", "wrong key")
# A port of this machine that nothing listens at.
DEAD = "http://127.0.0.1:9"
RIGHT_KEY, WRONG_KEY = gemini.VALID_KEY, "sk-mistyped-key"


@dataclass
class Account:
    """The state of an account with a service, and the service's answers by paper."""

    no_balance: Reply
    moderated: Reply
    titles: tuple[str, ...] = ()
    is_empty: bool = False
    refused: str = ""
    answered: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, request: Request, healthy: Reply) -> Reply:
        """Say what the service says where it would answer with `healthy`."""
        if healthy.status != 200:
            return healthy
        if self.is_empty:
            return self.no_balance
        asked = json.dumps(request.body, ensure_ascii=False)
        (title,) = (title for title in self.titles if title in asked)
        if title == self.refused:
            return self.moderated
        with self.lock:
            self.answered[title] += 1
        return healthy


class Gemini(gemini.FakeGemini):
    """Gemini with an account."""

    backend = "gemini"
    account = Account(
        gemini.error(
            429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. Please add credits."
        ),
        gemini.blocked_prompt(),
    )
    told: ClassVar[dict[Fault, str]] = {
        "wrong key": "API key not valid",
        "empty account": "prepayment credits are depleted",
        "moderated paper": "PROHIBITED_CONTENT",
        "dead network": "refused",
    }

    def reply(self, request: Request) -> Reply:
        healthy = super().reply(request)
        return self.account.reply(request, healthy) if self.is_call(request) else healthy

    def settings(self, key: str) -> dict[str, str]:
        return {"CHATPAPER_LLM__BASE_URL": self.url, "GEMINI_API_KEY": key}


class Compatible(openai.FakeOpenAI):
    """An OpenAI-compatible service with an account."""

    backend = "openai"
    account = Account(
        openai.no_balance(),
        Reply(
            400,
            {
                "error": {
                    "code": "1301",
                    "message": "系统检测到输入或生成内容可能包含不安全或敏感内容",
                }
            },
        ),
    )
    told: ClassVar[dict[Fault, str]] = {
        "wrong key": "Incorrect API key provided",
        "empty account": "Insufficient Balance",
        "moderated paper": "系统检测到输入或生成内容",
        "dead network": "refused",
    }

    def __init__(self) -> None:
        super().__init__(key=RIGHT_KEY)

    def reply(self, request: Request) -> Reply:
        healthy = super().reply(request)
        return self.account.reply(request, healthy) if self.is_call(request) else healthy

    def settings(self, key: str) -> dict[str, str]:
        return {
            "CHATPAPER_LLM__MODEL": "fake-chat",
            "CHATPAPER_LLM__BASE_URL": self.base_url,
            "OPENAI_API_KEY": key,
        }


def few_papers() -> World:
    """Make a world with some papers a night that have no PDFs on arXiv, only abstracts to read."""
    world = World(seed=11, first=FIRST - timedelta(4), days=NIGHTS + 8)
    world.announced = [
        replace(each, paper=replace(each.paper, pdf=None)) for each in world.announced
    ]
    return world


@dataclass
class Installation:
    """One chatpaper that cron starts every night."""

    home: Path
    nights: Nights
    arxiv: FakeArxiv
    service: Gemini | Compatible

    def __post_init__(self) -> None:
        self.world = few_papers()
        self.arxiv.has_others = False
        self.service.account = replace(
            self.service.account,
            titles=tuple(each.paper.title for each in self.world.announced),
            answered=Counter(),
        )
        (self.home / "chatpaper.toml").write_text(SETTINGS)

    def night(self, day: date, fault: Fault, refused: str) -> tuple[int, str]:
        """Play a night with this fault, and return its exit code and output."""
        account = self.service.account
        account.is_empty = fault == "empty account"
        account.refused = refused if fault == "moderated paper" else ""
        environment = self._environment() | self.service.settings(
            WRONG_KEY if fault == "wrong key" else RIGHT_KEY
        )
        if fault == "dead network":
            environment["CHATPAPER_LLM__BASE_URL"] = DEAD
        self.world.show(self.arxiv, at(day))
        log = self.home / "told.log"
        before = log.stat().st_size if log.exists() else 0
        exit_code = self.nights.run(self.home, at(day), environment, Killer(None))
        return exit_code, log.read_bytes()[before:].decode()

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "CHATPAPER_STATE_DIR": str(self.home / "state"),
            "CHATPAPER_CACHE_DIR": str(self.home / "cache"),
            "CHATPAPER_OUTPUT_DIR": str(self.home / "posts"),
            "CHATPAPER_RUN__TOPICS": json.dumps([SEA_ICE]),
            "CHATPAPER_ARXIV__API_URL": self.arxiv.api_url,
            "CHATPAPER_ARXIV__SITE_URL": self.arxiv.url,
            "CHATPAPER_ARXIV__RSS_URL": self.arxiv.url,
            "CHATPAPER_ARXIV__OAI_URL": self.arxiv.oai_url,
            "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
            "CHATPAPER_LLM__BACKEND": self.service.backend,
            "CHATPAPER_LLM__MAX_ATTEMPTS": "2",
            "CHATPAPER_LLM__VERIFY": "never",
        }

    @property
    def books(self) -> Books:
        return read_books(self.home / "state" / "chatpaper.db")

    def due(self, until: date) -> dict[Key, str]:
        """Map the papers of the topic that arXiv has announced by `until` to their titles.

        Announcements from before the first night are left out.
        """
        return {
            (SEA_ICE, each.paper.arxiv_id): each.paper.title
            for each in self.world.shown(at(until))
            if SEA_ICE in each.topics and each.evening >= FIRST - timedelta(1)
        }


EXIT_CODES: dict[Fault, int] = {
    "wrong key": 2,
    "moderated paper": 3,
    "dead network": 4,
    "empty account": 5,
}


@pytest.mark.parametrize("kind", [Gemini, Compatible], ids=["Gemini", "OpenAI-compatible"])
def test_a_fortnight_of_faults_in_turn_publishes_every_other_paper_once(
    tmp_path: Path, nights: Nights, kind: type[Gemini] | type[Compatible]
) -> None:
    days = [FIRST + timedelta(number) for number in range(NIGHTS)]
    with FakeArxiv() as arxiv, kind() as service:
        place = Installation(tmp_path, nights, arxiv, service)
        (refused_key, refused), *_ = place.due(FIRST).items()
        for number, day in enumerate(days):
            fault = IN_TURN[number % len(IN_TURN)]
            exit_code, told = place.night(day, fault, refused)
            assert exit_code == EXIT_CODES[fault], told
            assert service.told[fault] in told
            assert list(breaches_of_ledger(place.books, day)) == []
    books, due = place.books, place.due(days[-1])
    assert len(due) > NIGHTS
    assert not [outcome for outcome in books.outcomes.values() if "gave up" in outcome.reason]
    published = {key for key, outcome in books.outcomes.items() if outcome.status == "published"}
    assert due.keys() - published == {refused_key}
    assert books.outcomes[refused_key].status == "failed"
    assert list(PostReader(tmp_path / "posts").breaches(books)) == []
    assert refused not in service.account.answered
    assert {title for title in due.values() if title != refused} <= service.account.answered.keys()
    assert set(service.account.answered.values()) == {1}
