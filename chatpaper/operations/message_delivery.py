"""Send messages through Apprise.

The URLs of `notify.urls` hold secrets: they are never shown, logged or put into an error message.
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

EXTRA_MISSING = (
    "notify.urls is set, but Apprise is not installed: run `pip install 'chatpaper[notify]'`, "
    "or remove notify.urls."
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: a title of one line, and a plain text."""

    title: str
    text: str


def check_urls(urls: Sequence[SecretStr]) -> str:
    """Check that Apprise knows the URLs, and return how many there are, in words.

    Raises ConfigError where Apprise is missing or does not know one of them.
    """
    for place, url in enumerate(urls):
        _sender(place, url)
    return f"{len(urls)} addresses" if urls else "nobody is notified: notify.urls is empty"


def send(message: Message, urls: Sequence[SecretStr]) -> bool:
    """Send a message to all URLs, and return whether at least one service accepted it.

    A failure is logged as a warning, for the work of the run is done.
    """
    accepted = [_send_one(message, place, url) for place, url in enumerate(urls)]
    return any(accepted)


def _send_one(message: Message, place: int, url: SecretStr) -> bool:
    try:
        sender = _sender(place, url)
        with _silence():
            # Titles of papers are plain text: Apprise escapes them for services that take HTML.
            accepted = bool(
                sender.notify(title=message.title, body=message.text, body_format="text")
            )
    except ConfigError as error:
        log.warning("%s", error)
        return False
    except Exception as error:  # a service of others: whatever it raises, its text may hold the URL
        log.warning("notify.urls[%d] could not be notified: %s", place, type(error).__name__)
        return False
    if not accepted:
        log.warning(
            "notify.urls[%d] did not accept the message; try it with Apprise's own command", place
        )
    return accepted


def _sender(place: int, url: SecretStr) -> "Apprise":
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise ConfigError(EXTRA_MISSING) from None
    # In memory: Apprise would else keep tokens of some services in a folder of its own.
    with _silence():
        sender = Apprise(
            asset=AppriseAsset(app_id="chatpaper", app_desc="chatpaper", storage_mode="memory")
        )
        known = sender.add(url.get_secret_value())
    if not known:
        raise ConfigError(
            f"notify.urls[{place}] is not a URL that Apprise knows: its documentation lists them."
        )
    return sender


@contextmanager
def _silence() -> Iterator[None]:
    """Disable logging, for Apprise and its HTTP library log addresses and responses."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
