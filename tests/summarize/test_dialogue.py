"""Steps of a dialogue, from state and completion to state: no model is there to be asked."""

import json
from dataclasses import replace

import pytest

from chatpaper.domain import Completion
from chatpaper.domain.errors import BadCompletionError, ContentFilteredError
from chatpaper.summarize.context.prompt_injection import as_evidence, clean_paper
from chatpaper.summarize.dialogue.checks import AnswerChecks
from chatpaper.summarize.dialogue.dialogue import (
    MAX_CALLS,
    PARAPHRASE_COMPLAINT,
    Dialogue,
    DialogueState,
    Provider,
)
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from tests.backends.asking import a_prompt
from tests.summarize.sample import DOCUMENT, PAPER

PROMPTS = Prompts.load()
FIRST, SECOND = Provider("gemini", "first"), Provider("openai", "second")
TITLE, SUMMARY = "让排序网络适应其输入", "本文提出一种由数据决定比较器位置的排序网络。"
REFUSED = ContentFilteredError("no", model="first", reason="SAFETY")
RECITED = ContentFilteredError("no", model="first", reason="RECITATION")
ENGLISH = "This answer was written in English from its first word to its last."
DECLINED = "抱歉，我无法处理这篇论文。"


def dialogue_of(*fields: str, providers: tuple[Provider, ...] = (FIRST,)) -> Dialogue:
    evidence, own = as_evidence(DOCUMENT), clean_paper(PAPER)
    examiner = Examiner(evidence, own, QuoteFinder(evidence, own))
    checks = AnswerChecks(PROMPTS, PROMPTS.language("zh"), examiner)
    return Dialogue(a_prompt(*fields), checks, providers)


def says(model: str = "first-001", **answers: object) -> Completion:
    return Completion(json.dumps(answers, ensure_ascii=False), model)


def asked(state: DialogueState) -> list[str]:
    """Return the fields that are asked for next; none when the dialogue is over."""
    return [] if state.next_prompt is None else [each.name for each in state.next_prompt.fields]


def test_a_whole_answer_ends_the_dialogue() -> None:
    dialogue = dialogue_of("title", "summary")
    begun = dialogue.begin()
    assert asked(begun) == ["summary", "title"]
    state = dialogue.step(begun, says(title=TITLE, summary=SUMMARY))
    assert (asked(state), state.attempts) == ([], 1)
    checked = dialogue.conclude(state)
    assert checked.answers == {"title": TITLE, "summary": SUMMARY}
    assert checked.writers == dict.fromkeys(("title", "summary"), Provider("gemini", "first-001"))
    assert (checked.lacking, checked.provider) == ((), FIRST)


def test_a_step_changes_nothing_but_what_it_returns() -> None:
    dialogue = dialogue_of("title", "summary")
    begun = dialogue.begin()
    dialogue.step(begun, says(title=TITLE, summary=SUMMARY))
    assert begun == dialogue.begin()


def test_what_fails_a_check_is_asked_for_again_with_the_complaint() -> None:
    dialogue = dialogue_of("title", "summary")
    state = dialogue.step(dialogue.begin(), says(title=TITLE, summary=ENGLISH))
    assert (asked(state), state.accepted) == (["summary"], {"title": TITLE})
    assert state.refused == {"summary": ENGLISH}
    assert state.next_prompt is not None
    assert state.next_prompt.user.startswith(dialogue.first.user), "the paper may be in a cache"
    assert state.complaints[0] in state.next_prompt.user
    assert state.next_prompt.schema["required"] == ["summary"]
    repaired = dialogue.step(state, says("second-answer", summary=SUMMARY))
    assert dialogue.conclude(repaired).writers["summary"].model == "second-answer"


def test_what_is_no_object_is_a_complaint_and_the_rounds_are_bounded() -> None:
    dialogue = dialogue_of("title", "summary")
    state = dialogue.begin()
    for attempt in range(1, MAX_CALLS + 1):
        assert state.next_prompt is not None
        state = dialogue.step(state, Completion("{ no object", "first"))
        assert state.attempts == attempt
    assert asked(state) == []
    with pytest.raises(BadCompletionError, match="in 3 attempts: the answer is not a JSON object"):
        dialogue.conclude(state)


def test_after_an_unusable_answer_its_complaints_are_told() -> None:
    dialogue = dialogue_of("summary")
    error = BadCompletionError("cut", complaints=("Write less.",))
    state = dialogue.after_unusable(dialogue.begin(), error)
    assert (state.complaints, asked(state)) == (("Write less.",), ["summary"])


def test_a_recitation_is_asked_for_in_other_words_once() -> None:
    dialogue = dialogue_of("title", providers=(FIRST, SECOND))
    state = dialogue.after_refusal(dialogue.begin(), RECITED)
    assert (state.complaints, state.provider) == ((PARAPHRASE_COMPLAINT,), 0)
    again = dialogue.after_refusal(state, RECITED)
    assert (again.provider, again.next_prompt) == (1, state.next_prompt)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_refusal_goes_to_the_other_provider_with_the_same_prompt(is_told: bool) -> None:
    dialogue = dialogue_of("title", providers=(FIRST, SECOND))
    begun = dialogue.begin()
    state = (
        dialogue.after_refusal(begun, REFUSED)
        if is_told
        else dialogue.step(begun, Completion(DECLINED, "first"))
    )
    assert (state.provider, state.next_prompt, state.attempts) == (1, dialogue.first, 0)
    checked = dialogue.conclude(dialogue.step(state, says("second-002", title=TITLE)))
    assert (checked.provider, checked.writers["title"]) == (
        SECOND,
        Provider("openai", "second-002"),
    )


def test_a_refusal_without_another_provider_ends_the_dialogue() -> None:
    dialogue = dialogue_of("title", "summary")
    state = dialogue.after_refusal(dialogue.begin(), REFUSED)
    assert asked(state) == []
    with pytest.raises(ContentFilteredError) as raised:
        dialogue.conclude(state)
    assert raised.value is REFUSED


def test_a_refusal_of_the_repair_leaves_what_was_accepted() -> None:
    dialogue = dialogue_of("title", "summary", "workload", "significance")
    begun = dialogue.begin()
    answered = says(title=TITLE, summary=SUMMARY, workload=ENGLISH, significance=ENGLISH)
    state = dialogue.after_refusal(dialogue.step(begun, answered), REFUSED)
    checked = dialogue.conclude(state)
    assert set(checked.lacking) == {"workload", "significance"}
    assert checked.answers["summary"] == SUMMARY


def test_an_answer_that_declines_is_a_refusal_where_another_summarizer_waits() -> None:
    patient = dialogue_of("summary")
    declined = Completion(DECLINED, "first")
    assert asked(patient.step(patient.begin(), declined)) == ["summary"]
    hasty = replace(patient, ends_when_declined=True)
    state = hasty.step(hasty.begin(), declined)
    assert asked(state) == []
    with pytest.raises(ContentFilteredError, match="declines"):
        hasty.conclude(state)


def test_an_answer_about_another_paper_is_dropped_whole() -> None:
    dialogue = dialogue_of("title", "summary")
    text = (
        "BERT 在 GLUE 上得到 80.5 分。它有 340M 参数。SQuAD 上的 F1 为 93.2。MNLI 准确率为 86.7%。"
    )
    state = dialogue.step(dialogue.begin(), says(title=TITLE, summary=text))
    assert (state.accepted, state.refused, asked(state)) == ({}, {}, ["summary", "title"])
    assert "speaks of another one" in state.complaints[0]
