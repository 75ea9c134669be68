"""Characters without a shape.

They carry words that no reader sees, and turn round or split those that readers see.
"""

import re

# Default_Ignorable_Code_Point of Unicode 15.1 (DerivedCoreProperties.txt), but for the soft hyphen,
# which shows at the end of a line, and the two joiners, which shape the letters of some scripts.
_IGNORABLE = (
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-"
    r"\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Arabic and the scripts of India stand in these blocks; elsewhere a joiner shapes nothing.
_SHAPED_BY_JOINERS = r"\u0600-\u08ff\u0900-\u0dff"
_SHAPELESS = re.compile(rf"[{_IGNORABLE}]|(?<![{_SHAPED_BY_JOINERS}])[\u200c\u200d]")
# Tag characters repeat ASCII, U+E0020 to U+E007E; each byte from 16 may stand behind one of the 240
# selectors.
_TAG = re.compile(r"[\U000e0020-\U000e007e]+")
_TAG_BASE = 0xE0000
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")


def remove_invisible(text: str) -> str:
    """Return the text without characters that leave no trace on a page."""
    return text if text.isascii() else _SHAPELESS.sub("", text)


def to_single_line(text: str) -> str:
    """Return the text with single spaces, and without characters that leave no trace."""
    return " ".join(remove_invisible(text).split())


def decode_invisible_words(text: str) -> str:
    """Return the words that are written in shapeless characters.

    In tags, or as bytes in variation selectors.
    """
    if text.isascii():
        return ""
    tagged = ("".join(chr(ord(tag) - _TAG_BASE) for tag in run) for run in _TAG.findall(text))
    selected = (
        bytes(map(_byte, run)).decode("utf-8", "ignore") for run in _SELECTORS.findall(text)
    )
    return " ".join(" ".join((*tagged, *selected)).split())


def _byte(selector: str) -> int:
    code = ord(selector)
    return code - 0xFE00 if code < 0xFF00 else code - 0xE0100 + 16
