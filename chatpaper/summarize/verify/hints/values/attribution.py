"""Words that tell only how a number belongs to a name.

"Reaches", "has an accuracy of" and 的准确率为 are such words.
"""

import re

from chatpaper.domain.text.tables import load_word_tables

_TABLES = load_word_tables(__name__)
# What may stand between a number and what it is of, without telling anything else of it.
_FILLER = re.compile(
    f"{_TABLES.join('filler_in_chinese')}"
    rf"|\b(?:{_TABLES.join('filler_in_english')})\b|[\s（(：:'’s]",
    re.IGNORECASE,
)
_METRIC = re.compile(_TABLES.join("metric"), re.IGNORECASE)
_CHANGES = re.compile(_TABLES.join("changes"))
# What one has more or less than another may stand in the paper beside something else, or nowhere.
_GAP = re.compile(rf"(?:{_TABLES.join('gap')})(?:了|约|近|达|为|は)?\s*\Z", re.IGNORECASE)
# What something changes from may stand beside what a statement quotes.
_FROM = re.compile(r"(?:从|由|自|から|\bfrom)\s?\Z", re.IGNORECASE)
_TO = re.compile(r"(?:[升降增减跌涨提][高升降低加少]?[至到为]|から)\s?\Z")


def is_gap(before: str) -> bool:
    """Tell whether the words before a number say that it is a difference."""
    return bool(_GAP.search(before))


def is_metric(name: str) -> bool:
    """Tell whether a name is that of a measure."""
    return bool(_METRIC.fullmatch(name))


def is_beginning(before: str) -> bool:
    """Tell whether the words before a number say that something changes from it."""
    return bool(_FROM.search(before))


def is_end(before: str) -> bool:
    """Tell whether the words before a number say that something has changed to it."""
    return bool(_TO.search(before))


def is_change(words: str) -> bool:
    """Tell whether words say that something changes or is computed."""
    return bool(_CHANGES.search(words))


def is_filler(words: str) -> bool:
    """Tell whether words beside a number name nothing else that it could belong to."""
    return not is_change(words) and not _FILLER.sub("", _METRIC.sub(" ", words)).strip("，,）)%％")
