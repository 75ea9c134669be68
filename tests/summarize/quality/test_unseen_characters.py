"""What no reader sees is taken out; what is spelled or drawn with such characters stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.quality.characters import repair_surrogates, without_unseen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("本文\u202e提出\u2066网络\u2069", "本文提出网络"),
        ("a" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore") + "b", "ab"),
        ("a" + "".join(chr(0xE0100 + number) for number in range(16)), "a"),
        ("x\ufe00\ufe01\ufe02\ufe0f", "x"),
        ("\u3164a\u115fb\u2800c", "abc"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("half \ud800 of it", "half  of it"),
        ("\ud83c\udf0a", "\U0001f30a"),
        ("one\u2028two\r\nthree", "one\ntwo\nthree"),
        ("a\tb\nc", "a\tb\nc"),
        (
            "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f",
            "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f",
        ),
        (
            "Universit\u00e9 de Montr\u00e9al, e\u0301tude, ő",
            "Universit\u00e9 de Montr\u00e9al, e\u0301tude, ő",
        ),
        ("word\u200dword", "wordword"),
    ],
)
def test_unseen_characters(text: str, seen: str) -> None:
    assert without_unseen(text) == seen


@given(st.text(max_size=60))
def test_all_of_it_can_be_stored_and_nothing_more_is_to_be_taken(text: str) -> None:
    seen = without_unseen(text)
    seen.encode("utf-8")
    repair_surrogates(text).encode("utf-8")
    assert without_unseen(seen) == seen
