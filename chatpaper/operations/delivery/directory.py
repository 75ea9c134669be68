"""The channels that the settings name."""

from collections.abc import Callable

from chatpaper.app.settings import Settings
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.operations.delivery.apprise_channel import AppriseChannel
from chatpaper.operations.delivery.channels import Channel
from chatpaper.operations.delivery.content import DigestSource
from chatpaper.operations.delivery.sending import Delivery
from chatpaper.operations.delivery.smtp import MailChannel
from chatpaper.operations.delivery.webhooks import (
    DingTalkChannel,
    FeishuChannel,
    TelegramChannel,
    WeComChannel,
)
from chatpaper.operations.message_delivery import describe_service
from chatpaper.pipeline.report.run_report import RunReport
from chatpaper.pipeline.run import Pipeline
from chatpaper.write.messages.wording import load_message_labels

KINDS = ("mail", "feishu", "dingtalk", "wecom", "telegram", "urls")


def list_channels(settings: Settings, clock: Clock, salt: str = "") -> tuple[Channel, ...]:
    """Build the channels that have an address. Raises ConfigError for a language without labels.

    `salt` keeps the addresses of `deliver.urls` from being guessed by the names of their channels.
    """
    deliver = settings.deliver
    configured = {
        "mail": bool(deliver.mail.to),
        "feishu": deliver.feishu.webhook is not None,
        "dingtalk": deliver.dingtalk.webhook is not None,
        "wecom": deliver.wecom.webhook is not None,
        "telegram": deliver.telegram.token is not None,
    }
    channels = [
        build_channel(settings, kind, clock) for kind, is_set in configured.items() if is_set
    ]
    labels = load_message_labels(settings.language)
    urls = (AppriseChannel(url, place, labels, salt) for place, url in enumerate(deliver.urls))
    return (*channels, *urls)


def build_channel(settings: Settings, kind: str, clock: Clock) -> Channel:
    """Build the channel of a kind other than `urls`, of which there may be many."""
    deliver = settings.deliver
    seconds = deliver.timeout_seconds
    labels = load_message_labels(settings.language)
    builders: dict[str, Callable[[], Channel]] = {
        "mail": lambda: MailChannel(deliver.mail, labels, clock, seconds),
        "feishu": lambda: FeishuChannel(deliver.feishu, labels, clock, seconds),
        "dingtalk": lambda: DingTalkChannel(deliver.dingtalk, labels, clock, seconds),
        "wecom": lambda: WeComChannel(deliver.wecom, labels, seconds),
        "telegram": lambda: TelegramChannel(deliver.telegram, labels, seconds),
    }
    return builders[kind]()


def check_channels(settings: Settings) -> str:
    """Check that Apprise knows `deliver.urls`, and return who gets messages, in words.

    Raises ConfigError where Apprise is missing or does not know one of them.
    """
    names = [each.name.partition(":")[0] for each in list_channels(settings, SYSTEM_CLOCK)]
    for place, url in enumerate(settings.deliver.urls):
        describe_service("deliver.urls", place, url)
    counts = [f"{names.count(name)} {name}" for name in dict.fromkeys(names)]
    return ", ".join(counts) or "nobody gets messages: deliver is not set"


def deliver_papers(settings: Settings, pipeline: Pipeline, report: RunReport) -> None:
    """Send the new papers of a run to all channels of the settings.

    Raises ConfigError for a format or a language that is not there.
    """
    clock = pipeline.recorder.clock
    store = pipeline.store
    channels = list_channels(settings, clock, store.salt())
    if not channels:
        return
    deliver = settings.deliver
    delivery = Delivery(
        channels,
        DigestSource.open(settings, pipeline.publisher),
        store.deliveries,
        clock,
        deliver.max_papers,
        deliver.on_quiet_days,
        settings.profile.name,
    )
    delivery.deliver(report, clock.now().astimezone(settings.zone).date())
