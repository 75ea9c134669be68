"""Messages are recognized by templates, and said in another language."""

import pytest

from chatpaper.domain.messages import Translator, load_translator

TRANSLATOR = Translator(
    {
        "no answer in time": "未应答",
        "Try again.": "请重试。",
        "{path} is damaged: {problem}": "{path} 已损坏：{problem}",
        "{path} is damaged: {problem}; run `fix`.": "{path} 已损坏：{problem}；请运行 `fix`。",
        "Topic {name} is unknown: add {name}.": "没有主题 {name}：请添加 {name}。",
        "{day}: {runs} runs, {usage}": "{day}：运行 {runs} 次，{usage}",
        "{calls} calls, {tokens} tokens": "调用 {calls} 次，{tokens} 个 token",
        "{service} sent {thing}": "{service} 返回了 {thing}",
    }
)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("no answer in time", "未应答"),
        ("a.db is damaged: row 7", "a.db 已损坏：row 7"),
        # The template that says more is meant.
        ("a.db is damaged: row 7; run `fix`.", "a.db 已损坏：row 7；请运行 `fix`。"),
        # A message within a message.
        ("a.db is damaged: no answer in time", "a.db 已损坏：未应答"),
        # Messages after a name, and after each other.
        ("LLM: no answer in time", "LLM: 未应答"),
        (
            "a.db is damaged: row 7; run `fix`. Try again.",
            "a.db 已损坏：row 7；请运行 `fix`。请重试。",
        ),
        ("  no answer in time\n", "  未应答\n"),
        # A name that stands twice stands for one thing.
        ("Topic x is unknown: add x.", "没有主题 x：请添加 x。"),
        ("Topic x is unknown: add y.", "Topic x is unknown: add y."),
        # One message within the frame of another, of which either could be the frame.
        ("day 3: 4 runs, 2 calls, 9 tokens", "day 3：运行 4 次，调用 2 次，9 个 token"),
        # A name before a message is no part of it.
        ("a-model: 2 calls, 9 tokens", "a-model: 调用 2 次，9 个 token"),
        # Values are no templates.
        ("a.db is damaged: {path}", "a.db 已损坏：{path}"),
        # What is in no catalogue stays as it is.
        ("/posts/2026-11-22/LLM.md", "/posts/2026-11-22/LLM.md"),
        ("扩散模型", "扩散模型"),
        ("", ""),
    ],
)
def test_messages_are_translated(message: str, said: str) -> None:
    assert TRANSLATOR.translate(message) == said


def test_few_words_do_not_make_a_long_text_a_message() -> None:
    title = "We describe a probe that was sent " + "through the rings of a planet " * 9
    assert TRANSLATOR.translate(title) == title


def test_a_page_that_a_server_sent_is_not_pondered_over() -> None:
    page = "a.db is damaged: " + "row 7; row 8, row 9. " * 5000
    assert TRANSLATOR.translate(page) == page


@pytest.mark.parametrize("language", ["en", "fr", "../zh", ""])
def test_without_a_catalogue_messages_stay_english(language: str) -> None:
    assert load_translator(language).translate("no answer in time") == "no answer in time"
