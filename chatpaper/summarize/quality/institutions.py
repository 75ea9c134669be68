"""Institutions as the paper prints them.

Each comes once, and without the number that a footnote gives it.
"""

import re

# An institution that is printed once for each of its authors.
_SAME_PART = re.compile(
    r"(?:(?<=^)|(?<=[,;，；、])|(?<=[,;，；、]\s))([^,;，；、]{3,120}?)(?:[,;，；、]\s?\1)+"
    r"(?=[,;，；、]|\Z)"
)
# The number of an institution, as footnotes give it.
_NUMBER_OF_PART = re.compile(r"(?:\A|[,;，；]|(?<=[.。]))\s?\d{1,2}[.)]\s+(?=\w)")


def separate_institutions(text: str) -> str:
    """Return the institutions, with semicolons between where numbers parted them."""
    parts = [part.strip().rstrip(".") for part in _NUMBER_OF_PART.split(" ".join(text.split()))]
    return _SAME_PART.sub(
        r"\1", "; ".join(filter(None, parts)) if len(parts) > 1 else " ".join(text.split())
    )
