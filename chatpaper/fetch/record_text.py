"""The texts of a paper's record, as its authors meant them."""

import html
import re

from chatpaper.domain.text.invisible import to_single_line

# Only what ends with a semicolon: "AT&T" and "R&D, and copy" are no references, though browsers
# read some so.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});")

# arXiv takes abstracts of 1,920 characters (info.arxiv.org/help/prep): what is ten times as long is
# no record's text, and would only keep the checks of a night busy.
MAX_CHARACTERS = 20_000
_ELLIPSIS = "…"


def clean_record_text(text: str | None) -> str:
    """Return a text of a record on one line, with its character references resolved.

    Return an empty text where there is none. What XML or HTML had to escape is plain by then: a
    reference of HTML that is left was pasted into the record. What is longer than `MAX_CHARACTERS`
    ends there, with an ellipsis.
    """
    given = text or ""
    kept = given if len(given) <= MAX_CHARACTERS else given[:MAX_CHARACTERS] + _ELLIPSIS
    return to_single_line(_REFERENCE.sub(lambda found: html.unescape(found[0]), kept))
