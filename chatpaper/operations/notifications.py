"""Send notifications after a run: each alert once a day, and if wanted a digest of new papers."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from chatpaper.app.settings import Settings
from chatpaper.domain import Usage
from chatpaper.operations.alerts import Alert
from chatpaper.operations.message_delivery import Message, send
from chatpaper.operations.monitoring import collect_health
from chatpaper.pipeline.report.run_report import PaperReport, RunReport
from chatpaper.storage.notice_log import Notice, NoticeLog
from chatpaper.storage.store import Store
from chatpaper.storage.usage import describe_usage

log = logging.getLogger(__name__)

DIGEST = "digest"


def notify_people(settings: Settings, store: Store, report: RunReport, now: datetime) -> None:
    """Log and send alerts, and send the digest.

    What was sent is recorded, and not sent again; what could not be sent is tried after the next
    run.
    """
    alerts = collect_health(settings, store, now).alerts
    for alert in alerts:
        log.warning("%s", alert)
    urls = settings.notify.urls
    if not urls:
        return
    sent = store.notices
    today = now.astimezone(settings.zone).date()
    news = [alert for alert in alerts if not sent.was_sent(today, _subject(alert))]
    if news and send(build_alert_message(news), urls):
        sent.record(today, map(_subject, news))
    if settings.notify.digest:
        _send_digest(settings, sent, report)


def _send_digest(settings: Settings, sent: NoticeLog, report: RunReport) -> None:
    """Send the papers that were not sent yet; once without any, to show that runs continue."""
    day = report.post_date
    published = [paper for paper in report.papers if paper.status == "published"]
    news = [paper for paper in published if not sent.was_sent(day, (DIGEST, paper.paper.arxiv_id))]
    if not news and sent.was_sent(day, (DIGEST, "")):
        return
    if send(digest_message(report, news), settings.notify.urls):
        sent.record(day, [(DIGEST, ""), *((DIGEST, paper.paper.arxiv_id) for paper in news)])


def build_alert_message(alerts: Sequence[Alert]) -> Message:
    """Return one message for all alerts, with a line for each."""
    count = "1 thing needs" if len(alerts) == 1 else f"{len(alerts)} things need"
    return Message(f"chatpaper: {count} a person", "\n".join(map(str, alerts)))


def digest_message(report: RunReport, papers: Sequence[PaperReport]) -> Message:
    """Return a message with the counts of each topic, titles, and what the run cost."""
    return Message(
        f"chatpaper {report.post_date}: {len(papers)} new papers",
        "\n".join(_digest_lines(report, papers)),
    )


def _digest_lines(report: RunReport, papers: Sequence[PaperReport]) -> Iterator[str]:
    for topic in report.topics:
        yield (
            f"{topic.name}: {topic.found} found, {topic.published} published, "
            f"{topic.excluded} excluded, {topic.failed} failed or waiting"
        )
    for paper in papers:
        yield f"- {paper.paper.title} {paper.paper.abs_url}".rstrip()
    yield describe_usage(
        Usage(report.llm_calls, report.input_tokens, report.output_tokens, report.cost_usd)
    )


def _subject(alert: Alert) -> Notice:
    return (alert.kind, alert.topic or "")
