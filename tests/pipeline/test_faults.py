"""A fortnight of nights with wrong keys, empty accounts, refused papers and dead networks.

No paper pays for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chatpaper.app.models.summarizers import collect_fallback_settings
from chatpaper.app.settings import Settings
from chatpaper.domain import Paper
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ContentFilteredError,
    DefectError,
    ExitCode,
    QuotaExhaustedError,
    UnexplainedRefusalError,
)
from chatpaper.pipeline.failures.second_chances import digest_services, list_exhausted, requeue
from chatpaper.pipeline.report.run_report import RunReport
from chatpaper.storage.store import Store
from tests.fakes.arxiv import FakeArxiv
from tests.pipeline.nights import Observatory, announced_on, days, end_of, evenings_of

MONDAY = date(2026, 11, 9)
FORTNIGHT = days(MONDAY, 14)
# The first of the first night, and so the first of each night on which it waits.
REFUSED = "2611.11081"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Observatory]:
    with FakeArxiv() as arxiv:
        yield Observatory(
            tmp_path,
            arxiv,
            {evening: announced_on(evening, held_days=2) for evening in evenings_of(FORTNIGHT)},
        )


def run(place: Observatory, night: date) -> RunReport:
    place.let_arxiv_announce(end_of(night))
    return place.run(night)


def refuse(error: Callable[[], BackendError]) -> Callable[[Paper], Exception | None]:
    return lambda paper: error() if paper.arxiv_id == REFUSED else None


def always(error: Callable[[], Exception]) -> Callable[[Paper], Exception | None]:
    return lambda _paper: error()


def test_a_fortnight_of_faults_in_turn_publishes_every_paper_once_and_gives_none_up(
    place: Observatory,
) -> None:
    faults = (
        always(lambda: BackendRejectedError("the key is refused", about="account")),
        always(lambda: QuotaExhaustedError("no balance")),
        refuse(lambda: ContentFilteredError("refused: content filter")),
        always(lambda: BackendUnavailableError("no connection")),
        always(lambda: DefectError("ours")),
    )
    for number, night in enumerate(FORTNIGHT[:-1]):
        place.failing = faults[number % len(faults)]
        run(place, night)
    place.failing = lambda _paper: None
    run(place, FORTNIGHT[-1])
    published = [arxiv_id for arxiv_id, _ in place.published()]
    assert sorted(published) == sorted(place.of_topic(end_of(FORTNIGHT[-1])) - {REFUSED})
    assert len(place.summarized) == len(set(place.summarized)) == len(published)
    with Store(place.home / "state") as store:
        assert list_exhausted(store.outcomes) == ()
        (waiting,) = store.outcomes.all_unfinished()
    assert (waiting.arxiv_id, waiting.attempts) == (REFUSED, 3)


@pytest.mark.parametrize(
    ("fault", "exit_code"),
    [
        (lambda: BackendRejectedError("the key is refused: E1", about="account"), ExitCode.USAGE),
        (lambda: QuotaExhaustedError("no balance: E1"), ExitCode.BUDGET),
        (lambda: BackendUnavailableError("no connection: E1"), ExitCode.UPSTREAM),
        (lambda: UnexplainedRefusalError("declined: E1"), ExitCode.USAGE),
        (lambda: DefectError("ours: E1"), ExitCode.DEFECT),
    ],
    ids=["key", "balance", "network", "unknown words", "ours"],
)
def test_a_fault_that_lasts_costs_no_paper_an_attempt(
    place: Observatory, fault: Callable[[], BackendError], exit_code: ExitCode
) -> None:
    place.failing = always(fault)
    for night in FORTNIGHT:
        report = run(place, night)
    assert report.exit_code == exit_code
    told = [str(report.stopped_by or ""), *(paper.reason for paper in report.papers)]
    assert any("E1" in words for words in told), "the service's own words are shown"
    with Store(place.home / "state") as store:
        waiting = store.outcomes.all_unfinished()
        assert {outcome.arxiv_id for outcome in waiting} == place.of_topic(end_of(FORTNIGHT[-1]))
        assert all(outcome.attempts == 0 for outcome in waiting)


@pytest.mark.parametrize(
    "error", [ContentFilteredError, UnexplainedRefusalError], ids=["known words", "unknown words"]
)
def test_a_refused_paper_stops_no_other_and_is_given_up(
    place: Observatory, error: type[BackendError]
) -> None:
    place.failing = refuse(lambda: error("E1"))
    for night in FORTNIGHT:
        assert run(place, night).stopped_by is None
        done = {arxiv_id for arxiv_id, _ in place.published()}
        assert done == place.of_topic(end_of(night)) - {REFUSED}
    with Store(place.home / "state") as store:
        (lost,) = list_exhausted(store.outcomes)
    assert (lost.arxiv_id, lost.stage) == (REFUSED, "summarize")
    assert lost.reason.startswith("gave up after 4 attempts: E1")


def test_a_service_that_refuses_all_is_asked_about_no_more_than_a_few(place: Observatory) -> None:
    asked: list[str] = []

    def decline(paper: Paper) -> BackendError:
        asked.append(paper.arxiv_id)
        return UnexplainedRefusalError("E1")

    run(place, MONDAY)
    place.failing = decline
    run(place, FORTNIGHT[-1])
    assert len(asked) == 8
    assert len(place.of_topic(end_of(FORTNIGHT[-1]))) > 8


def test_a_dead_network_ends_the_night_before_every_paper_has_waited_for_it(
    place: Observatory,
) -> None:
    run(place, MONDAY)
    place.failing = always(lambda: BackendUnavailableError("no connection"))
    report = run(place, FORTNIGHT[-1])
    assert str(report.stopped_by) == "no connection"
    assert [paper.status for paper in report.papers].count("failed") == 8
    assert report.topics[0].state == "upstream_fault"


@pytest.mark.parametrize("changes", [0, 1])
def test_what_was_given_up_under_one_service_comes_back_under_another(
    place: Observatory, changes: int
) -> None:
    place.failing = refuse(lambda: BadCompletionError("in English"))
    place.services = "one"
    for night in FORTNIGHT[:10]:
        run(place, night)
    place.failing = lambda _paper: None
    place.services = "another" if changes else "one"
    for night in FORTNIGHT[10:]:
        run(place, night)
    published = [arxiv_id for arxiv_id, _ in place.published()]
    assert published.count(REFUSED) == changes
    assert len(published) == len(set(published))


def test_what_waits_after_a_failure_does_not_wait_for_another_service(place: Observatory) -> None:
    place.services, place.failing = "one", refuse(lambda: BadCompletionError("in English"))
    run(place, MONDAY)
    run(place, MONDAY + timedelta(1))
    place.services, place.failing = "another", refuse(lambda: BadCompletionError("in French"))
    run(place, MONDAY + timedelta(2))
    with Store(place.home / "state") as store:
        (outcome,) = store.outcomes.unfinished(place.topic.name)
    assert (outcome.attempts, outcome.reason) == (1, "in French")


def test_a_person_takes_up_again_what_was_given_up(place: Observatory) -> None:
    place.failing = refuse(lambda: BadCompletionError("in English"))
    for night in FORTNIGHT[:10]:
        run(place, night)
    place.failing = lambda _paper: None
    with Store(place.home / "state") as store:
        requeue(store.outcomes, list_exhausted(store.outcomes), end_of(FORTNIGHT[9]))
    run(place, FORTNIGHT[10])
    assert [arxiv_id for arxiv_id, _ in place.published()].count(REFUSED) == 1
    place.nights()


def test_the_digest_of_what_is_asked_holds_no_key_and_differs_by_installation(
    tmp_path: Path,
) -> None:
    service = ("openai", "m", "https://api.example.com", "sk-secret")
    digests: set[str] = set()
    for home in ("a", "b"):
        with Store(tmp_path / home) as store:
            digests.add(digest_services(store.salt(), [service]))
            assert digest_services(store.salt(), [service]) in digests
            for place in range(4):
                other = [
                    part + "x" if index == place else part for index, part in enumerate(service)
                ]
                digests.add(digest_services(store.salt(), [other]))
            digests.add(digest_services(store.salt(), [service, service]))
        assert b"sk-secret" not in (tmp_path / home / "chatpaper.db").read_bytes()
    assert len(digests) == 12


@pytest.mark.parametrize(
    ("chosen", "base_url", "key"),
    [
        ({"fallback_model": "n"}, "http://first", "first-key"),
        ({"fallback_backend": "openai", "fallback_model": "n"}, "http://first", "first-key"),
        ({"fallback_backend": "deepseek"}, "", ""),
        ({"fallback_backend": "deepseek", "fallback_api_key": "second-key"}, "", "second-key"),
        ({"fallback_model": "n", "fallback_base_url": "http://second"}, "http://second", ""),
    ],
)
def test_no_service_is_given_the_key_of_another(
    chosen: dict[str, str], base_url: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    first = {"backend": "openai", "model": "m", "base_url": "http://first", "api_key": "first-key"}
    settings = collect_fallback_settings(Settings.model_validate({"llm": first | chosen}))
    assert settings is not None
    assert (settings.base_url, settings.api_key) == (base_url, key)
    assert replace(settings, model="").group == "llm.fallback_"
