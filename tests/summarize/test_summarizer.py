"""From paper and document to a checked summary, with real clients before fake servers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatpaper.backends import BackendSettings, RequestParameters, create_backend
from chatpaper.domain import Claim, Document, Section
from chatpaper.domain.errors import (
    BackendRejectedError,
    BadCompletionError,
    ConfigError,
    ContentFilteredError,
    ContextTooLongError,
)
from chatpaper.storage.store import Store
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.fitting import MAX_FITTINGS
from chatpaper.summarize.prompting.library import Prompts
from tests.fakes import gemini as google
from tests.fakes import openai
from tests.fakes.completions import MemoryCache
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI
from tests.summarize.sample import DAILY_FIELDS, DOCUMENT, PAPER

PROMPTS = Prompts.load()

GOOD_SUMMARY = "本文提出一种由数据决定比较器位置的排序网络。"
GOOD_TITLE = "让排序网络适应其输入"
QUOTES = (
    "needs 23% fewer comparators than the best network known before",
    "The soft network is then trained by gradient descent on lists",
    "Training takes two hours on a single processor",
)
INVENTED = "TideSort was praised by all reviewers of the committee"
TAKEAWAYS = (
    "所需的比较器更少。",
    "软网络由梯度下降训练。",
    "在一个处理器上训练两小时即可。",
)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def summarizer_for(
    server: FakeGemini, cache: MemoryCache | None = None, **options: Any
) -> Summarizer:
    backend = create_backend(
        "gemini", BackendSettings(base_url=server.url, api_key=google.VALID_KEY)
    )
    return Summarizer(backend, PROMPTS, cache, SummarizerOptions(**options))


def says(**answers: object) -> Reply:
    return google.answer(json.dumps(answers, ensure_ascii=False))


def claims(quotes: tuple[str, ...] = QUOTES) -> list[dict[str, str]]:
    return [{"text": text, "quote": quote} for text, quote in zip(TAKEAWAYS, quotes, strict=True)]


def prompt_text(server: FakeGemini, call: int = -1) -> str:
    body: Mapping[str, Any] = server.calls[call].body
    return str(body["contents"][0]["parts"][0]["text"])


def schema_keys(server: FakeGemini, call: int = -1) -> list[str]:
    return list(server.calls[call].body["generationConfig"]["responseJsonSchema"]["properties"])


@pytest.mark.parametrize("language", ["zh", "ja", "en"])
def test_one_call_answers_all_fields_of_a_post(gemini: FakeGemini, language: str) -> None:
    summary = summarizer_for(gemini, language=language).summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    assert list(summary.answers) == list(DAILY_FIELDS)
    assert len(gemini.calls) == summary.llm_calls == 1
    assert (summary.backend, summary.model) == ("gemini", "gemini-3.5-flash-lite")
    assert summary.language == language
    assert summary.cost_usd is not None
    assert summary.cost_usd > 0
    assert summary.input_tokens > 0
    assert summary.output_tokens > 0
    assert summary.warnings == ()


def test_every_takeaway_leads_to_the_page_that_supports_it(gemini: FakeGemini) -> None:
    gemini.script(says(key_takeaways=claims()))
    answer = (
        summarizer_for(gemini)
        .summarize(PAPER, DOCUMENT, ("key_takeaways",))
        .answers["key_takeaways"]
    )
    places = [(claim.page, claim.section) for claim in answer if isinstance(claim, Claim)]
    assert places == [(1, "Abstract"), (2, "3 Soft Comparators"), (3, "4 Experiments")]


def test_the_whole_body_is_read_and_hidden_text_is_not(gemini: FakeGemini) -> None:
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    shown = prompt_text(gemini)
    assert all(section.text in shown for section in DOCUMENT.sections)
    assert "Set in white" not in json.dumps(gemini.calls[0].body)
    assert summary.coverage.sections_left_out == ()
    assert summary.coverage.characters_left_out == 0


def test_what_does_not_fit_the_context_is_left_out_and_recorded(gemini: FakeGemini) -> None:
    long = Section(
        "6", "Further Experiments", 1, 5, "\n\n".join(["Much more was measured here. " * 40] * 60)
    )
    document = replace(DOCUMENT, sections=(*DOCUMENT.sections, long))
    summary = summarizer_for(gemini, context_tokens=16_000).summarize(PAPER, document, DAILY_FIELDS)
    assert "1 Introduction" in summary.coverage.sections_read
    assert summary.coverage.characters_left_out > 0
    total = sum(len(section.text) for section in document.sections)
    assert summary.coverage.characters_read + summary.coverage.characters_left_out == total


def test_a_second_summary_is_free_and_the_same(gemini: FakeGemini) -> None:
    cache = MemoryCache()
    first = summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    second = summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    assert len(gemini.calls) == 1
    assert second == replace(first, llm_calls=0)


@pytest.mark.parametrize(
    "change",
    [
        lambda server, cache: summarizer_for(server, cache).summarize(
            PAPER, DOCUMENT, ("title", "summary")
        ),
        lambda server, cache: summarizer_for(server, cache, language="en").summarize(
            PAPER, DOCUMENT, ("summary",)
        ),
        lambda server, cache: summarizer_for(server, cache).summarize(
            replace(PAPER, title="Another Title"), DOCUMENT, ("summary",)
        ),
        lambda server, cache: summarizer_for(server, cache).summarize(
            PAPER, replace(DOCUMENT, sections=DOCUMENT.sections[:2]), ("summary",)
        ),
    ],
    ids=["fields", "language", "paper", "document"],
)
def test_what_shapes_an_answer_makes_it_another_one(
    gemini: FakeGemini, change: Callable[[FakeGemini, MemoryCache], object]
) -> None:
    cache = MemoryCache()
    summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, ("summary",))
    change(gemini, cache)
    assert len(gemini.calls) == 2


def test_only_what_failed_is_asked_again_with_the_complaint(gemini: FakeGemini) -> None:
    gemini.script(
        says(title=GOOD_TITLE, summary="抱歉，我无法访问这篇论文。" + GOOD_SUMMARY),
        says(summary=GOOD_SUMMARY),
    )
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("title", "summary"))
    assert summary.answers == {"title": GOOD_TITLE, "summary": GOOD_SUMMARY}
    assert summary.llm_calls == 2
    assert schema_keys(gemini) == ["summary"]
    assert "- summary: is a refusal or an apology: '抱歉'" in prompt_text(gemini)
    assert prompt_text(gemini).startswith(prompt_text(gemini, 0)), (
        "the prefix can come from the service's cache"
    )


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ("这不是 JSON", "not a JSON object"),
        ('["a list"]', "not a JSON object"),
        ('{"title": "让排序网络适应其输入"}', "summary: is missing"),
        (
            '{"title": "让排序网络适应其输入", "summary": 3}',
            "summary: Input should be a valid string",
        ),
        ('{"title": "让排序网络适应其输入", "summary": ""}', "summary: is empty"),
        ('{"title": "让排序网络适应其输入", "summary": "抱歉，我无法阅读这篇论文。"}', "refusal"),
        (
            '{"title": "让排序网络适应其输入", "summary": "A network is fitted to its inputs."}',
            "not in Simplified",
        ),
        ('{"title": "让排序网络适应其输入", "summary": "本文研究XX领域的问题。"}', "is empty"),
    ],
)
def test_a_bad_answer_is_asked_again(gemini: FakeGemini, bad: str, complaint: str) -> None:
    gemini.script(google.answer(bad), says(title=GOOD_TITLE, summary=GOOD_SUMMARY))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("title", "summary"))
    assert summary.answers == {"title": GOOD_TITLE, "summary": GOOD_SUMMARY}
    assert len(gemini.calls) == 2
    assert complaint in prompt_text(gemini)


@pytest.mark.parametrize(
    "reply",
    [
        google.finished("MAX_TOKENS", '{"summ'),
        google.finished("MAX_TOKENS"),
        google.finished("STOP"),
    ],
    ids=["cut off", "thinking ate it", "empty"],
)
def test_a_call_that_brought_nothing_is_made_again_and_counted(
    gemini: FakeGemini, reply: Reply
) -> None:
    gemini.script(reply, says(summary=GOOD_SUMMARY))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert summary.llm_calls == 2
    assert summary.input_tokens == 110
    assert summary.output_tokens > 64


@pytest.mark.parametrize(
    ("text", "grows"),
    [
        ('{"summary": "' + "网络更小，网络更快，" * 40, False),
        ('{"summary": "' + GOOD_SUMMARY, True),
    ],
    ids=["in circles", "too long"],
)
def test_more_room_is_given_to_what_has_an_end(gemini: FakeGemini, text: str, grows: bool) -> None:
    gemini.script(google.finished("MAX_TOKENS", text), says(summary=GOOD_SUMMARY))
    summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    first, second = (call.body["generationConfig"]["maxOutputTokens"] for call in gemini.calls)
    assert (second > first) == grows
    assert ("was cut off" in prompt_text(gemini)) != grows


def test_three_bad_answers_are_a_failure_that_tells_what_it_cost(gemini: FakeGemini) -> None:
    refusal = "抱歉，作为一个人工智能模型，我无法访问该论文。"
    gemini.script(*[says(summary=refusal)] * 3)
    with pytest.raises(
        BadCompletionError, match="no usable answer in 3 attempts: summary: is a refusal"
    ) as raised:
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert raised.value.llm_calls == len(gemini.calls) == 3
    assert raised.value.input_tokens == 300
    assert raised.value.complaints


def test_the_next_run_does_not_meet_the_same_bad_answers(gemini: FakeGemini) -> None:
    cache = MemoryCache()
    gemini.script(*[says(summary="")] * 3)
    with pytest.raises(BadCompletionError):
        summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, ("summary",))
    gemini.script(says(summary=GOOD_SUMMARY))
    summary = summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, ("summary",))
    assert summary.answers == {"summary": GOOD_SUMMARY}
    assert summary.llm_calls == 1


def test_a_run_that_was_killed_pays_only_for_what_is_missing(gemini: FakeGemini) -> None:
    cache = MemoryCache()
    gemini.script(says(title=GOOD_TITLE, summary=""), google.invalid_key())
    with pytest.raises(BackendRejectedError):
        summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, ("title", "summary"))
    gemini.script(says(summary=GOOD_SUMMARY))
    summary = summarizer_for(gemini, cache).summarize(PAPER, DOCUMENT, ("title", "summary"))
    assert summary.answers == {"title": GOOD_TITLE, "summary": GOOD_SUMMARY}
    assert summary.llm_calls == 1


def test_an_invented_quote_costs_no_call_and_its_statement_loses_quote_and_page(
    gemini: FakeGemini,
) -> None:
    gemini.script(says(key_takeaways=claims((INVENTED, *QUOTES[1:]))))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("key_takeaways",))
    first, *others = (
        claim for claim in summary.answers["key_takeaways"] if isinstance(claim, Claim)
    )
    assert first == Claim(TAKEAWAYS[0], marks_itself=True)
    assert [claim.page for claim in others] == [2, 3]
    assert (summary.llm_calls, summary.warnings) == (1, ())


def test_a_repair_that_is_withheld_leaves_what_there_was(gemini: FakeGemini) -> None:
    gemini.script(
        says(key_takeaways=claims(), title=GOOD_TITLE, approach="抱歉，我无法回答。"),
        google.finished("SAFETY"),
    )
    summary = summarizer_for(gemini).summarize(
        PAPER, DOCUMENT, ("key_takeaways", "title", "approach")
    )
    assert summary.answers["title"] == GOOD_TITLE
    assert summary.warnings == ("fields without a usable answer: approach",)
    assert summary.llm_calls == 2


def test_after_recitation_a_paraphrase_is_asked_for_once(gemini: FakeGemini) -> None:
    gemini.script(google.finished("RECITATION"), says(summary=GOOD_SUMMARY))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert summary.answers == {"summary": GOOD_SUMMARY}
    assert "Use your own words" in prompt_text(gemini)

    gemini.script(google.finished("RECITATION"), google.finished("RECITATION"))
    with pytest.raises(ContentFilteredError) as raised:
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert raised.value.llm_calls == 2


@pytest.mark.parametrize(
    "reply", [google.finished("SAFETY"), google.blocked_prompt()], ids=["safety", "prompt"]
)
def test_a_blocked_paper_is_not_asked_about_again(gemini: FakeGemini, reply: Reply) -> None:
    gemini.script(reply)
    with pytest.raises(ContentFilteredError) as raised:
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert len(gemini.calls) == 1
    assert raised.value.llm_calls == 1


def test_a_prompt_that_is_too_long_is_shortened_until_it_fits(gemini: FakeGemini) -> None:
    body = "\n\n".join(["One more paragraph of much the same kind follows here. " * 8] * 60)
    document = replace(DOCUMENT, sections=(Section("1", "Introduction", 1, 1, body),))
    gemini.script(google.too_long())
    summary = summarizer_for(gemini, context_tokens=12_000).summarize(PAPER, document, ("summary",))
    first, second = prompt_text(gemini, 0), prompt_text(gemini, 1)
    assert len(second) < 0.8 * len(first)
    assert summary.coverage.characters_read < len(first)

    gemini.script(*[google.too_long()] * 3)
    shorter = summarizer_for(gemini, context_tokens=12_000).summarize(PAPER, document, ("summary",))
    assert shorter.coverage.characters_read < 0.6 * summary.coverage.characters_read

    gemini.script(*[google.too_long()] * MAX_FITTINGS)
    with pytest.raises(ContextTooLongError):
        summarizer_for(gemini, context_tokens=12_000).summarize(PAPER, document, ("title",))


def test_what_an_earlier_field_says_is_not_said_again(gemini: FakeGemini) -> None:
    doubled = GOOD_SUMMARY + "它在港口的数据上得到了检验。"
    gemini.script(says(summary=doubled, approach=doubled))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary", "approach"))
    assert summary.answers == {"summary": doubled, "approach": "（见上文）"}
    assert summary.llm_calls == 1


def test_what_a_list_says_twice_is_said_once_without_another_call(gemini: FakeGemini) -> None:
    steps = [
        "先为每对导线赋予权重。",
        "再用梯度下降训练软网络。",
        "最后对权重取整。",
        "最后对权重取整。",
    ]
    gemini.script(says(method_steps=steps))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("method_steps",))
    assert summary.answers["method_steps"] == tuple(steps[:3])
    assert summary.llm_calls == 1


def test_a_list_that_would_be_too_short_without_its_repetitions_is_asked_for_again(
    gemini: FakeGemini,
) -> None:
    steps = ["先为每对导线赋予权重。", "最后对权重取整。", "最后对权重取整。"]
    gemini.script(says(method_steps=steps), says(method_steps=steps))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("method_steps",))
    assert summary.answers["method_steps"] == tuple(steps[:2])
    assert summary.llm_calls == 2
    assert "has 2 items that say something of their own, at least 3" in prompt_text(gemini)


def test_an_item_too_many_and_a_tag_of_its_own_are_not_worth_another_call(
    gemini: FakeGemini,
) -> None:
    conclusions = ["网络适应数据。", "比较器更少。", "训练很快。", "更多数据有待研究。"]
    gemini.script(says(conclusions=conclusions, tags=["排序网络"]))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("conclusions", "tags"))
    assert summary.answers == {"conclusions": tuple(conclusions), "tags": ()}
    assert summary.llm_calls == 1


def test_an_answer_of_other_parameters_is_another_answer(
    gemini: FakeGemini, tmp_path: Path
) -> None:
    settings = BackendSettings(base_url=gemini.url, api_key=google.VALID_KEY)
    cold, other = RequestParameters(0.0), RequestParameters(0.0, {"top_k": 40})
    with Store(tmp_path) as store:
        prints = []
        for parameters in (RequestParameters(), cold, cold, other, other):
            backend = create_backend("gemini", replace(settings, parameters=parameters))
            summarizer = Summarizer(backend, PROMPTS, store.completions)
            prints.append(summarizer.summarize(PAPER, DOCUMENT, ("summary",)).prompt_fingerprint)
    assert len(gemini.calls) == 3
    assert prints[1:3] == [prints[1]] * 2
    assert prints[3:] == [prints[3]] * 2
    assert len(set(prints)) == 3


def test_takeaways_that_are_said_twice_again_after_a_complaint_are_fewer(
    gemini: FakeGemini,
) -> None:
    twins = [*claims()[:2], claims()[1]]
    gemini.script(says(key_takeaways=twins), says(key_takeaways=twins))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("key_takeaways",))
    assert [
        claim.text for claim in summary.answers["key_takeaways"] if isinstance(claim, Claim)
    ] == list(TAKEAWAYS[:2])
    assert summary.llm_calls == 2


def test_a_text_that_is_longer_than_asked_for_is_published_whole(gemini: FakeGemini) -> None:
    long = "".join(
        f"第{number}组实验在港口数据上检验了排序网络的正确性与深度，并说明了其原因。"
        for number in "一二三四五六七八九"
    )
    gemini.script(says(workload=long))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("workload",))
    assert summary.answers["workload"] == long
    assert summary.llm_calls == 1


def test_talk_and_markup_around_an_answer_cost_no_call(gemini: FakeGemini) -> None:
    talk = f"好的，以下是本文的总结：**{GOOD_SUMMARY}**希望这个总结对您有所帮助！"
    gemini.script(says(summary=talk, title=f"标题：{GOOD_TITLE}"))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("title", "summary"))
    assert summary.answers == {"title": GOOD_TITLE, "summary": GOOD_SUMMARY}
    assert summary.llm_calls == 1


def test_half_a_character_in_an_answer_harms_neither_store_nor_summary(
    gemini: FakeGemini, tmp_path: Path
) -> None:
    broken = json.dumps({"summary": GOOD_SUMMARY + "\ud800", "title": "\udc00" + GOOD_TITLE})
    backend = create_backend(
        "gemini", BackendSettings(base_url=gemini.url, api_key=google.VALID_KEY)
    )
    for text in (broken, broken.replace("\\ud800", "\ud800")):
        gemini.script(google.answer(text))
        with Store(tmp_path) as store:
            for _ in range(2):
                summary = Summarizer(backend, PROMPTS, store.completions).summarize(
                    PAPER, DOCUMENT, ("title", "summary")
                )
                assert summary.answers == {"title": GOOD_TITLE, "summary": GOOD_SUMMARY}
                assert summary.llm_calls <= 1


def test_formulas_keep_their_backslashes(gemini: FakeGemini) -> None:
    gemini.script(
        google.answer(r'{"summary": "损失为 $\frac{1}{n}\sum_i \theta_i$，\n其中权重由训练得到。"}')
    )
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert (
        summary.answers["summary"]
        == "损失为 $\\frac{1}{n}\\sum_i \\theta_i$，\n其中权重由训练得到。"
    )
    assert len(gemini.calls) == 1


def test_keys_that_nobody_asked_for_do_no_harm(gemini: FakeGemini) -> None:
    gemini.script(says(summary=GOOD_SUMMARY, note="hello"))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    assert summary.answers == {"summary": GOOD_SUMMARY}


def test_a_paper_without_a_readable_pdf_is_summarized_by_its_abstract(gemini: FakeGemini) -> None:
    summary = summarizer_for(gemini).summarize(PAPER, Document(), DAILY_FIELDS)
    assert PAPER.abstract in prompt_text(gemini)
    assert summary.coverage.characters_read == 0
    assert all(
        claim.section == "Abstract"
        for claim in summary.answers["key_takeaways"]
        if isinstance(claim, Claim)
    )


def test_affiliations_are_not_guessed_where_the_paper_shows_none(gemini: FakeGemini) -> None:
    summary = summarizer_for(gemini).summarize(
        PAPER, replace(DOCUMENT, front_matter=""), ("title", "affiliations")
    )
    assert schema_keys(gemini) == ["title"]
    assert summary.answers["affiliations"] == ""
    assert set(summary.answers) == {"title", "affiliations"}


def test_institutes_may_keep_their_printed_names(gemini: FakeGemini) -> None:
    gemini.script(says(title=GOOD_TITLE, affiliations="Google Brain, University of Toronto"))
    document = replace(DOCUMENT, front_matter="Google Brain\nUniversity of Toronto")
    summary = summarizer_for(gemini).summarize(PAPER, document, ("title", "affiliations"))
    assert (summary.answers["affiliations"], summary.llm_calls) == (
        "Google Brain, University of Toronto",
        1,
    )


def test_a_field_that_may_be_empty_does_not_cost_the_paper_its_summary(gemini: FakeGemini) -> None:
    gemini.script(says(title=GOOD_TITLE, affiliations="抱歉，我无法回答这个问题。"))
    document = replace(DOCUMENT, front_matter="Harbour Institute")
    summary = summarizer_for(gemini).summarize(PAPER, document, ("title", "affiliations"))
    assert summary.answers == {"title": GOOD_TITLE, "affiliations": ""}
    assert summary.llm_calls == 1


def test_a_title_that_is_not_translated_is_worth_no_call_and_no_paper(gemini: FakeGemini) -> None:
    gemini.script(
        says(title="TideSort: Fitting Sorting Networks to Their Inputs", summary=GOOD_SUMMARY)
    )
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("title", "summary"))
    assert summary.answers == {"title": "", "summary": GOOD_SUMMARY}
    assert summary.llm_calls == 1


def test_what_a_model_cannot_write_is_said_to_be_lacking(gemini: FakeGemini) -> None:
    english = "The design stays simple, which keeps the training stable and the network small."
    gemini.script(*[says(summary=GOOD_SUMMARY, approach=english, method_steps=[english] * 3)] * 2)
    summary = summarizer_for(gemini).summarize(
        PAPER, DOCUMENT, ("summary", "title", "approach", "method_steps")
    )
    assert summary.answers["summary"] == GOOD_SUMMARY
    assert summary.answers["approach"] == "（模型未能给出可用的内容）"
    assert summary.answers["method_steps"] == ("（模型未能给出可用的内容）",)
    assert summary.llm_calls == 2
    assert "fields without a usable answer: approach, method_steps, title" in summary.warnings


def test_a_summary_of_which_most_is_lacking_is_none(gemini: FakeGemini) -> None:
    english = "The design stays simple, which keeps the training stable and the network small."
    fields = ("summary", "approach", "background", "innovation")
    gemini.script(
        *[says(summary=GOOD_SUMMARY, approach=english, background=english, innovation=english)] * 2
    )
    with pytest.raises(BadCompletionError):
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, fields)


def test_what_must_be_there_is_asked_for_a_third_time(gemini: FakeGemini) -> None:
    english = "The design stays simple, which keeps the training stable and the network small."
    gemini.script(
        *[says(summary=english, workload=english)] * 2, says(summary=GOOD_SUMMARY, workload=english)
    )
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary", "workload"))
    assert summary.answers == {"summary": GOOD_SUMMARY, "workload": "（模型未能给出可用的内容）"}
    assert summary.llm_calls == 3


def test_a_paper_without_metadata_is_shown_the_abstract_of_its_pdf(gemini: FakeGemini) -> None:
    summarizer_for(gemini).summarize(replace(PAPER, abstract=""), DOCUMENT, ("summary",))
    assert DOCUMENT.abstract in prompt_text(gemini)


def test_an_estimate_makes_no_call_and_bounds_the_price(gemini: FakeGemini) -> None:
    summarizer = summarizer_for(gemini)
    estimate = summarizer.estimate(PAPER, DOCUMENT, DAILY_FIELDS)
    assert gemini.requests == []
    assert estimate.cost_usd is not None
    summary = summarizer.summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    assert summary.cost_usd is not None
    assert summary.cost_usd < estimate.cost_usd * 2
    # The fake counts four characters as a token.
    assert estimate.input_tokens == pytest.approx(summary.input_tokens, rel=0.2)


def test_an_unknown_field_or_language_is_a_fault_of_the_settings(gemini: FakeGemini) -> None:
    with pytest.raises(ConfigError, match="sumary"):
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("sumary",))
    with pytest.raises(ConfigError, match="klingon"):
        summarizer_for(gemini, language="klingon")


def test_the_fingerprint_names_prompts_and_model(gemini: FakeGemini) -> None:
    summarizer = summarizer_for(gemini)
    summary = summarizer.summarize(PAPER, DOCUMENT, ("summary",))
    again = summarizer.summarize(PAPER, DOCUMENT, ("summary",))
    assert summary.prompt_fingerprint == again.prompt_fingerprint
    more = summarizer.summarize(PAPER, DOCUMENT, ("summary", "title"))
    assert summary.prompt_fingerprint != more.prompt_fingerprint


@pytest.mark.parametrize("supports", [("json_schema",), ("json_object", "text"), ("text",)])
def test_servers_that_bind_answers_loosely_give_the_same_summary(supports: tuple[Any, ...]) -> None:
    with FakeOpenAI(supports=supports) as server:
        backend = create_backend(
            "openai", BackendSettings(base_url=server.base_url, model="fake-chat")
        )
        summary = Summarizer(backend, PROMPTS, MemoryCache()).summarize(
            PAPER, DOCUMENT, DAILY_FIELDS
        )
    assert list(summary.answers) == list(DAILY_FIELDS)
    assert summary.llm_calls == 1
    assert summary.cost_usd is None, "nobody knows the price of this model"


def test_what_cannot_be_verified_costs_no_call_and_stays_with_a_mark(gemini: FakeGemini) -> None:
    gemini.script(
        says(summary="TideSort 减少了 32% 的比较器。它在 ImageNet 上训练。网络由数据决定。")
    )
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",))
    marked = (
        "TideSort 减少了 32% 的比较器「未能核实」。它在 ImageNet "
        "上训练「未能核实」。网络由数据决定。"
    )
    assert summary.answers["summary"] == marked
    assert (summary.llm_calls, summary.checks.marked, summary.checks.left_out) == (1, 2, 0)
    assert summary.warnings == ("statements marked because they could not be verified: 2",)


def test_takeaways_that_are_not_supported_do_not_make_way(gemini: FakeGemini) -> None:
    wrong = {
        "text": "在 ImageNet 上也有效。",
        "quote": "We evaluate on Harbour, a benchmark of 4,096 lists",
    }
    invented = {"text": "评审一致称赞。", "quote": INVENTED}
    gemini.script(says(key_takeaways=[*claims(), wrong, invented]))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("key_takeaways",))
    texts = [claim.text for claim in summary.answers["key_takeaways"] if isinstance(claim, Claim)]
    assert texts == [*TAKEAWAYS, "在 ImageNet 上也有效「未能核实」。", "评审一致称赞。"]
    assert (summary.llm_calls, summary.checks.left_out, summary.checks.marked) == (1, 0, 1)


def test_an_answer_about_another_paper_is_asked_for_again_and_never_published(
    gemini: FakeGemini,
) -> None:
    other = says(
        title=GOOD_TITLE,
        summary=(
            "BERT 在 GLUE 上得到 80.5 分。它有 340M 参数。SQuAD 上的 F1 为 93.2。"
            "MNLI 准确率为 86.7%。"
        ),
        key_takeaways=[
            {"text": f"{name} 先训练语言模型。", "quote": INVENTED}
            for name in ("BERT", "GPT-2", "ELMo")
        ],
    )
    fields = ("key_takeaways", "summary", "title")
    gemini.script(other, says(title=GOOD_TITLE, summary=GOOD_SUMMARY, key_takeaways=claims()))
    summary = summarizer_for(gemini).summarize(PAPER, DOCUMENT, fields)
    assert (summary.answers["summary"], summary.llm_calls) == (GOOD_SUMMARY, 2)
    assert schema_keys(gemini) == list(fields)
    gemini.script(*[other] * 3)
    with pytest.raises(BadCompletionError, match="speaks of another one"):
        summarizer_for(gemini).summarize(PAPER, DOCUMENT, fields)


def test_a_server_that_binds_quotes_cannot_give_one_again_that_stood_for_all_statements() -> None:
    quote = (
        "The soft network is then trained by gradient descent on lists drawn from the application."
    )
    same = json.dumps({"key_takeaways": [{"text": TAKEAWAYS[1], "quote": quote}] * 3})
    with FakeOpenAI() as server:
        server.script(openai.choice(same))
        backend = create_backend(
            "openai", BackendSettings(base_url=server.base_url, model="fake-chat")
        )
        Summarizer(backend, PROMPTS, MemoryCache()).summarize(PAPER, DOCUMENT, ("key_takeaways",))
        bodies = [
            call.body["response_format"]["json_schema"]["schema"]["properties"]
            for call in server.calls
        ]
    asked, repair = (body["key_takeaways"] for body in bodies)
    offered = [claim["properties"]["quote"]["enum"] for claim in repair["prefixItems"]]
    assert set(asked["items"]["properties"]["quote"]["enum"]) - {
        s for each in offered for s in each
    } == {quote}


def test_what_the_paper_says_in_several_places_may_stand_together(gemini: FakeGemini) -> None:
    gemini.script(says(summary="TideSort 有 47 个比较器，取自港口的 4,096 个列表，训练两小时。"))
    assert summarizer_for(gemini).summarize(PAPER, DOCUMENT, ("summary",)).llm_calls == 1
