"""Summaries that quote the paper: nothing is asked, and nothing is spent."""

import json
from dataclasses import replace

import pytest

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain import Claim, Document, Section
from chatpaper.domain.errors import ConfigError
from chatpaper.summarize import Summarizer
from chatpaper.summarize.cost.prices import Prices
from chatpaper.summarize.extractive.fallback import ExtractiveFallback
from chatpaper.summarize.extractive.summarizer import ExtractiveSummarizer
from chatpaper.summarize.prompting.library import Prompts
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply
from tests.summarize.sample import DAILY_FIELDS, DOCUMENT, PAPER

PROMPTS = Prompts.load()


def test_the_paper_speaks_and_nothing_is_spent() -> None:
    summarizer = ExtractiveSummarizer(PROMPTS)
    summary = summarizer.summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    assert (summary.backend, summary.model) == ("extractive", "extractive")
    spent = (summary.llm_calls, summary.input_tokens, summary.output_tokens, summary.cost_usd)
    assert spent == (0, 0, 0, 0.0)
    assert all(claim.page for claim in summary.answers["key_takeaways"] if isinstance(claim, Claim))
    assert summarizer.estimate(PAPER, DOCUMENT, DAILY_FIELDS).cost_usd == 0.0
    assert summarizer.missing(summary, DAILY_FIELDS) == ()
    assert summary.verification.status == "off"


def test_an_empty_document_leaves_fields_empty() -> None:
    paper = replace(PAPER, abstract="")
    summary = ExtractiveSummarizer(PROMPTS).summarize(paper, Document(), DAILY_FIELDS)
    assert summary.answers["title"] == PAPER.title
    assert summary.answers["summary"] == ""
    assert summary.answers["key_takeaways"] == ()


def test_an_unknown_field_or_language_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ConfigError, match="sumary"):
        ExtractiveSummarizer(PROMPTS).summarize(PAPER, DOCUMENT, ("sumary",))
    with pytest.raises(ConfigError, match="klingon"):
        ExtractiveSummarizer(PROMPTS, language="klingon")


def test_answers_of_a_model_do_not_hold_for_the_papers_own_sentences() -> None:
    summary = ExtractiveSummarizer(PROMPTS).summarize(PAPER, DOCUMENT, ("summary",))
    other = ExtractiveSummarizer(PROMPTS, asked=("gemini", "gemini-3.5-flash-lite"))
    assert other.missing(summary, ("summary",)) == ("summary",)


def test_a_paper_that_the_service_refuses_is_quoted_and_the_call_is_counted() -> None:
    refusal = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 1000, "totalTokenCount": 1000},
    }
    with FakeGemini() as server:
        settings = BackendSettings(base_url=server.url, api_key=google.VALID_KEY)
        model = Summarizer(create_backend("gemini", settings), PROMPTS)
        extractive = ExtractiveSummarizer(PROMPTS, asked=model.asked)
        summarizer = ExtractiveFallback(model, extractive, Prices())
        server.script(Reply(200, json.dumps(refusal).encode()))
        summary = summarizer.summarize(PAPER, DOCUMENT, DAILY_FIELDS)
        assert (summary.backend, len(server.calls)) == ("extractive", 1)
        assert (summary.llm_calls, summary.input_tokens, summary.output_tokens) == (1, 1000, 0)
        assert summary.cost_usd
        assert summarizer.missing(summary, DAILY_FIELDS) == (), "it is not asked for again"
        answered = summarizer.summarize(PAPER, DOCUMENT, DAILY_FIELDS)
    assert answered.backend == "gemini"


REST = "as far as anybody has looked at the many things that are to be seen in them by now."


@pytest.mark.parametrize(
    ("first", "chosen"),
    [
        ("Our", 0),
        ("Moreover, our", 1),
        ("It shows that our", 1),
        ("Rowe [7], using our", 1),
        ("Lee et al. (2016) write that our", 1),
        ("[30] argue that our", 1),
    ],
)
def test_sentences_of_the_paper_alone_come_before_those_that_lean_on_others(
    first: str, chosen: int
) -> None:
    sentences = (
        f"{first} experiments show that the method outperforms all baselines, {REST}",
        f"Our experiments on many sets show that the method is as good as baselines, {REST}",
    )
    document = Document(sections=(Section("5", "Conclusion", 1, 1, " ".join(sentences)),))
    summary = ExtractiveSummarizer(PROMPTS).summarize(PAPER, document, ("tldr",))
    assert summary.answers["tldr"] == sentences[chosen]
