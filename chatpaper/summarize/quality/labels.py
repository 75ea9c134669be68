"""Labels and marks that a post sets itself.

They are the name of a part before its text, and the number before an item.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain import AnswerItem, Claim, format_item
from chatpaper.domain.text.tables import load_word_tables

# A text may begin with a word and a colon for a good reason (结论：当且仅当 …); the label of its
# own part is no reason.
_TABLES = load_word_tables(__name__)
_LABELS = {field_name: _TABLES.join(field_name) for field_name in _TABLES.root}
_COLON = r"\s{0,3}[：:]\s{0,3}(?=\S)"

# 1. 2、 （3） (4) and bullets; 0.5 is a number, and so is what another number follows (1、2 和 3).
_NUMBERED = re.compile(
    r"\s*(?:[（(]\d{1,2}[)）]|\d{1,2}(?:[.．](?!\d)|[、)）])|[①-⑳])\s*(?![\d、，,])"
)
_BULLET = re.compile(r"\s*[-•*·–]\s+(?!\d)")
# One item may begin with a number of its own; where half of them do, they are counted.
MIN_SHARE_OF_MARKED = 0.5


def without_label(field_name: str, text: str) -> str:
    """Return the text without the label of its own part before it."""
    label = _LABELS.get(field_name)
    return (
        re.sub(rf"\A\s{{0,8}}(?:论文|本文|the )?(?:{label}){_COLON}", "", text, flags=re.IGNORECASE)
        if label
        else text
    )


def without_list_marks(items: Sequence[AnswerItem]) -> tuple[AnswerItem, ...]:
    """Return the items without the marks or numbers that most of them bear."""
    texts = [format_item(item) for item in items]
    marks = [_BULLET.match(text) or _NUMBERED.match(text) for text in texts]
    if len(items) < 2 or sum(map(bool, marks)) < MIN_SHARE_OF_MARKED * len(items):
        return tuple(items)
    bare = [text[mark.end() :] if mark else text for text, mark in zip(texts, marks, strict=True)]
    return tuple(
        replace(item, text=text) if isinstance(item, Claim) else text
        for item, text in zip(items, bare, strict=True)
    )
