"""A digest as messages of Telegram: the first paper below its figure, then the others.

Telegram counts characters after its tags are read; here every code unit of UTF-16 counts, which is
as many or more.
"""

import re
import struct
from collections.abc import Mapping
from html import unescape

from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.escapes import escape_telegram
from chatpaper.write.messages.fitting import render_fitting
from chatpaper.write.messages.templating import render_template

MOST_MESSAGE_CHARACTERS = 4096
MOST_CAPTION_CHARACTERS = 1024
# Telegram refuses pictures that are larger, longer on two sides together, or narrower than this.
MOST_PHOTO_BYTES = 10_000_000
MOST_PHOTO_SIDES = 10_000
MOST_PHOTO_RATIO = 20

_TAG = re.compile(r"<[^>]*>")
_PNG_SIZE_AT = 16


def render_caption(digest: Digest, labels: Mapping[str, str]) -> str:
    """Render the first paper as the caption of its figure.

    It is empty where there is no figure that Telegram takes, or no room for the paper below it.
    """
    figure = digest.papers[0].figure if digest.papers else None
    if figure is None or not is_photo(figure.png):
        return ""
    caption = _render(digest.split_first()[0], labels, first=1)
    return caption if count_characters(caption) <= MOST_CAPTION_CHARACTERS else ""


def render_message(digest: Digest, labels: Mapping[str, str]) -> str:
    """Render the papers that have room in one message, behind those that are told elsewhere.

    Raises ConfigError where not even the heading has room.
    """
    return render_fitting(
        digest,
        lambda part: _render(part, labels, first=digest.elsewhere + 1),
        lambda text: count_characters(text) <= MOST_MESSAGE_CHARACTERS,
    )


def count_characters(text: str) -> int:
    """Count the code units of what is shown of an HTML text."""
    return len(unescape(_TAG.sub("", text)).encode("utf-16-le")) // 2


def is_photo(png: bytes) -> bool:
    """Return whether Telegram takes a PNG as a photo."""
    if len(png) > MOST_PHOTO_BYTES or len(png) < _PNG_SIZE_AT + 8:
        return False
    width, height = (int(side) for side in struct.unpack_from(">II", png, _PNG_SIZE_AT))
    longer, shorter = max(width, height), max(1, min(width, height))
    return width + height <= MOST_PHOTO_SIDES and longer <= MOST_PHOTO_RATIO * shorter


def _render(digest: Digest, labels: Mapping[str, str], *, first: int) -> str:
    return render_template("telegram.html.j2", digest, labels, escape_telegram, first=first).strip()
