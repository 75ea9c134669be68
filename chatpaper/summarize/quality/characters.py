"""Characters of an answer that no reader sees, or that break what stores it."""

import re

from chatpaper.domain.text.invisible import remove_invisible

# The controls of C0 and C1 but tab and line feed, the soft hyphen, a blank of Braille, marks
# between lines, characters that were lost, and noncharacters, which XML forbids.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2800\ufdd0-\ufdef\ufff9-\uffff]")
_SEPARATOR = re.compile("[\u2028\u2029\x85]|\r\n?|\x0b")
_SURROGATE = re.compile("[\ud800-\udfff]")


def without_unseen(text: str) -> str:
    """Return the text with nothing in it that is not seen.

    Line feeds and tabs stay; other separators become line feeds.
    """
    return remove_invisible(_UNSEEN.sub("", _SEPARATOR.sub("\n", repair_surrogates(text))))


def repair_surrogates(text: str) -> str:
    """Return the text with its surrogates in pairs.

    A lone one, which no file and no database takes, is a character lost.
    """
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
