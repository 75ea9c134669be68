"""Words that tell only how a number belongs to a name.

"Reaches", "has an accuracy of" and 的准确率为 are such words.
"""

import re

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.numbers.numeral import Numeral

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
_NAME_BEFORE = re.compile(r"\b[A-Z][A-Za-z-]+(?: [A-Z][A-Za-z-]*){0,4} \Z")
_TO = re.compile(r"(?:[升降增减跌涨提][高升降低加少]?[至到为]|から)\s?\Z")


def is_end_of_name(numeral: Numeral, comparison: Comparison) -> bool:
    """Tell whether a paper has a number behind the same name, and the quote not that name.

    The number is a part of the name then: Clay FSM 16.
    """
    name = _NAME_BEFORE.search(comparison.statement[: numeral.start])
    if name is None or numeral.unit.kind or numeral.digit < 1 or name[0] in comparison.quote:
        return False
    whole = rf"\b{re.escape(name[0] + numeral.text)}\b"
    return re.search(whole, comparison.paper_text) is not None


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
