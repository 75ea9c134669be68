"""The fence around what a paper says, which text within it can neither end nor pass for."""

import hashlib
import re

from chatpaper.domain.text.invisible import remove_invisible

# How the line that opens a fence begins.
FENCE_LINE = "\n<<<PAPER"

_FENCE_DIGITS = 12
# The brackets before the words of the fence, in either width; those of a program (`kernel<<<blocks,
# threads>>>`) stay.
_FENCE_MARK = re.compile(r"(?<![<\uff1c])[<\uff1c]++(?=\s*+(?:END\s++)?PAPER\b)", re.IGNORECASE)


def make_fence(*shown: str) -> str:
    """Return a mark that what is shown cannot contain: it would have to hold a digest of itself."""
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()[:_FENCE_DIGITS]


def clean_for_fence(text: str) -> str:
    """Clean text from outside, so that it cannot leave the fence.

    It loses characters that leave no trace, and anything that looks like the fence.
    """
    return _FENCE_MARK.sub("", remove_invisible(text))
