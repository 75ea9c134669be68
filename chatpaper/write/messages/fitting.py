"""Fit a message into what a service takes: the least-ranked papers are left to the link."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chatpaper.domain.errors import ConfigError
from chatpaper.write.messages.digest import Digest

Rendered = TypeVar("Rendered")


def render_fitting(
    digest: Digest, render: Callable[[Digest], Rendered], fits: Callable[[Rendered], bool]
) -> Rendered:
    """Render as many of the first papers as fit.

    No text is cut: a message ends after a paper. Raises ConfigError where nothing fits, not even
    the message without any paper.
    """
    for number in range(len(digest.papers), -1, -1):
        rendered = render(digest.keep_first(number))
        if fits(rendered):
            return rendered
    raise ConfigError("A message has no room for its own heading: give the topics shorter names.")


def dump_card(card: Mapping[str, Any]) -> bytes:
    """Return a card as JSON that is no larger than it must be, in UTF-8."""
    return json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode()
