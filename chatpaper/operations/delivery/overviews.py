"""Send overviews to the channels of a reader, each overview once to each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.app.settings import Settings
from chatpaper.app.sources import strip_reader
from chatpaper.domain.clock import Clock
from chatpaper.domain.overviews.overview import OVERVIEW, Overview
from chatpaper.operations.delivery.channels import Attempt, Channel, send_patiently
from chatpaper.operations.delivery.content import locate_page
from chatpaper.pipeline.overviews.publishing import PublishedOverview
from chatpaper.storage.deliveries import Deliveries
from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.overview_digest import build_overview_digest
from chatpaper.write.messages.wording import load_message_labels


def describe_overview(settings: Settings, published: PublishedOverview) -> Digest:
    """Return the message of a published overview, with a link where a site serves the posts."""
    post = published.post
    url = locate_page(settings, post.kept or post.path) if post is not None else ""
    labels = load_message_labels(settings.language)
    topic = strip_reader(published.overview.topic, settings)
    overview = replace(published.overview, topic=topic)
    return build_overview_digest(overview, published.entries, labels, url)


@dataclass(frozen=True, slots=True)
class OverviewDelivery:
    """Delivers overviews; each of several readers has an account of what was sent."""

    channels: Sequence[Channel]
    deliveries: Deliveries
    clock: Clock
    reader: str = ""

    def deliver(self, overview: Overview, digest: Digest) -> Iterator[tuple[Channel, Attempt]]:
        """Send an overview to the channels that do not have it, and yield how each attempt ended.

        What was refused is sent when the overview is asked for again; what may have arrived is not.
        """
        subject = _name_subject(overview)
        for channel in self.channels:
            account = f"{self.reader}/{channel.name}" if self.reader else channel.name
            self.deliveries.settle_interrupted(account)
            if self.deliveries.was_sent(account, subject):
                continue
            parts = channel.render(digest)
            self.deliveries.record(account, [(subject, None)], "sending")
            attempt = Attempt("sent")
            for part in parts:
                attempt = send_patiently(channel, part, self.clock)
                if attempt.state != "sent":
                    break
            self.deliveries.record(account, [(subject, None)], attempt.state)
            yield channel, attempt


def _name_subject(overview: Overview) -> str:
    """Name what is sent: no paper has a key with spaces."""
    period = overview.period
    return f"{OVERVIEW} {overview.topic} {period.since} {period.until}"
