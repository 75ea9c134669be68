"""JSON as models write it: fences, thoughts, and LaTeX whose backslashes must survive."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.json_decoding import decode_answer, restore_backslashes
from chatpaper.summarize.quality.characters import without_unseen


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
        'Let me see {"a": 1}. So it is.\n</think>\n{"a": "b"}',
        'Let me see {"a": 1}.[/THINK]{"a": "b"}',
        'Let me see {"a": 1}.</seed:think>{"a": "b"}',
        '◁think▷Let me see {"a": 1}.◁/think▷{"a": "b"}',
        (
            '<|channel|>analysis<|message|>Let me see {"a": '
            '1}.<|end|><|channel|>final<|message|>{"a": "b"}'
        ),
        (
            '<|channel|>analysis<|message|>See {"a": 1}.<|channel|>final '
            '<|constrain|>json<|message|>{"a": "b"}'
        ),
        '\ufeff{"a": "b"}',
        'Here you are: {"a": "b"}',
        '好的，以下是结果：\n```json\n{"a": "b"}\n```\n希望有所帮助！',
        '```json\n{"a": "b"}',
        '{"a": "b"} {"a": "c"}',
        '[{"a": "b"}]',
        '"{\\"a\\": \\"b\\"}"',
        '["{\\"a\\": \\"b\\"}"]',
        '{"a": "b",}',
        "{'a': 'b'}",
        "{'a': \"b\"}",
        '{a: "b"}',
        "{“a”: “b”}",
        '{"a": "b", // a remark\n}',
        '{"a": "b}',
    ],
)
def test_wrappings_of_the_object_are_taken_off_and_slips_repaired(text: str) -> None:
    assert decode_answer(text) == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('{"a": "say "yes" now", "b": ["x", "y",]}', {"a": 'say "yes" now', "b": ["x", "y"]}),
        ('{"a": "题为"潮汐"的网络" "b": "c"}', {"a": '题为"潮汐"的网络', "b": "c"}),
        (
            '{"a": "the tag </think> ends it", "b": "c"}',
            {"a": "the tag </think> ends it", "b": "c"},
        ),
        (r'{"a": "loss $\alpha$", "b": "c",}', {"a": r"loss $\alpha$", "b": "c"}),
        ('{"a": "one", "b": [{"c": "d"}, {"c": "cut o', {"a": "one", "b": [{"c": "d"}]}),
    ],
)
def test_a_repair_keeps_every_word(text: str, meant: object) -> None:
    assert decode_answer(text) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"half \ud800 of it", "half  of it"),
        (r"\ud83c\udf0a a wave", "\U0001f30a a wave"),
        ("a\\u200bb\\u202ec", "abc"),
        ("a\U000e0049\U000e0047b", "ab"),
        ("a\ufe01\ufe02b", "ab"),
        (r"\u0000a\u0007", "a"),
    ],
)
def test_what_cannot_be_seen_or_stored_is_taken_out(written: str, meant: str) -> None:
    answer = decode_answer(f'{{"a": "{written}", "b": [{{"c": "{written}"}}]}}')
    assert answer == {"a": meant, "b": [{"c": meant}]}
    json.dumps(answer, ensure_ascii=False).encode()


def test_halves_of_characters_in_the_text_itself_are_taken_out() -> None:
    assert decode_answer('{"a": "b\ud800"}') == {"a": "b"}


@pytest.mark.parametrize(
    "text",
    [
        unit * 80_000
        for unit in (
            "[",
            '{"a":',
            "{'",
            "{'a'",
            '["a"b',
            "{a:b,",
            '"',
            "```",
            "</think>",
            "\\",
            "{/*",
            '{"a": "b" c"',
        )
    ],
)
def test_a_long_answer_that_opens_and_never_ends_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        decode_answer(text)


@pytest.mark.parametrize(
    "text", ["", "好的，以下是结果：", '["a"]', '"a"', '{"a": "b"', '{"a": "b', "null", "{", "}"]
)
def test_what_is_not_one_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        decode_answer(text)


# A new line and "u" is what a lost backslash leaves of \nu; text for print has no control
# characters.
_PRINTED = st.text(
    alphabet=st.characters(exclude_characters="\\", exclude_categories=["Cc", "Cs"]), max_size=40
).map(without_unseen)


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
