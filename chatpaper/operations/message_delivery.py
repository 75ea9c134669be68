"""Send messages through Apprise.

The URLs of `notify.urls` hold secrets: they are never shown, logged or put into an error message.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import SecretStr

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.log_context import silence_logs

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

EXTRA_MISSING = (
    "{setting} is set, but Apprise is not installed: run `pip install 'chatpaper[notify]'`, "
    "or remove {setting}."
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: a title of one line, and a text in plain words or in Markdown."""

    title: str
    text: str
    form: Literal["text", "markdown"] = "text"


@dataclass(frozen=True, slots=True)
class Service:
    """What a service takes: whether it reads markup, and how long its texts and titles may be."""

    reads_markup: bool
    most_characters: int
    most_title_characters: int


def check_urls(urls: Sequence[SecretStr]) -> str:
    """Check that Apprise knows the URLs of `notify.urls`, and return how many there are, in words.

    Raises ConfigError where Apprise is missing or does not know one of them.
    """
    for place, url in enumerate(urls):
        _open_sender("notify.urls", place, url)
    return f"{len(urls)} addresses" if urls else "nobody is notified: notify.urls is empty"


def send(message: Message, urls: Sequence[SecretStr]) -> bool:
    """Send a message to all URLs, and return whether at least one service accepted it.

    A failure is logged as a warning, for the work of the run is done.
    """
    accepted = [_send_one(message, place, url) for place, url in enumerate(urls)]
    return any(accepted)


def _send_one(message: Message, place: int, url: SecretStr) -> bool:
    fault = send_to("notify.urls", place, url, message)
    if fault:
        log.warning("%s", fault)
    return not fault


def send_to(setting: str, place: int, url: SecretStr, message: Message) -> str:
    """Send a message to one URL of a setting; return why it was not accepted, empty if it was."""
    try:
        sender = _open_sender(setting, place, url)
        with silence_logs():
            # Titles of papers are plain text: Apprise escapes them for services that take HTML.
            accepted = bool(
                sender.notify(title=message.title, body=message.text, body_format=message.form)
            )
    except ConfigError as error:
        return str(error)
    except Exception as error:  # a service of others: whatever it raises, its text may hold the URL
        return f"{setting}[{place}] could not be notified: {type(error).__name__}"
    if accepted:
        return ""
    return f"{setting}[{place}] did not accept the message; try it with Apprise's own command"


def describe_service(setting: str, place: int, url: SecretStr) -> Service:
    """Describe what the service of a URL takes.

    Raises ConfigError where Apprise is missing or does not know the URL.
    """
    sender = next(iter(_open_sender(setting, place, url)))
    return Service(
        str(sender.notify_format) != "text", int(sender.body_maxlen), int(sender.title_maxlen)
    )


def _open_sender(setting: str, place: int, url: SecretStr) -> "Apprise":
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise ConfigError(EXTRA_MISSING.format(setting=setting)) from None
    # In memory: Apprise would else keep tokens of some services in a folder of its own.
    with silence_logs():
        sender = Apprise(
            asset=AppriseAsset(app_id="chatpaper", app_desc="chatpaper", storage_mode="memory")
        )
        known = sender.add(url.get_secret_value())
    if not known:
        raise ConfigError(
            f"{setting}[{place}] is not a URL that Apprise knows: its documentation lists them."
        )
    return sender
