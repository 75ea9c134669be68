"""What a channel is: something that takes a digest in its own form, and sends it once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from chatpaper.domain.clock import Clock
from chatpaper.write.messages.digest import Digest

# `sent` was accepted, `waiting` surely was not, `unknown` may have arrived.
AttemptState = Literal["sent", "waiting", "unknown"]

# A service that asks for a longer pause gets the message with the next run.
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt to send ended; `reason` never holds an address or a key."""

    state: AttemptState
    reason: str = ""
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message of those that a digest takes.

    `content` is what is sent, and `suffix` the kind of file that it would be. `keys` are those of
    the papers that it tells of, or leaves to its link. `figures` are PNG files by the names that
    `content` has for them.
    """

    content: bytes
    suffix: Literal[".eml", ".json"]
    keys: tuple[str, ...] = ()
    figures: Mapping[str, bytes] = field(default_factory=dict)


class Channel(Protocol):
    """A way to one reader or group, by its name in the settings."""

    @property
    def name(self) -> str:
        """The name of the channel, e.g. `mail`."""

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render a digest as the messages that it takes; raises ConfigError without room."""

    def send(self, part: Part) -> Attempt:
        """Send one message, once."""


def send_patiently(channel: Channel, part: Part, clock: Clock) -> Attempt:
    """Send a message, and once more after the pause that a service asks for, if that is short."""
    attempt = channel.send(part)
    pause = attempt.retry_after_seconds
    if attempt.state == "waiting" and pause is not None and pause <= LONGEST_PAUSE_SECONDS:
        clock.sleep(pause)
        attempt = channel.send(part)
    return attempt
