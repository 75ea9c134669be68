"""The names and measures of a text as the columns of a table are headed."""

import re
from collections.abc import Mapping

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.tables.grids import split_label

Heading = tuple[str, ...]

_TABLES = load_word_tables(__name__)
# Recall@20, whose number is read as one.
_AT = re.compile(r"[A-Za-z][A-Za-z-]{0,20}@\d+")


def find_headings(statement: str) -> list[tuple[int, int, Heading]]:
    """Return the names and measures of a statement, with their places, as a heading has them."""
    found = [(each.start, each.end, split_label(each.text)) for each in find_names(statement)]
    found += [(each.start(), each.end(), split_label(each[0])) for each in _AT.finditer(statement)]
    for heading, words in _MEASURES.items():
        found += [(each.start(), each.end(), heading) for each in words.finditer(statement)]
    return found


def _compile_measures() -> Mapping[Heading, re.Pattern[str]]:
    rows = _TABLES.get_rows("measures")
    return {split_label(head): re.compile("|".join(words)) for head, words in rows.items()}


_MEASURES = _compile_measures()
