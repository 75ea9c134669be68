"""Which language a text is in, of those that posts are written in."""

import re

from chatpaper.domain.text.scripts import HAN, KANA, UNSPACED
from chatpaper.domain.text.tables import load_word_tables

_KANA = re.compile(f"[{KANA}]")
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[^\W\d_{UNSPACED}]+")
_TABLES = load_word_tables(__name__)
_ENGLISH_WORD = re.compile(_TABLES.join("english_word"))

# A Chinese or Japanese word has about two letters.
_LETTERS_OF_WORD = 2
# Japanese prose is half kana; Chinese prose may hold a Japanese name.
_LEAST_SHARE_OF_KANA = 0.1
# A third of English prose are such words; titles have fewer, and other languages share "a", "in"
# and "on".
_LEAST_SHARE_OF_ENGLISH_WORDS = 0.15


def detect_language(text: str) -> str:
    """Return the code of the language, "zh", "ja" or "en".

    Empty where it is another, or cannot be determined.
    """
    kana, han, words = (
        len(_KANA.findall(text)),
        len(_HAN.findall(text)),
        _WORD.findall(text.casefold()),
    )
    if (kana + han) / _LETTERS_OF_WORD > len(words):
        return "ja" if kana >= _LEAST_SHARE_OF_KANA * (kana + han) else "zh"
    english = sum(_ENGLISH_WORD.fullmatch(word) is not None for word in words)
    return "en" if words and english >= _LEAST_SHARE_OF_ENGLISH_WORDS * len(words) else ""
