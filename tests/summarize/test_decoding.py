"""JSON as models write it: fences, thoughts, and LaTeX whose backslashes must survive."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.shapeless import without_shapeless
from chatpaper.summarize.decoding import decode_answer, restore_backslashes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\frac{1}{2}", r"\frac{1}{2}"),
        (r"\\frac{1}{2}", r"\frac{1}{2}"),
        (r"$\alpha$ and $\beta$", r"$\alpha$ and $\beta$"),
        (r"$\theta \times \rho \nu \nabla \tau$", r"$\theta \times \rho \nu \nabla \tau$"),
        (r"\(x\) \{a\} 5\% \_", r"\(x\) \{a\} 5\% \_"),
        (r"\upsilon \u4e2d\u6587", r"\upsilon 中文"),
        (r"one\ntwo\tthree", "one\ntwo\tthree"),
        (r"\ni) first\nii) second", "\ni) first\nii) second"),
        (r"say \"yes\" \/ no", 'say "yes" / no'),
        (r"\text{loss}_\text{adv}", r"\text{loss}_\text{adv}"),
        (r"\begin{cases}\right.", r"\begin{cases}\right."),
        (r"line\\next", r"line\next"),
    ],
)
def test_backslashes_mean_what_they_were_meant_to(written: str, meant: str) -> None:
    assert decode_answer(f'{{"a": "{written}"}}') == {"a": meant}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b"}',
        '\n  {"a": "b"}  ',
        '```json\n{"a": "b"}\n```',
        '```\n{"a": "b"}\n```\n',
        '<think>Let me see {"a": 1}.</think>\n{"a": "b"}',
        '<think>\nhm\n</think>\n\n```json\n{"a": "b"}\n```',
    ],
)
def test_wrappings_of_the_object_are_taken_off(text: str) -> None:
    assert decode_answer(text) == {"a": "b"}


@pytest.mark.parametrize(
    "text", ["", "好的，以下是结果：", '["a"]', '"a"', '{"a": "b"', 'Here you are: {"a": "b"}', "null"]
)
def test_what_is_not_one_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode_answer(text)


# A new line and "u" is what a lost backslash leaves of \nu; text for print has no control characters.
_PRINTED = st.text(alphabet=st.characters(exclude_characters="\\", exclude_categories=["Cc", "Cs"]), max_size=40).map(
    without_shapeless
)


@given(st.dictionaries(st.text(max_size=8, alphabet="abc"), _PRINTED))
def test_json_without_backslashes_of_its_own_is_read_as_it_is(answer: dict[str, str]) -> None:
    assert decode_answer(json.dumps(answer, ensure_ascii=False)) == answer


@given(st.text(max_size=60))
def test_restoring_twice_changes_nothing_more(text: str) -> None:
    once = restore_backslashes(text)
    assert restore_backslashes(once) == once


def test_characters_without_a_shape_are_taken_out_of_all_texts() -> None:
    text = json.dumps({"a": "b\u200bc\U000e0041", "d": [{"e": "\u202ef"}, 1, None]})
    assert decode_answer(text) == {"a": "bc", "d": [{"e": "f"}, 1, None]}
