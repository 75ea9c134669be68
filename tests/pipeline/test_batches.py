"""Batches through the real libraries: how each may end, and what comes of its requests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.backends import Backend, BackendSettings, open_batches
from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.backends.interface import RequestParameters
from chatpaper.domain import Completion, Paper, Prompt, PromptSource
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import (
    BackendError,
    CutOffError,
    RateLimitedError,
    UnansweredError,
    WaitingForBatchError,
)
from chatpaper.pipeline.batches.backend import BatchedBackend
from chatpaper.pipeline.batches.broker import (
    MIN_PAPERS_FOR_A_BATCH,
    BatchBroker,
    BatchMode,
    BatchOptions,
)
from chatpaper.pipeline.batches.collection import BatchCollector
from chatpaper.pipeline.batches.sending import BatchSender
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.planning import PaperTask, Plan
from chatpaper.pipeline.request import Limits
from chatpaper.pipeline.selection import Candidate
from chatpaper.storage.store import Store
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.cost.prices import Price, Prices
from tests.fakes import gemini as gemini_answers
from tests.fakes import openai as openai_answers
from tests.fakes.gemini import FakeGemini
from tests.fakes.openai import FakeOpenAI

SCHEMA = {
    "type": "object",
    "properties": {"said": {"type": "array", "items": {"type": "string"}, "maxItems": 2}},
    "required": ["said"],
}
PAPERS = ("2611.00001", "2611.00002", "2611.00003")
MODELS = {"gemini": gemini_answers.MODELS[0], "openai": openai_answers.MODELS[0]}
PRICES = Prices({model: Price(1.0, 1.0, 1.0) for model in MODELS.values()})


def prompt_about(paper: str, *, follow_up: bool = False) -> Prompt:
    return Prompt(
        "Write in English.",
        f"<<<PAPER x>>>\nThe paper {paper}.\n<<<END PAPER x>>>",
        SCHEMA,
        (),
        PromptSource(paper),
        500,
        "latin",
        key=f"key of {paper}{' again' if follow_up else ''}",
        follow_up=follow_up,
    )


class AtOnce:
    """A service that answers at once, and counts how often it was asked."""

    parameters = RequestParameters()

    def __init__(self, name: str, model: str) -> None:
        self.name, self.model, self.asked = name, model, 0

    def complete(self, prompt: Prompt) -> Completion:
        self.asked += 1
        return Completion("at once", self.model)


@dataclass
class Office:
    """A database with its broker, at a service of batches, in nights that follow one another."""

    store: Store
    service: FakeGemini | FakeOpenAI
    settings: BackendSettings
    mode: BatchMode = "always"
    now: datetime = datetime(2026, 11, 22, tzinfo=UTC)
    at_once: AtOnce = field(default_factory=lambda: AtOnce("", ""))

    def __post_init__(self) -> None:
        name = self.settings.backend
        self.at_once = AtOnce(name, MODELS[name])
        self.faults = self.service.batch_service.faults
        self.batches = self.store.batches

    def begin(self, *, service: str = "ours") -> tuple[BatchBroker, Backend]:
        """Begin a night: collect, and open the broker."""
        broker = BatchBroker(
            self.store,
            lambda model: open_batches(self.settings.backend, self.settings),
            BatchOptions(self.mode, service=service),
            Clock(now=lambda: self.now),
        )
        BatchCollector(broker, self.store.new_usage_log(), PRICES).collect()
        broker.open(Plan(()))
        estimator = CostEstimator(self.at_once.name, self.at_once.model, PRICES, rides=broker.takes)
        asked: Backend = DecoratedBackend(self.at_once)
        return broker, BatchedBackend(asked, broker, Budget(Limits()), estimator)

    def night(
        self, papers: tuple[str, ...] = PAPERS, *, hours: float = 24, service: str = "ours"
    ) -> tuple[dict[str, object], BackendError | None]:
        """Ask about papers as a run does, some hours after the last; return what became of each."""
        self.now += timedelta(hours=hours)
        broker, backend = self.begin(service=service)
        outcomes: dict[str, object] = {}
        for paper in papers:
            try:
                outcomes[paper] = backend.complete(prompt_about(paper)).text
            except (WaitingForBatchError, BackendError) as error:
                outcomes[paper] = error
        return outcomes, BatchSender(broker).send(lambda batches: None)

    @property
    def sent(self) -> list[str]:
        return self.service.batch_service.sent


@pytest.fixture(params=["gemini", "openai"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    name = request.param
    fake: FakeGemini | FakeOpenAI = FakeGemini() if name == "gemini" else FakeOpenAI()
    with fake, Store(tmp_path) as store:
        settings = BackendSettings(
            MODELS[name],
            fake.url if isinstance(fake, FakeGemini) else fake.base_url,
            gemini_answers.VALID_KEY,
            backend=name,
        )
        yield Office(store, fake, settings)


def waits(outcomes: dict[str, object]) -> int:
    return sum(isinstance(each, WaitingForBatchError) for each in outcomes.values())


def answered(outcomes: dict[str, object]) -> int:
    return sum(isinstance(each, str) and each != "at once" for each in outcomes.values())


def test_what_is_asked_in_one_night_is_answered_in_the_next_and_paid_once(office: Office) -> None:
    assert waits(office.night()[0]) == 3
    assert answered(office.night()[0]) == 3
    assert answered(office.night()[0]) == 3
    assert len(office.sent) == 3
    assert office.at_once.asked == 0
    usage = office.store.usage.used_on(date.min)
    assert usage.cost_usd == pytest.approx(usage.tokens / 1_000_000 / 2)
    assert usage.papers == 3


def test_follow_ups_are_asked_at_once_unless_they_are_to_ride(office: Office) -> None:
    broker, backend = office.begin()
    assert backend.complete(prompt_about(PAPERS[0], follow_up=True)).text == "at once"
    riding = BatchBroker(
        office.store, broker.open_service, BatchOptions("always", "next_batch"), broker.clock
    )
    riding.open(Plan(()))
    assert riding.takes(prompt_about(PAPERS[0], follow_up=True))


def test_many_requests_go_as_a_file(office: Office) -> None:
    papers = tuple(f"2611.{number:05d}" for number in range(21))
    office.night(papers)
    (batch,) = office.service.batch_service.batches.values()
    assert not batch.is_inline
    assert answered(office.night(papers)[0]) == 21


# What goes wrong, and how many of three papers are answered in the next night.
FAULTS: dict[str, tuple[dict[str, object], int]] = {
    "expired": ({"ends": "EXPIRED"}, 0),
    "failed": ({"ends": "FAILED"}, 0),
    "cancelled": ({"ends": "CANCELLED"}, 0),
    "partly": ({"ends": "PARTIALLY_SUCCEEDED", "dropped": (1,)}, 2),
    "dropped": ({"dropped": (0, 2)}, 1),
    "error": ({"errors": {1: (13, "An internal error has occurred.")}}, 2),
    "keyless": ({"keyless": True}, 0),
    "doubled": ({"doubled": True}, 3),
    "forgotten": ({"forgotten": True}, 0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_batch_did_not_answer_is_asked_again(office: Office, fault: str) -> None:
    changes, expected = FAULTS[fault]
    office.night()
    for name, value in changes.items():
        setattr(office.faults, name, value)
    outcomes, _ = office.night()
    assert answered(outcomes) == expected
    assert waits(outcomes) == 3 - expected
    for name in changes:
        setattr(office.faults, name, type(office.faults)().__getattribute__(name))
    assert answered(office.night()[0]) == 3
    assert len(office.sent) == 3 + (3 - expected)
    (ended, *_) = office.batches.last_ended(9)[-1:]
    assert (ended.state == "lost") == (expected == 0)
    assert (ended.reason == "") == (expected == 3)


def test_results_that_are_gone_are_asked_for_again(office: Office) -> None:
    papers = tuple(f"2611.{number:05d}" for number in range(21))
    office.night(papers)
    office.faults.gone = True
    assert waits(office.night(papers)[0]) == 21
    office.faults.gone = False
    assert answered(office.night(papers)[0]) == 21
    assert "removed by the service" in office.batches.last_ended(9)[-1].reason


def test_an_answer_that_is_cut_off_is_told_of_as_if_it_had_come_at_once(office: Office) -> None:
    office.faults.cut = (0, 1, 2)
    office.night()
    outcomes, _ = office.night()
    assert all(isinstance(each, CutOffError) and each.batched for each in outcomes.values())
    assert len(office.sent) == 3
    assert office.store.usage.used_on(date.min).papers == 3


@pytest.mark.parametrize("mode", ["auto", "always"])
def test_what_two_batches_did_not_answer_is_asked_at_once_or_has_failed(
    office: Office, mode: BatchMode
) -> None:
    office.faults.ends = "EXPIRED"
    office.night()
    office.night()
    office.mode = mode
    outcomes, _ = office.night()
    if mode == "auto":
        assert set(outcomes.values()) == {"at once"}
    else:
        assert all(isinstance(each, UnansweredError) for each in outcomes.values())
        assert "expired" in str(outcomes[PAPERS[0]])
    assert len(office.sent) == 6
    office.batches.settle(PAPERS[0])
    office.mode = "always"
    assert waits(office.night(PAPERS[:1])[0]) == 1


def test_a_batch_that_is_too_large_is_halved(office: Office) -> None:
    office.faults.most_requests = 1
    office.night()
    assert [len(batch.requests) for batch in office.service.batch_service.batches.values()] == [
        1,
        1,
        1,
    ]
    assert answered(office.night()[0]) == 3
    office.faults.most_requests = 0
    paper = ("2611.00009",)
    office.night(paper)
    office.night(paper)
    outcomes, _ = office.night(paper)
    assert "no request of this size" in str(outcomes[paper[0]])


def test_a_refused_batch_leaves_no_trace_and_is_sent_the_next_night(office: Office) -> None:
    refusal = (
        gemini_answers.bare_quota()
        if isinstance(office.service, FakeGemini)
        else openai_answers.error(429, "Rate limit reached for batches.", code="rate_limit")
    )
    office.faults.refusals.append(refusal)
    outcomes, refused = office.night()
    assert waits(outcomes) == 3
    assert isinstance(refused, RateLimitedError)
    assert office.batches.open() == ()
    assert office.batches.papers() == {}
    office.night()
    assert answered(office.night()[0]) == 3


def test_a_batch_whose_sending_was_cut_short_is_found_by_its_name(office: Office) -> None:
    office.faults.loses_response = True
    office.night()
    assert [batch.state for batch in office.batches.open()] == ["prepared"]
    assert answered(office.night()[0]) == 3
    assert len(office.sent) == 3


def test_a_batch_that_never_arrived_is_sent_when_it_cannot_be_under_way_any_more(
    office: Office,
) -> None:
    office.faults.refusals.append(gemini_answers.overloaded())
    office.night()
    assert waits(office.night(hours=0.1)[0]) == 3
    assert office.sent == []
    assert waits(office.night(hours=0.1)[0]) == 3
    assert len(office.sent) == 3
    assert answered(office.night()[0]) == 3


def test_a_batch_that_takes_too_long_is_cancelled_and_in_the_end_given_up(office: Office) -> None:
    office.faults.held = True
    office.night()
    office.night(hours=49)
    (batch,) = office.service.batch_service.batches.values()
    assert batch.cancelled
    batch.cancelled = False
    office.night(hours=49)
    assert "twice over" in office.batches.last_ended(1)[0].reason
    assert len(office.sent) == 6


def test_a_batch_of_another_key_waits_and_is_given_up_in_the_end(office: Office) -> None:
    office.night()
    assert waits(office.night(service="another")[0]) == 3
    assert answered(office.night()[0]) == 3
    paper = ("2611.00009",)
    office.night(paper)
    office.night(paper, hours=97, service="another")
    assert len(office.sent) == 5


def test_what_nobody_took_of_a_batch_is_forgotten_in_the_end(office: Office) -> None:
    office.night()
    office.night(())
    office.night((), hours=24 * 59)
    assert set(office.batches.papers()) == set(PAPERS)
    office.night((), hours=25)
    assert office.batches.papers() == {}
    assert office.batches.last_ended(9) == ()


def test_auto_sends_a_batch_of_twenty_papers_and_asks_about_fewer_at_once(office: Office) -> None:
    office.mode = "auto"
    broker, _ = office.begin()
    task = PaperTask(Candidate(Paper(PAPERS[0], "A title")), ("LLM",))
    for papers, is_sent in ((MIN_PAPERS_FOR_A_BATCH - 1, False), (MIN_PAPERS_FOR_A_BATCH, True)):
        broker.open(Plan((task,) * papers))
        assert broker.takes(prompt_about(PAPERS[0])) is is_sent
    office.mode = "always"
    office.night(PAPERS[:1])
    (marked,) = broker.open(Plan((task,))).tasks
    assert marked.is_in_batch
    assert not broker.takes(prompt_about(PAPERS[1]))


def test_a_batch_is_collected_also_where_none_is_sent_any_more(office: Office) -> None:
    office.night()
    office.mode = "never"
    assert answered(office.night()[0]) == 3
    assert office.night(("2611.00009",))[0] == {"2611.00009": "at once"}
