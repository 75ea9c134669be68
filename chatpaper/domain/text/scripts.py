r"""Define the scripts of texts: which characters are Chinese, Japanese, Korean or Latin.

This is the only definition of them. Each constant is the inside of a character class of `re`, to be
set between square brackets, alone or joined with others: ``f"[^\\W\\d_{UNSPACED}]+"``. The ranges
follow the Script property of Unicode (Scripts.txt), letters and ideographs only: signs made of
them, such as circled katakana, are left out. The marks that Unicode shares between Hiragana and
Katakana are among the kana where they are part of words (ー), and not where they part words
(・, ゠).

The library `regex` has these classes as ``\\p{Han}``. It is not used: on the text of 44 papers it
takes 2.5 times as long as `re` for finding characters of a class, 1.7 times for finding words
outside of it, and 80 ms to import.
"""

import re

# Ideographs of China, Japan and Korea, with 々, 〇 and radicals. Planes 2 and 3 are theirs alone.
HAN = (
    "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003fffd"
)
HIRAGANA = "\u3041-\u3096\u3099-\u309f"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
KANA = HIRAGANA + KATAKANA
BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"

# Chinese and Japanese, which put no spaces between words.
UNSPACED = HAN + KANA + BOPOMOFO
CJK = UNSPACED + HANGUL
# ASCII in letters as wide as ideographs.
FULL_WIDTH = "\uff01-\uff5e"
# Their punctuation, and what is as wide as their letters.
CJK_FORMS = (
    "\u3000-\u3004\u3006\u3008-\u3020\u3030\u3036\u3037\u303c-\u303f\u30a0\u30fb"
    f"{FULL_WIDTH}\uff5f-\uff65\uffe0-\uffee"
)
# All of the above without planes 2 and 3, in four ranges: for grammars of servers, which may know
# no characters beyond the first plane.
CJK_BLOCKS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"

# Letters of European languages and Vietnamese; × and ÷ stand among them in Unicode and are none.
ACCENTED_LATIN = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
LATIN = f"A-Za-z{ACCENTED_LATIN}"
GREEK = "\u0370-\u03ff"
CYRILLIC = "\u0400-\u04ff"

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile(f"[{KANA}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_CJK = re.compile(f"[{CJK}]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_LETTER = re.compile(f"[{LATIN}]")
# Single Greek letters are signs, as in β-VAE; this many in a row are a word.
_GREEK_WORD = re.compile(f"[{GREEK}]{{3}}")


def contains_han(text: str) -> bool:
    """Tell whether a text has a Chinese character, be it of Chinese or of Japanese.

    >>> contains_han("𠀀"), contains_han("ひらがな")
    (True, False)
    """
    return _HAN.search(text) is not None


def contains_kana(text: str) -> bool:
    """Tell whether a text has hiragana or katakana, which only Japanese has."""
    return _KANA.search(text) is not None


def contains_unspaced(text: str) -> bool:
    """Tell whether a text has letters of Chinese or Japanese, which put no spaces between words."""
    return _UNSPACED.search(text) is not None


def contains_cjk(text: str) -> bool:
    """Tell whether a text has letters of Chinese, Japanese or Korean."""
    return _CJK.search(text) is not None


def is_in_latin_letters(text: str) -> bool:
    """Tell whether a text, in its usual width, has no letters but Latin ones and signs of Greek.

    >>> is_in_latin_letters("β-VAE for Schrödinger"), is_in_latin_letters("视觉Transformer")
    (True, False)
    """
    if text.isascii():
        return True
    return _GREEK_WORD.search(text) is None and all(
        _LATIN_LETTER.match(letter) or "\u0370" <= letter <= "\u03ff"
        for letter in _LETTER.findall(text)
    )
