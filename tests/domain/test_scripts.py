import re
import unicodedata
from pathlib import Path

import pytest

import chatpaper
from chatpaper.domain.text.scripts import (
    BOPOMOFO,
    CJK,
    CJK_BLOCKS,
    CJK_FORMS,
    CYRILLIC,
    GREEK,
    HAN,
    HANGUL,
    HIRAGANA,
    KATAKANA,
    LATIN,
    contains_cjk,
    contains_han,
    contains_kana,
    contains_unspaced,
)

CLASSES = {
    "han": HAN,
    "hiragana": HIRAGANA,
    "katakana": KATAKANA,
    "bopomofo": BOPOMOFO,
    "hangul": HANGUL,
    "forms": CJK_FORMS,
    "latin": LATIN,
    "greek": GREEK,
    "cyrillic": CYRILLIC,
}


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("中", "han"),
        ("々", "han"),
        ("〇", "han"),
        ("㐀", "han"),
        ("豈", "han"),
        ("⼀", "han"),
        ("𠀀", "han"),
        ("𰻞", "han"),
        ("か", "hiragana"),
        ("ゝ", "hiragana"),
        ("\u3099", "hiragana"),
        ("カ", "katakana"),
        ("ー", "katakana"),
        ("ヽ", "katakana"),
        ("ㇰ", "katakana"),
        ("ｶ", "katakana"),
        ("ｰ", "katakana"),
        ("ﾞ", "katakana"),
        ("ㄅ", "bopomofo"),
        ("한", "hangul"),
        ("ㄱ", "hangul"),
        ("ᄀ", "hangul"),
        ("ﾡ", "hangul"),
        ("・", "forms"),
        ("゠", "forms"),
        ("。", "forms"),
        ("「", "forms"),
        ("\u3000", "forms"),
        ("〆", "forms"),
        ("Ａ", "forms"),
        ("，", "forms"),
        ("･", "forms"),
        ("￥", "forms"),
        ("A", "latin"),
        ("é", "latin"),
        ("ɏ", "latin"),
        ("ễ", "latin"),
        ("α", "greek"),
        ("я", "cyrillic"),
        ("×", None),
        ("÷", None),
        ("1", None),
        ("“", None),
        ("㋐", None),
        ("㍍", None),
        ("\U0001f600", None),
    ],
)
def test_every_character_is_of_one_script(character: str, script: str | None) -> None:
    classes = [name for name, ranges in CLASSES.items() if re.match(f"[{ranges}]", character)]

    assert classes == ([script] if script else [])


@pytest.mark.parametrize(
    ("name", "ranges"),
    [
        (r"CJK (?:UNIFIED|COMPATIBILITY) IDEOGRAPH-", HAN),
        (
r"(?:HALFWIDTH )?(?:HIRAGANA|KATAKANA)(?:-HIRAGANA)? (?:LETTER|ITERATION)",
 HIRAGANA + KATAKANA,
),
        (r"BOPOMOFO ", BOPOMOFO),
        (r"(?:HALFWIDTH )?HANGUL (?:SYLLABLE|CHOSEONG|JUNGSEONG|JONGSEONG|LETTER)", HANGUL),
        (r"LATIN (?:SMALL|CAPITAL) LETTER", LATIN),
    ],
)  # fmt: skip
def test_classes_hold_what_unicode_calls_so(name: str, ranges: str) -> None:
    # Latin letters beyond Vietnamese, and the kana of the supplementary planes, are for phonetics.
    known = range(0x1E00) if ranges is LATIN else range(0x32000)
    named = [
        chr(code)
        for code in known
        if re.match(name, unicodedata.name(chr(code), "")) and not 0x1AFF0 <= code <= 0x1B16F
    ]
    if ranges is LATIN:
        named = [letter for letter in named if ord(letter) < 0x250]

    assert len(named) > 30
    assert [letter for letter in named if not re.match(f"[{ranges}]", letter)] == []


def test_blocks_for_grammars_hold_all_of_the_first_plane() -> None:
    first_plane = [chr(code) for code in range(0x1200, 0xD800)]
    first_plane += [chr(code) for code in range(0xF900, 0x10000)]
    whole = re.compile(f"[{CJK}{CJK_FORMS}]")
    jamo_of_old_korean = re.compile("[\ua960-\ua97c\ud7b0-\ud7fb]")

    left_out = [
        letter
        for letter in first_plane
        if whole.match(letter) and not re.match(f"[{CJK_BLOCKS}]", letter)
    ]
    assert [letter for letter in left_out if not jamo_of_old_korean.match(letter)] == []


@pytest.mark.parametrize(
    ("text", "han", "kana", "unspaced", "cjk"),
    [
        ("Diffusion 模型", True, False, True, True),
        ("モデル", False, True, True, True),
        ("佐々木", True, False, True, True),
        ("모델", False, False, False, True),
        ("ㄅㄆㄇ", False, False, True, True),
        ("约翰・史密斯", True, False, True, True),
        ("A・B。", False, False, False, False),
        ("café × 3", False, False, False, False),
        ("", False, False, False, False),
    ],
)
def test_scripts_of_texts(text: str, han: bool, kana: bool, unspaced: bool, cjk: bool) -> None:
    assert contains_han(text) is han
    assert contains_kana(text) is kana
    assert contains_unspaced(text) is unspaced
    assert contains_cjk(text) is cjk


def test_nothing_else_defines_a_script() -> None:
    ranges = re.compile(
        r"u(?:2e80|3000-|303f|3040|3041|3096|309f|30a0|30a1|30fa|30ff|3400|4e00|9fff|ac00|d7a[3f]|f900)"
        r"|[\u2e80-\ufffd]-[\u2e80-\ufffd]|\\p\{|CJK UNIFIED",
        re.IGNORECASE,
    )
    package = Path(chatpaper.__file__).parent
    defining = [
        source.relative_to(package).as_posix()
        for source in package.rglob("*.py")
        if ranges.search(source.read_text("utf-8"))
    ]

    assert defining == ["domain/text/scripts.py"]
