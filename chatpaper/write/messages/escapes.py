"""Text from outside in the markup of chat services, where it shows as itself and nothing else.

The services document few ways to escape: signs that could begin something are printed full width
where there is none, so that no paper can write links, mentions or formats into a message.
"""

import re

from markupsafe import Markup, escape

from chatpaper.write.markup.markdown import sanitize_line, to_link_target

# From an ASCII character to its full-width form (Unicode block FF00).
_TO_FULL_WIDTH = 0xFF01 - 0x21
# Emphasis, code, links, images, tags, mentions, addresses that become links, and escapes.
_ACTIVE = re.compile(
    r"[\\`*~\[\]<>@|]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)[#+-](?=\s|#)|:(?=//)|/(?=/\w)|&(?=#|\w+;)"
    r"|(?<=\bwww)\.",
    re.IGNORECASE,
)
# The same for services that read character references, which these are then shown by.
_ACTIVE_OR_REFERENCE = re.compile(r"[\\`*~\[\]<>@|_&]|:(?=//)|/(?=/\w)|(?<=\bwww)\.", re.IGNORECASE)
# An address that Telegram would make a link of.
_JOINT = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\w)|(?<!\S)(?=/\w)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def escape_full_width(text: str) -> Markup:
    """Return text for DingTalk, WeCom and Apprise: active signs are printed full width."""
    return Markup(_ACTIVE.sub(_widen, sanitize_line(text)))


def escape_as_references(text: str) -> Markup:
    """Return text for Feishu, which shows character references as the signs they stand for."""
    return Markup(_ACTIVE_OR_REFERENCE.sub(lambda sign: f"&#{ord(sign[0])};", sanitize_line(text)))


def escape_telegram(text: str) -> Markup:
    """Return text for Telegram's HTML, in which addresses, mentions and commands stay text."""
    return escape(_JOINT.sub(_WORD_JOINER, sanitize_line(text)))


def to_target(url: str) -> str:
    """Return an address that a message may link to, of the web or of mail; empty for any other."""
    if url.startswith("mailto:"):
        return f"mailto:{to_link_target(url.removeprefix('mailto:'))}"
    target = str(to_link_target(url))
    # A relative path leads nowhere from a message.
    return target if target.startswith(("http://", "https://")) else ""


def _widen(sign: re.Match[str]) -> str:
    return chr(ord(sign[0]) + _TO_FULL_WIDTH)
