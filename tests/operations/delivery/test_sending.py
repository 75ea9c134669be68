"""What a channel is sent, over several runs, whatever becomes of the messages."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from chatpaper.domain.clock import Clock
from chatpaper.operations.delivery.channels import Attempt, AttemptState, Channel, Part
from chatpaper.operations.delivery.content import DigestSource
from chatpaper.operations.delivery.sending import DAYS_OF_NEWS, Delivery
from chatpaper.pipeline.report.run_report import RunReport, TopicReport
from chatpaper.storage.deliveries import UndeliveredPaper
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.store import Store
from chatpaper.write.messages.digest import Digest
from tests.fakes.digests import make_paper

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TOPIC = "Ice"


@dataclass
class RecordingChannel:
    """Takes digests as they are; `ends` say what becomes of its next messages."""

    name: str = "mail"
    ends: list[AttemptState] = field(default_factory=list)
    taken: list[tuple[str, ...]] = field(default_factory=list)
    papers_a_part: int = 100
    is_defect: bool = False

    def render(self, digest: Digest) -> Sequence[Part]:
        if self.is_defect:
            raise ZeroDivisionError
        keys = [paper.arxiv_id for paper in digest.papers] or [""]
        size = self.papers_a_part
        return [
            Part(b"", ".json", tuple(keys[start : start + size]))
            for start in range(0, len(keys), size)
        ]

    def send(self, part: Part) -> Attempt:
        self.taken.append(part.keys)
        return Attempt(self.ends.pop(0) if self.ends else "sent", "as told")


class PlainSource:
    """Makes digests of the keys alone."""

    def build(self, day: date, topics: Sequence[str], papers: Sequence[UndeliveredPaper]) -> Digest:
        shown = tuple(replace(make_paper(1), arxiv_id=paper.arxiv_id) for paper in papers)
        return Digest(day, tuple(topics), shown)


def publish(store: Store, *arxiv_ids: str, day: date = DAY, version: int = 1) -> None:
    outcomes = [
        Outcome(TOPIC, each, version, "published", post_date=day, night=day) for each in arxiv_ids
    ]
    store.outcomes.record(outcomes, (), NOW)


def deliver(
    store: Store,
    *channels: RecordingChannel,
    day: date = DAY,
    quiet_days: bool = False,
    reader: str = "",
) -> None:
    report = RunReport("r", day, NOW, NOW, (TopicReport(TOPIC, "q"),), ())
    delivery = Delivery(
        [cast(Channel, channel) for channel in channels],
        cast(DigestSource, PlainSource()),
        store.deliveries,
        Clock(now=lambda: NOW, sleep=lambda _: None),
        30,
        quiet_days,
        reader,
    )
    delivery.deliver(report, day)


def test_what_was_sent_or_may_have_been_is_not_sent_again(store: Store) -> None:
    channel = RecordingChannel(ends=["waiting", "unknown"])
    publish(store, "a")
    for _ in range(4):
        deliver(store, channel)
    assert channel.taken == [("a",), ("a",)]
    publish(store, "b", day=DAY + timedelta(1))
    deliver(store, channel, day=DAY + timedelta(1))
    assert channel.taken[2:] == [("b",)]


def test_of_several_messages_those_that_were_taken_are_not_sent_again(store: Store) -> None:
    channel = RecordingChannel(ends=["sent", "waiting"], papers_a_part=1)
    publish(store, "a", "b", "c")
    deliver(store, channel)
    assert channel.taken == [("a",), ("b",)]
    deliver(store, channel)
    assert channel.taken[2:] == [("b",), ("c",)]
    deliver(store, channel)
    assert len(channel.taken) == 4


def test_a_new_channel_is_not_told_of_the_past_and_each_has_an_account_of_its_own(
    store: Store,
) -> None:
    first, second = RecordingChannel("mail"), RecordingChannel("wecom")
    publish(store, "a")
    deliver(store, first)
    publish(store, "b", day=DAY + timedelta(1))
    deliver(store, first, second, day=DAY + timedelta(1))
    assert first.taken == [("a",), ("b",)]
    assert second.taken == [("b",)]


def test_what_waits_for_longer_than_a_week_is_no_news(store: Store) -> None:
    channel = RecordingChannel(ends=["waiting", "waiting"])
    publish(store, "a")
    deliver(store, channel)
    deliver(store, channel, day=DAY + timedelta(DAYS_OF_NEWS))
    deliver(store, channel, day=DAY + timedelta(DAYS_OF_NEWS + 1))
    assert channel.taken == [("a",), ("a",)]


def test_a_later_version_that_is_posted_again_is_news(store: Store) -> None:
    channel = RecordingChannel()
    publish(store, "a")
    deliver(store, channel)
    publish(store, "a", day=DAY + timedelta(1), version=2)
    for _ in range(2):
        deliver(store, channel, day=DAY + timedelta(1))
    assert channel.taken == [("a",), ("a",)]


def test_a_quiet_day_is_told_once_and_not_after_papers(store: Store) -> None:
    channel = RecordingChannel()
    deliver(store, channel)
    assert channel.taken == []
    for _ in range(2):
        deliver(store, channel, quiet_days=True)
    assert channel.taken == [("",)]
    publish(store, "a", day=DAY + timedelta(1))
    for _ in range(2):
        deliver(store, channel, day=DAY + timedelta(1), quiet_days=True)
    assert channel.taken == [("",), ("a",)]


def test_a_defect_in_one_form_keeps_none_of_the_others(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    broken, sound = RecordingChannel("mail", is_defect=True), RecordingChannel("wecom")
    publish(store, "a")
    deliver(store, broken, sound)
    assert sound.taken == [("a",)]
    assert "mail: a defect of chatpaper" in caplog.text
    broken.is_defect = False
    deliver(store, broken, sound)
    assert broken.taken == [("a",)]


def test_readers_of_one_topic_get_their_own_mails(store: Store) -> None:
    channel = RecordingChannel()
    publish(store, "a")
    for reader in ("ada", "bob", "ada"):
        deliver(store, channel, reader=reader)
    assert channel.taken == [("a",), ("a",)]
