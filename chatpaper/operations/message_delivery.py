"""Messages to people who are away, through Apprise.

The URLs hold secrets: no text of ours shows them.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from chatpaper.domain.errors import ConfigError

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

EXTRA_MISSING = "notify.urls is set, but Apprise is not installed: pip install 'chatpaper[notify]', or take notify.urls out."


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: one line for a title, and a plain text."""

    title: str
    text: str


def check_urls(urls: Sequence[SecretStr]) -> str:
    """Say that the URLs can be used.

    Raises ConfigError where Apprise is missing or does not know one of them.
    """
    for place, url in enumerate(urls):
        _sender(place, url)
    return f"{len(urls)} addresses" if urls else "nobody is told: notify.urls is empty"


def send(message: Message, urls: Sequence[SecretStr]) -> bool:
    """Send to all; whether at least one took it.

    What fails is a warning: the night's work is done and stays done.
    """
    taken = [_send_one(message, place, url) for place, url in enumerate(urls)]
    return any(taken)


def _send_one(message: Message, place: int, url: SecretStr) -> bool:
    try:
        sender = _sender(place, url)
        with _silence():
            # Titles of papers are text, whatever they look like: services that take HTML get them
            # escaped.
            taken = bool(sender.notify(title=message.title, body=message.text, body_format="text"))
    except ConfigError as error:
        log.warning("%s", error)
        return False
    except Exception as error:  # a service of others: whatever it raises, its text may hold the URL
        log.warning("notify.urls[%d] could not be told: %s", place, type(error).__name__)
        return False
    if not taken:
        log.warning(
            "notify.urls[%d] did not take the message; try it with Apprise's own command", place
        )
    return taken


def _sender(place: int, url: SecretStr) -> "Apprise":
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise ConfigError(EXTRA_MISSING) from None
    # No folder of its own: what Apprise would remember there (tokens of some services) is made
    # anew.
    with _silence():
        sender = Apprise(
            asset=AppriseAsset(app_id="chatpaper", app_desc="chatpaper", storage_mode="memory")
        )
        known = sender.add(url.get_secret_value())
    if not known:
        raise ConfigError(
            f"notify.urls[{place}] is no URL that Apprise knows: its documentation lists them."
        )
    return sender


@contextmanager
def _silence() -> Iterator[None]:
    """Apprise and its HTTP library log addresses and what was answered: nothing of that may reach a
    log.
    """
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
