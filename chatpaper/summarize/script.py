"""In which language and script a text is, by the share of its characters."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Self

from chatpaper.domain import AnswerItem, Claim, Field, FieldAnswer
from chatpaper.prompts import Language
from chatpaper.summarize.phrases import FORMULA

# Chinese text about computing is full of Latin names: each counts as one word against one Chinese character.
MIN_SHARE_OF_SCRIPT = 0.4
MAX_SHARE_OF_CJK_IN_LATIN = 0.1
# A name has fewer words than this, a sentence more: "Mask R-CNN" is a title in any language.
MIN_UNITS_TO_TELL = 4
MIN_SHARE_OF_SHORT_ITEMS = 0.3
# "Beats Mask R-CNN" is a statement, "Mask R-CNN" a name.
MIN_WORDS_OF_STATEMENT = 3
# The English title of a paper in brackets has fewer words than this; a paragraph left in English has more.
MAX_LATIN_RUN_WORDS = 15
# Japanese without kana is a list of terms at most.
MIN_CHARACTERS_WITHOUT_KANA = 16

# GB 2312 holds the characters of simplified Chinese alone; a name may bring a rare one, a sentence does not.
MAX_SHARE_OF_TRADITIONAL = 0.05
MIN_TRADITIONAL_CHARACTERS = 2

# Fields with a limit below this may be a name: a title, a keyword.
PROSE_LIMIT_CHARACTERS = 100

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]*")
_LATIN_RUN = re.compile(rf"(?:{_LATIN_WORD.pattern}[\s,;:()]+){{{MAX_LATIN_RUN_WORDS - 1},}}{_LATIN_WORD.pattern}")


def wrong_language(texts: Sequence[str], language: Language) -> list[str]:
    """Text that is not in the language that was asked for."""
    counts = [_ScriptCount.of(FORMULA.sub(" ", text)) for text in texts]
    if len(counts) > 1 and all(count.units < MIN_UNITS_TO_TELL for count in counts):
        fitting = sum(count.latin > 0 if language.script == "latin" else count.cjk > 0 for count in counts)
        return [] if fitting / len(counts) >= MIN_SHARE_OF_SHORT_ITEMS else [f"is not in {language.name}"]
    whole = _ScriptCount.of(FORMULA.sub(" ", "\n".join(texts)))
    has_long_run = language.script != "latin" and any(_LATIN_RUN.search(text) for text in texts)
    return [f"is not in {language.name}"] if has_long_run or not whole.fits(language) else []


def untranslated_items(answer: FieldAnswer, language: Language) -> list[str]:
    """Statements that say their quote again, or something else in the language of the paper."""
    items: Sequence[AnswerItem] = () if isinstance(answer, str) else answer
    found = [item for item in items if isinstance(item, Claim) and is_untranslated(item, language)]
    return [f"is not in {language.name}: {found[0].text[:40]}"] if found else []


def is_untranslated(claim: Claim, language: Language) -> bool:
    """Whether a statement is a sentence in a language other than the one asked for."""
    count = _ScriptCount.of(FORMULA.sub(" ", claim.text))
    return language.script != "latin" and count.cjk == 0 and count.latin >= MIN_WORDS_OF_STATEMENT


def one_word(field: Field, text: str) -> list[str]:
    """A word where sentences were asked for: "HACKED" is no summary in any language."""
    is_prose = field.kind == "text" and field.max_characters >= PROSE_LIMIT_CHARACTERS
    count = _ScriptCount.of(text)
    return ["is a single word"] if is_prose and count.cjk == 0 and count.latin <= 1 else []


def traditional_characters(text: str) -> list[str]:
    """Text in traditional Chinese."""
    han = _HAN.findall(text)
    traditional = [character for character in han if not _is_simplified(character)]
    if len(traditional) < MIN_TRADITIONAL_CHARACTERS or len(traditional) <= MAX_SHARE_OF_TRADITIONAL * len(han):
        return []
    return [f"is in traditional characters ({''.join(traditional[:6])}); write simplified ones"]


def _is_simplified(character: str) -> bool:
    try:
        character.encode("gb2312")
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
        return cls(len(_HAN.findall(text)), len(_KANA.findall(text)), len(_LATIN_WORD.findall(text)))

    @property
    def cjk(self) -> int:
        """Characters of Chinese or Japanese."""
        return self.han + self.kana

    @property
    def units(self) -> int:
        """A word counts as one character."""
        return self.cjk + self.latin

    def fits(self, language: Language) -> bool:
        """Whether a text with this count may be in the language."""
        if self.units < MIN_UNITS_TO_TELL:
            return True
        share = self.cjk / self.units
        if language.script == "latin":
            return share <= MAX_SHARE_OF_CJK_IN_LATIN
        if share < MIN_SHARE_OF_SCRIPT:
            return False
        if language.script == "kana":
            return self.kana > 0 or self.han < MIN_CHARACTERS_WITHOUT_KANA
        return self.kana <= self.han
