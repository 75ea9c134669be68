"""Send what is new to every channel: each paper once, and what was refused again the next time.

Before a message leaves, its papers are recorded as on their way; after that they are sent, waiting
for the next run, or unknown where the service was silent or the process was killed. A message that
may have arrived is never sent again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ChatPaperError
from chatpaper.operations.delivery.channels import Attempt, Channel, Part, send_patiently
from chatpaper.operations.delivery.content import DigestSource
from chatpaper.pipeline.report.run_report import RunReport
from chatpaper.storage.deliveries import Deliveries, UndeliveredPaper
from chatpaper.write.messages.digest import Digest

log = logging.getLogger(__name__)

# What could not be delivered for longer than this is no news any more; the posts have it.
DAYS_OF_NEWS = 7


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers the papers of runs to channels.

    `most_papers` is how many a message has at most, `on_quiet_days` whether a day without new
    papers is told. Each of several readers has an account of what was sent.
    """

    channels: Sequence[Channel]
    source: DigestSource
    deliveries: Deliveries
    clock: Clock
    most_papers: int
    on_quiet_days: bool = False
    reader: str = ""

    def deliver(self, report: RunReport, today: date) -> None:
        """Send the papers of the run's topics that the channels do not have yet.

        What goes wrong is logged as a warning, for the work of the run is done.
        """
        topics = [topic.name for topic in report.topics]
        is_quiet = not any(topic.error for topic in report.topics) and report.stopped_by is None
        for channel in self.channels:
            try:
                self._deliver_to(channel, topics, min(report.post_date, today), is_quiet=is_quiet)
            except ChatPaperError as error:
                log.warning("%s: %s", channel.name, error)
            except Exception:  # a defect in one form must not keep the others from being sent
                log.exception("%s: a defect of chatpaper kept the message from it", channel.name)

    def _deliver_to(
        self, channel: Channel, topics: Sequence[str], day: date, *, is_quiet: bool
    ) -> None:
        self._tell_of_interrupted(channel)
        account = self._name_account(channel)
        since = max(self.deliveries.open_channel(account, day), day - timedelta(DAYS_OF_NEWS))
        news = self.deliveries.list_undelivered(account, topics, since)
        if news:
            digest = self._build(day, topics, news)
            if digest.count:
                versions = {paper.arxiv_id: paper.version for paper in news}
                self._send_all(channel, digest, versions)
            return
        is_told = self.deliveries.was_sent(account, day.isoformat())
        if self.on_quiet_days and is_quiet and not is_told:
            self._send_all(channel, self.source.build(day, topics, ()), {day.isoformat(): None})

    def _name_account(self, channel: Channel) -> str:
        return f"{self.reader}/{channel.name}" if self.reader else channel.name

    def _build(self, day: date, topics: Sequence[str], news: Sequence[UndeliveredPaper]) -> Digest:
        named = [topic for topic in topics if any(paper.topic == topic for paper in news)]
        return self.source.build(day, named, news).keep_first(self.most_papers)

    def _send_all(self, channel: Channel, digest: Digest, versions: dict[str, int | None]) -> None:
        """Send each message of a digest; the last one also stands for the papers left out."""
        parts = channel.render(digest)
        account, left = self._name_account(channel), dict(versions)
        for number, part in enumerate(parts, 1):
            is_last = number == len(parts)
            keys = [*left] if is_last else [key for key in part.keys if key in left]
            subjects = [(key, left.pop(key)) for key in keys]
            if digest.count and is_last:
                # A day with papers is no quiet day, whatever a later run finds.
                subjects.append((digest.day.isoformat(), None))
            self.deliveries.record(account, subjects, "sending")
            attempt = send_patiently(channel, part, self.clock)
            self.deliveries.record(account, subjects, attempt.state)
            if attempt.state != "sent":
                _warn(channel, attempt)
                return

    def _tell_of_interrupted(self, channel: Channel) -> None:
        interrupted = self.deliveries.settle_interrupted(self._name_account(channel))
        if interrupted:
            log.warning(
                "%s: a run was killed while it sent a message, which may have arrived or not; "
                "it is not sent again",
                channel.name,
            )


def _warn(channel: Channel, attempt: Attempt) -> None:
    end = (
        "it may have arrived, and is not sent again"
        if attempt.state == "unknown"
        else "the next run sends it again"
    )
    log.warning("%s: the message was not accepted: %s; %s", channel.name, attempt.reason, end)


def send_once(channel: Channel, parts: Sequence[Part], clock: Clock) -> Attempt:
    """Send messages that are nobody's papers, as for a test, until one is refused."""
    attempt = Attempt("sent")
    for part in parts:
        attempt = send_patiently(channel, part, clock)
        if attempt.state != "sent":
            break
    return attempt
