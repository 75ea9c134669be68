"""Letters as they are compared in names: without accents and in lower case; Greek ones by their
names.
"""

import re
import unicodedata

# Letters that are no other letter with a mark, but that people type as one.
_TYPED_AS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_GREEK = re.compile(r"[\u0391-\u03c9\u03d1\u03d5\u03f5]")


def fold(text: str) -> str:
    """A name as it is compared: letters and digits without accents, in lower case."""
    if text.isascii() and text.isalnum():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_TYPED_AS)
    return "".join(character for character in decomposed if character.isalnum())


def spell_greek(text: str) -> str:
    """The text with the names of its Greek letters in their place: σ is sigma."""
    return _GREEK.sub(lambda match: _name_of(match[0]), text)


def _name_of(letter: str) -> str:
    return unicodedata.name(unicodedata.normalize("NFKC", letter)).split()[3].lower()
