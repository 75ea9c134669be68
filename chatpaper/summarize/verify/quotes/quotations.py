"""Quotations within a text."""

import re

from chatpaper.domain.text.scripts import contains_unspaced

MIN_WORDS_OF_QUOTATION = 4

_QUOTATION = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|「([^「」\n]+)」|『([^『』\n]+)』")
_BLOCK_QUOTE = re.compile(r"^\s*>\s*(?P<words>[^\n]*[A-Za-z][^\n]*)$", re.MULTILINE)
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def find_quotations(text: str) -> tuple[tuple[int, int, str], ...]:
    """Find the English quotations of a text, with their places.

    Those too short to be looked for are left out.
    """
    found = [
        (match.start(), match.end(), next(group for group in match.groups() if group))
        for match in _QUOTATION.finditer(text)
    ]
    if contains_unspaced(text):
        found += [
            (match.start("words"), match.end("words"), match["words"])
            for match in _BLOCK_QUOTE.finditer(text)
        ]
    kept: list[tuple[int, int, str]] = []
    for start, end, words in sorted(found, key=lambda place: (place[0], -place[1])):
        english = len(
            _LATIN_WORD.findall(words)
        ) >= MIN_WORDS_OF_QUOTATION and not contains_unspaced(words)
        if english and (not kept or start >= kept[-1][1]):
            kept.append((start, end, words.strip(' *_“”"')))
    return tuple(kept)
