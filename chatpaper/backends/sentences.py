"""The sentences of a paper, as they may be quoted."""

import re

from chatpaper.domain import Document, Paper
from chatpaper.domain.text.folding import collapse_spaces, expand_ligatures
from chatpaper.domain.text.scripts import UNSPACED, contains_cjk

SENTENCE_CHARACTERS = range(40, 420)
CJK_SENTENCE_CHARACTERS = range(12, 160)
# Below this share of letters a "sentence" is a formula or a row of a table.
MIN_SHARE_OF_LETTERS = 0.7

# What is owed to others, which is nothing that a paper found.
_THANKS = re.compile(
    r"\bthank(?:s|ful)?\b(?! to\b)|\bgrateful\b|\backnowledge\b|\bgrant (?:no|number)\b|\bfunded by\b",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|St|Inc|w\.r\.t)|\b[A-Z])\.\Z"
)
_BOUNDARY = re.compile(rf"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“(\[]*[A-Z0-9{UNSPACED}])|(?<=[。！？])")


def prose_sentences(paper: Paper, document: Document) -> dict[str, str]:
    """The sentences of abstract and sections in reading order, each once, with the kind of section
    that it stands in.

    Neither formulas, rows of tables and thanks are among them, nor what an appendix says.
    """
    passages = [("abstract", document.abstract or paper.abstract)]
    passages += [
        (kind, section.text)
        for kind, section in zip(document.section_kinds(), document.sections, strict=True)
    ]
    kinds: dict[str, str] = {}
    for kind, passage in passages:
        for text in split_sentences(passage):
            if kind != "appendix" and _is_prose(text):
                kinds.setdefault(text, kind)
    return kinds


def split_sentences(text: str) -> list[str]:
    """The sentences of a running text; words broken at the end of a line are joined."""
    whole_words = re.sub(r"(?<=[a-z])[-‐]\n(?=[a-z])", "", expand_ligatures(text))
    joined = collapse_spaces(whole_words)
    sentences: list[str] = []
    for piece in _BOUNDARY.split(joined):
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] += f" {piece}"
        elif piece.strip():
            sentences.append(piece.strip())
    return sentences


def _is_prose(text: str) -> bool:
    fitting = CJK_SENTENCE_CHARACTERS if contains_cjk(text) else SENTENCE_CHARACTERS
    letters = sum(character.isalpha() for character in text)
    dense = len(text) - text.count(" ")
    return (
        len(text) in fitting
        and letters >= MIN_SHARE_OF_LETTERS * dense
        and text[-1] in ".!?。！？"
        and not text[0].islower()
        and not _THANKS.search(text)
    )
