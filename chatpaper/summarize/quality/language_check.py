"""Tell in which language and script a text is.

It is recognized by its characters, and by the small words that only sentences have.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple, Self

from chatpaper.domain import Field
from chatpaper.domain.text.scripts import HAN, KANA, LATIN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.quality.sentences import FORMULA, without_quotations

# A name has fewer words than this, a sentence more: "Mask R-CNN" is a title in any language.
MIN_WORDS_OF_PROSE = 4
# Latin words in a row with so many small ones among them are a sentence or a part of one, and no
# list of names.
MIN_WORDS_OF_RUN = 7
MIN_SMALL_WORDS_OF_RUN = 3
# A text of which this much is sentences in another language was not written in its own.
MAX_SHARE_OF_FOREIGN_PROSE = 0.4
# Names of persons and places in their own characters leave most of an English text in Latin
# letters.
MAX_SHARE_OF_CJK_IN_LATIN = 0.5
# Japanese text has kana in every clause; Chinese names a Japanese term now and then.
MAX_SHARE_OF_KANA_IN_CHINESE = 0.3
MIN_CHARACTERS_TO_TELL = 4
# Japanese without kana is a list of terms at most.
MIN_CHARACTERS_WITHOUT_KANA = 30
# Characters of Chinese that JIS X 0208 lacks: a name may bring one.
MIN_CHARACTERS_OF_CHINESE = 2

# GB 2312 holds the characters of simplified Chinese alone; traditional text has a third of its
# characters outside, a sentence with names in it a few.
MAX_SHARE_OF_TRADITIONAL = 0.15
MIN_TRADITIONAL_CHARACTERS = 4
# Names have none of these.
_TRADITIONAL_SMALL_WORDS = frozenset("這對為與們個從並較於種將該過還讓當經應僅則雖卻來時會後")

# Fields with a limit below this may be a name: a title, a keyword.
PROSE_LIMIT_CHARACTERS = 100

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile(f"[{KANA}]")
_LATIN_WORD = re.compile(f"[{LATIN}][{LATIN}'’-]*")
_TABLES = load_word_tables(__name__)
_SMALL_WORD = re.compile(_TABLES.join("small_word"))
_BRACKETED = re.compile(r"[（(][^（()）\n]{1,200}[)）]")
_CJK_CHARACTER = re.compile(f"[{HAN}{KANA}]")


def find_wrong_language(texts: Sequence[str], language: Language) -> list[str]:
    """Return a complaint about text that is not in the language that was asked for.

    Quotations and what stands in brackets do not count.
    """
    own = [_own_words(text) for text in texts]
    whole = "\n".join(own)
    count = _ScriptCount.of(whole)
    if language.script == "latin":
        is_wrong = (
            count.cjk >= MIN_CHARACTERS_TO_TELL
            and count.cjk > MAX_SHARE_OF_CJK_IN_LATIN * count.units
        )
    elif count.cjk == 0:
        is_wrong = _is_prose(whole) or (len(texts) > 1 and _are_common_words(own))
    else:
        foreign_words = sum(_words_of_foreign_prose(text) for text in own)
        is_wrong = foreign_words > MAX_SHARE_OF_FOREIGN_PROSE * count.units or _is_other_cjk(
            whole, count, language
        )
    return [f"is not in {language.name}"] if is_wrong else []


def is_foreign(text: str, language: Language) -> bool:
    """Tell whether a text is a sentence in Latin letters where another script was asked for."""
    own = _own_words(text)
    return language.script != "latin" and not _CJK_CHARACTER.search(text) and _is_prose(own)


def find_lone_word(field: Field, text: str) -> list[str]:
    """Return a word where sentences were asked for: "HACKED" is no summary in any language."""
    is_prose = field.kind == "text" and field.max_characters >= PROSE_LIMIT_CHARACTERS
    count = _ScriptCount.of(text)
    return ["is a single word"] if is_prose and count.cjk == 0 and count.latin <= 1 else []


def find_traditional_characters(text: str) -> list[str]:
    """Return a complaint about text in traditional Chinese."""
    han = _HAN.findall(text)
    traditional = [character for character in han if not _is_encodable(character, "gb2312")]
    is_much = len(traditional) >= MIN_TRADITIONAL_CHARACTERS and len(
        traditional
    ) > MAX_SHARE_OF_TRADITIONAL * len(han)
    if not is_much or _TRADITIONAL_SMALL_WORDS.isdisjoint(traditional):
        return []
    return [f"is in traditional characters ({''.join(traditional[:6])}); write simplified ones"]


def _own_words(text: str) -> str:
    """Return the text without what it quotes, puts in brackets or writes in signs."""
    return _BRACKETED.sub(" ", without_quotations(FORMULA.sub(" ", text)))


def _is_prose(text: str) -> bool:
    """Tell whether Latin words are a sentence: names have capitals and no small words between."""
    words = _LATIN_WORD.findall(text)
    common = [
        word
        for word in words
        if _SMALL_WORD.fullmatch(word.lower()) or (word.islower() and len(word) > 2)
    ]
    return len(words) >= MIN_WORDS_OF_PROSE and len(common) >= 2


def _are_common_words(texts: Sequence[str]) -> bool:
    """Tell whether most items are words and no names: "image synthesis", not "AdamW"."""
    common = [
        text
        for text in texts
        if any(word.islower() and len(word) > 2 for word in _LATIN_WORD.findall(text))
    ]
    return len(common) > len(texts) / 2


def _words_of_foreign_prose(text: str) -> int:
    """Count the words in stretches of Latin words that are sentences, or parts of such."""
    runs = (_LATIN_WORD.findall(run) for run in _CJK_CHARACTER.split(text))
    return sum(
        len(words)
        for words in runs
        if len(words) >= MIN_WORDS_OF_RUN
        and sum(bool(_SMALL_WORD.fullmatch(word)) for word in words) >= MIN_SMALL_WORDS_OF_RUN
    )


def _is_other_cjk(text: str, count: "_ScriptCount", language: Language) -> bool:
    """Tell whether text is Japanese where Chinese was asked for, or the other way round."""
    if language.script == "han":
        return (
            count.kana >= MIN_CHARACTERS_TO_TELL
            and count.kana > MAX_SHARE_OF_KANA_IN_CHINESE * count.cjk
        )
    chinese = sum(not _is_encodable(character, "cp932") for character in _HAN.findall(text))
    return count.kana == 0 and (
        chinese >= MIN_CHARACTERS_OF_CHINESE or count.han >= MIN_CHARACTERS_WITHOUT_KANA
    )


def _is_encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class _ScriptCount(NamedTuple):
    """Characters of Chinese and Japanese, and words in Latin letters."""

    han: int
    kana: int
    latin: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Count a text."""
        return cls(
            len(_HAN.findall(text)), len(_KANA.findall(text)), len(_LATIN_WORD.findall(text))
        )

    @property
    def cjk(self) -> int:
        """Return the number of characters of Chinese or Japanese."""
        return self.han + self.kana

    @property
    def units(self) -> int:
        """Return the length of the text, a word counting as one character."""
        return self.cjk + self.latin
