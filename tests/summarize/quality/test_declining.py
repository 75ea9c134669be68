"""A model that declines, in words or in the requested form, gives neither a slip nor a summary."""

import json
from collections.abc import Iterator

import pytest

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain.errors import BadCompletionError
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.declining import declines, extract_words
from tests.fakes import gemini as google
from tests.fakes.completions import MemoryCache
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.openai import FakeOpenAI
from tests.summarize.sample import DOCUMENT, PAPER

FIELDS = ("title", "summary")
GOOD = json.dumps(
    {"title": "让网络适应输入", "summary": "网络由样例训练，比较器更少。"}, ensure_ascii=False
)

IN_WORDS = (
    "I can't help with that.",
    "抱歉，我无法处理这个请求。",
    "你好，这个问题我暂时无法回答，让我们换个话题再聊聊吧。",
    "The material may violate the policy on dangerous content.",
    "<think>\n这个主题 {敏感} 吗？\n</think>\n\n对不起，无法继续。",
)
IN_THE_FORM = (
    json.dumps(
        {"title": "抱歉，我无法翻译该标题。", "summary": "抱歉，我无法总结这篇论文。"},
        ensure_ascii=False,
    ),
    json.dumps({"title": "", "summary": "I'm sorry, but I can't help with that."}),
)
SLIPS = (
    '{"title": "让网络适应输入", "summary": 3}',
    '{"title": "让网络适应输入", "summ',
    "本文研究排序网络。" * 100,
    json.dumps(
        {"title": "让网络适应输入", "summary": "抱歉，我无法阅读这篇论文。"}, ensure_ascii=False
    ),
)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture
def second() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


def summarizer(gemini: FakeGemini, second: FakeOpenAI | None, kept: MemoryCache) -> Summarizer:
    backend = create_backend("gemini", BackendSettings(api_key=VALID_KEY, base_url=gemini.url))
    other = (
        create_backend("openai", BackendSettings("fake-chat", second.base_url)) if second else None
    )
    return Summarizer(backend, Prompts.load(), kept, SummarizerOptions(fallback=other))


@pytest.mark.parametrize("answer", [*IN_WORDS, *IN_THE_FORM])
def test_who_declines_is_asked_once_and_the_second_provider_then(
    gemini: FakeGemini, second: FakeOpenAI, answer: str
) -> None:
    kept = MemoryCache()
    gemini.script(google.answer(answer))
    summary = summarizer(gemini, second, kept).summarize(PAPER, DOCUMENT, FIELDS)
    assert (len(gemini.calls), len(second.calls), summary.llm_calls) == (1, 1, 2)
    assert summary.backend == "openai"
    # The same again asks nobody and says the same.
    again = summarizer(gemini, second, kept).summarize(PAPER, DOCUMENT, FIELDS)
    assert (again.answers, again.llm_calls) == (summary.answers, 0)


@pytest.mark.parametrize("answer", SLIPS)
def test_a_slip_is_mended_by_the_model_that_made_it(
    gemini: FakeGemini, second: FakeOpenAI, answer: str
) -> None:
    gemini.script(google.answer(answer), google.answer(GOOD))
    summarizer(gemini, second, MemoryCache()).summarize(PAPER, DOCUMENT, FIELDS)
    assert (len(gemini.calls), len(second.calls)) == (2, 0)


@pytest.mark.parametrize("answer", IN_WORDS[:2])
def test_without_a_second_provider_the_person_reads_what_the_model_said(
    gemini: FakeGemini, answer: str
) -> None:
    gemini.script(*[google.answer(answer)] * 3)
    with pytest.raises(BadCompletionError) as raised:
        summarizer(gemini, None, MemoryCache()).summarize(PAPER, DOCUMENT, FIELDS)
    assert answer in str(raised.value)
    assert raised.value.about == "paper"


@pytest.mark.parametrize("text", [*IN_WORDS[:4], "", "x" * 700, '{"title"', "[1, 2]"])
def test_what_is_said_instead_is_short_and_in_one_line(text: str) -> None:
    said = extract_words(text)
    assert bool(said) == (text in IN_WORDS or text == "[1, 2]")
    assert extract_words("word\n" * 100) == ("word " * 24) + "…"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, False),
        ({"summary": "网络更小。", "title": "网络"}, False),
        ({"summary": "抱歉，我无法总结。"}, True),
        (
            {
                "takeaways": [{"text": "抱歉，我无法总结。", "quote": ""}],
                "steps": ["抱歉，我无法总结。"],
            },
            True,
        ),
        ({"summary": "抱歉，我无法总结。", "title": "网络", "steps": ["训练。", "测试。"]}, False),
        ({"summary": [[[[["抱歉，我无法总结。"]]]]]}, False),
    ],
)
def test_most_texts_decide(answer: dict[str, object], expected: bool) -> None:
    assert declines(answer) == expected
