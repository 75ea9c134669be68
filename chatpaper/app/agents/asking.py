"""Answers to questions about a paper, made of statements that it supports, each with its page.

What the paper does not support is dropped: of an answer without any statement left is said that the
paper does not say. Without a model, passages that bear on the question are quoted.
"""

from collections.abc import Sequence

from pydantic import Field

from chatpaper.app import container
from chatpaper.app.agents.library import Library, ReadPaper
from chatpaper.app.agents.results import UntrustedResult
from chatpaper.app.models.summarizers import build_summarizer, open_backends
from chatpaper.domain import EXTRACTIVE, Claim, Paper, Summary
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.json_model import JsonModel, Number
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.summarize.prompting.questions import QUESTION_FIELD
from chatpaper.write.render import build_page_url

# A question and what it is about; a longer text is no question.
MAX_QUESTION_CHARACTERS = 1000
MAX_QUOTED_PASSAGES = 3


class AnsweredClaimJson(JsonModel):
    """A statement of an answer, and what the paper says for it."""

    text: str = Field(description="The statement; with `extractive` the paper's own words")
    quote: str = Field(description="Words of the paper that support it")
    page: int = Field(description="Page of the quote, counted from 1")
    section: str = Field(description="Section of the quote")
    link: str = Field(description="Address of the page in the PDF; empty where it is not known")


class AnswerJson(UntrustedResult):
    """The answer to a question about a paper: checked statements, or none."""

    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    version: int | None = Field(description="Version that was asked about; null for a file")
    title: str = Field(description="Title of the paper")
    question: str = Field(description="The question")
    language: str = Field(description="Language of the statements, e.g. `zh`")
    answered: bool = Field(description="Whether the paper says something; else `claims` is empty")
    claims: tuple[AnsweredClaimJson, ...] = Field(description="Statements that the paper supports")
    left_out: int = Field(description="Statements of the model that the paper does not support")
    abstract_only: bool = Field(description="Whether nothing but the abstract could be read")
    sections_left_out: tuple[str, ...] = Field(
        description="Sections for which the context of the model has no room"
    )
    backend: str = Field(description="Backend that was asked; `extractive` for none")
    model: str = Field(description="Model that answered; `extractive` for none")
    input_tokens: int = Field(description="Tokens sent, cached answers among them")
    output_tokens: int = Field(description="Tokens received, thinking included")
    cost_usd: Number | None = Field(description="US dollars; null where a price is unknown")


class QuestionAnswerer:
    """Answers questions by the model of the settings, or by quoting where these name none.

    A key that is missing is found before anything is fetched.
    """

    def __init__(self, library: Library) -> None:
        """Open the backend; raises ConfigError as `open_backends` does."""
        self._library = library
        self._backends = open_backends(library.settings)

    def answer(self, read: ReadPaper, question: str) -> AnswerJson:
        """Answer a question about a paper; the same question is not paid for twice.

        Raises ConfigError for what is no question, BudgetReachedError and BackendError as a summary
        does.
        """
        question = check_question(question)
        if self._backends[0] is None:
            return self._quote(read, question)
        summary = self._ask(read, question)
        claims = [claim for claim in summary.answers[QUESTION_FIELD] if isinstance(claim, Claim)]
        return _describe(read, question, claims, summary)

    def _ask(self, read: ReadPaper, question: str) -> Summary:
        settings, store = self._library.settings, self._library.store
        calls = container.start_single_calls(settings, store, question=question)
        summarizer = build_summarizer(settings, self._backends, calls, is_strict=True)
        return summarizer.summarize(read.paper, read.document, (QUESTION_FIELD,))

    def _quote(self, read: ReadPaper, question: str) -> AnswerJson:
        """Quote the passages that have most in common with the question."""
        # Models do without what quotes papers.
        from chatpaper.summarize.extractive.passages import quote_passages

        claims = quote_passages(question, read.document, read.paper, MAX_QUOTED_PASSAGES)
        summary = Summary({}, self._library.settings.language, EXTRACTIVE, EXTRACTIVE, "")
        return _describe(read, question, claims, summary)


def check_question(question: str) -> str:
    """Return a question as one line. Raises ConfigError for an empty and for a long one."""
    asked = collapse_spaces(question)
    if not asked or len(asked) > MAX_QUESTION_CHARACTERS:
        raise ConfigError(
            f"The question has {len(asked)} characters: ask one of at most "
            f"{MAX_QUESTION_CHARACTERS}."
        )
    return asked


def _describe(
    read: ReadPaper, question: str, claims: Sequence[Claim], summary: Summary
) -> AnswerJson:
    proved = [claim for claim in claims if claim.page and claim.quote]
    return AnswerJson(
        arxiv_id=read.paper.arxiv_id,
        version=read.paper.version,
        title=read.paper.title,
        question=question,
        language=summary.language,
        answered=bool(proved),
        claims=tuple(_describe_claim(claim, read.paper) for claim in proved),
        left_out=summary.checks.left_out + len(claims) - len(proved),
        abstract_only=read.abstract_only,
        sections_left_out=summary.coverage.sections_left_out,
        backend=summary.backend,
        model=summary.model,
        input_tokens=summary.input_tokens,
        output_tokens=summary.output_tokens,
        cost_usd=0.0 if summary.backend == EXTRACTIVE else summary.cost_usd,
    )


def _describe_claim(claim: Claim, paper: Paper) -> AnsweredClaimJson:
    return AnsweredClaimJson(
        text=claim.text,
        quote=claim.quote,
        page=claim.page,
        section=claim.section,
        link=build_page_url(paper, claim.page),
    )
