"""Versions of software that a sentence gives, 2.6.0, and that the paper must print too."""

import re
from collections.abc import Iterator

# Two parts may be any number; three are a version, or the number of a section.
_VERSION = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){2}(?![\d.]*\d)")
_SECTION_BEFORE = re.compile(
    r"(?:§|[第节節表图圖]|\bsec(?:tion|\.)?|\btable|\bfig(?:ure|\.)?)\s?\Z", re.IGNORECASE
)
_SECTION_BEHIND = re.compile(r"\s?(?:小?[节節]|章)")


def find_missing_versions(sentence: str, paper: str) -> Iterator[tuple[int, str]]:
    """Find the versions of a sentence that the paper prints nowhere."""
    for found in _VERSION.finditer(sentence):
        is_section = _SECTION_BEFORE.search(sentence[: found.start()]) or _SECTION_BEHIND.match(
            sentence, found.end()
        )
        if not is_section and found[0] not in paper:
            yield found.start(), found[0]
