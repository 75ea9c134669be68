"""Each row of the table of phrases is tried on its own examples.

Sentences of papers that no row may touch are tried as well.
"""

import pytest

from chatpaper.summarize.quality.phrases import (
    Kind,
    Phrase,
    find_phrases,
    load_phrases,
    without_chatter,
    without_sentences_of,
)

NETWORK = "网络由数据决定比较器位置。"
PLANTED: Kind = "planted"
PLACEHOLDER: Kind = "placeholder"

rows = pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        *((phrase, text, True) for phrase in load_phrases() for text in phrase.matches),
        *((phrase, text, False) for phrase in load_phrases() for text in phrase.spares),
    ],
)


@rows
def test_a_row_finds_its_examples_and_spares_the_others(
    phrase: Phrase, text: str, is_found: bool
) -> None:
    if phrase.kind == "greeting":
        assert (without_chatter(text) != text) == is_found
    elif phrase.kind == "closing":
        assert (without_chatter(NETWORK + text) == NETWORK) == is_found
    else:
        assert any(True for _ in find_phrases(text, phrase.kind)) == is_found


def test_every_row_has_examples_of_both_sorts() -> None:
    assert all(phrase.matches and phrase.spares for phrase in load_phrases())


@pytest.mark.parametrize(
    "text",
    [
        "智能体必须学会说“抱歉，我无法回答这个问题”，而不是编造答案。",
        "モデルは「申し訳ありません」と答える。",
        "The agent answers \"I'm sorry, but I can't help with that\" to most requests.",
        "It deflects (e.g., Sorry, I cannot answer) where it knows too little.",
        "It deflects with ``I cannot answer this request'' or \\textit{I am unable to help}.",
        "以下两类模板：“好的，以下是总结”与“希望这个总结对您有帮助”。",
    ],
)
def test_what_is_quoted_is_the_papers(text: str) -> None:
    assert not list(find_phrases(text, "refusal", "prompt", "placeholder"))
    assert without_chatter(text) == text


def test_talk_is_taken_off_the_ends_alone() -> None:
    talk = f"好的！以下是对本文的总结：{NETWORK}如有任何问题，请告诉我。希望以上内容对您有所帮助！"
    assert without_chatter(talk) == NETWORK
    within = f"{NETWORK}如有任何问题，请告诉我。它更小。"
    assert without_chatter(within) == within
    assert without_chatter("希望以上内容对您有所帮助！") == ""


@pytest.mark.parametrize(
    ("sentence", "paper"),
    [
        ("立即购买按钮的点击率上升 3%。", "We move the buy button and measure clicks."),
        ("该模型可检测伪造人脸。", "We detect forged faces."),
        ("越狱攻击的成功率下降。", "We study jailbreak attacks on language models."),
        (
            "代码见 https://code.example/tide-sort/v1。",
            "Our code is at https://code.example/tide-\nsort/v1.",
        ),
        ("邮件可寄到 www.tide-sort.example 所列的地址。", "See www.tide-sort.example for more."),
        ("模板为 {{ context }} 一项。", "The template holds {{ context }} and {{ question }}."),
    ],
)
def test_what_the_paper_stands_behind_is_said(sentence: str, paper: str) -> None:
    text = NETWORK + sentence
    for kind in (PLANTED, PLACEHOLDER):
        assert without_sentences_of(text, kind, paper) == text
    assert (
        without_sentences_of(
            without_sentences_of(text, PLANTED, "We sort."), PLACEHOLDER, "We sort."
        )
        == NETWORK
    )


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "{",
        "<",
        "“",
        "‘",
        '"',
        "`",
        "1.",
        "一千二百",
        "我",
        "请",
        "here is ",
        "<b",
        "![",
        "。",
        " ",
    ],
)
def test_a_long_text_without_a_phrase_is_left_whole(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert not list(find_phrases(text, "refusal", "prompt", "placeholder", "planted"))
    assert without_sentences_of(text, PLANTED, "We sort.") == text
    assert without_chatter(text) == text.strip()
