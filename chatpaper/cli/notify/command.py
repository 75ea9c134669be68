"""The command that tries the messages of new papers: notify."""

from collections.abc import Iterable
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_data, echo_error
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.operations.delivery.channels import Attempt, Channel
from chatpaper.operations.delivery.directory import KINDS, list_channels
from chatpaper.operations.delivery.previews import find_digest, write_previews
from chatpaper.operations.delivery.sending import send_once
from chatpaper.storage.store import Store


def try_messages(
    settings: Settings, kind: str | None, preview: Path | None, clock: Clock
) -> ExitCode:
    """Send a test message to every channel, or write previews to a folder: `chatpaper notify`.

    Returns 4 where a service did not take the message. Raises ConfigError where no channel, or none
    of this kind, is set.
    """
    if kind is not None and kind not in KINDS:
        raise ConfigError(
            f"There are no messages of the kind {kind!r}; there are {', '.join(KINDS)}."
        )
    today = clock.now().astimezone(settings.zone).date()
    with Store(settings.state_dir) as store:
        digest = find_digest(settings, store, today)
        if preview is not None:
            for path in write_previews(settings, [kind] if kind else KINDS, digest, preview, clock):
                echo_data(str(path))
            return ExitCode.DONE
        channels = choose_channels(list_channels(settings, clock, store.salt()), kind)
    attempts = ((each, send_once(each, each.render(digest), clock)) for each in channels)
    return report_attempts(attempts)


def report_attempts(
    attempts: Iterable[tuple[Channel, Attempt]], *, to_stderr: bool = False
) -> ExitCode:
    """Say of each message, as it is sent, whether it was accepted; return 4 if one was not."""
    say = echo_error if to_stderr else echo
    failed = False
    for channel, attempt in attempts:
        name = _get_kind(channel)
        if attempt.state == "sent":
            say(f"{name}: the message was accepted.")
        else:
            failed = True
            echo_error(f"{name}: the message was not accepted: {attempt.reason}")
    return ExitCode.UPSTREAM if failed else ExitCode.DONE


def choose_channels(channels: tuple[Channel, ...], kind: str | None = None) -> tuple[Channel, ...]:
    """Return the channels of one kind, or all of them. Raises ConfigError if there are none."""
    chosen = tuple(each for each in channels if kind in (None, _get_kind(each)))
    if chosen:
        return chosen
    if kind is None:
        raise ConfigError(
            "Nobody gets messages yet: set deliver.mail, deliver.feishu, deliver.dingtalk, "
            "deliver.wecom, deliver.telegram or deliver.urls."
        )
    raise ConfigError(f"No message is sent by {kind}: set deliver.{kind}.")


def _get_kind(channel: Channel) -> str:
    return channel.name.partition(":")[0]
