"""Prompts for the second reader that fit its context and what a reading may cost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain import Document, Field, Paper, Prompt
from chatpaper.domain.errors import ContextTooLongError
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.context_budget import CONTEXT_SHARE
from chatpaper.summarize.context.prompt_source import prompt_source
from chatpaper.summarize.cost.answer_length import OUTPUT_SLACK
from chatpaper.summarize.cost.call_log import CallLog
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.characters import repair_surrogates
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.judge.judging import (
    Question,
    build_material,
    build_verdict_schema,
    estimate_answer_tokens,
)

# Most sentences of papers take 20 to 40 tokens, and many statements share theirs: less tells a
# reader nothing.
LEAST_TOKENS_PER_STATEMENT = 20
# What is shown however little the summary did cost: a page.
LEAST_EVIDENCE_TOKENS = 1000
# A reading may cost so much of what the summary did, with as many corrections as are to be
# expected.
MOST_OF_PRICE = 0.4
# How many tokens of a prompt one of an answer costs, where no price is known: the flash models of
# 2025 and 2026.
WORTH_OF_OUTPUT = 8.4
# What is left of a context that turned out too small where the service does not tell its size, and
# how often.
SHRINK_FACTOR = 0.7


@dataclass(frozen=True, slots=True)
class Subject:
    """A summary that is read again.

    It comes with its paper, what was asked, and what was found about the answers by words alone.
    """

    paper: Paper
    fields: Sequence[Field]
    findings: Sequence[Finding]
    examiner: Examiner


class PromptFitter:
    """Builds prompts that fit the context of a model, of which its refusals tell more and more."""

    def __init__(self, prompts: Prompts, context_tokens: int) -> None:
        self._prompts, self._context_tokens = prompts, context_tokens

    def build_prompt(
        self, paper: Paper, shown: tuple[str, str], statements: int, language: Language
    ) -> Prompt:
        """Build the prompt for so many statements; `shown` are the excerpts and the statements."""
        system, user = self._prompts.verification(paper.title, *shown, language.code)
        return Prompt(
            repair_surrogates(system),
            repair_surrogates(user),
            build_verdict_schema(statements),
            (),
            prompt_source(paper, Document()),
            round(estimate_answer_tokens(statements) * OUTPUT_SLACK),
            language.script,
            follow_up=True,
        )

    def fit_prompt(
        self,
        subject: Subject,
        questions: Sequence[Question],
        language: Language,
        affordable_tokens: float,
    ) -> Prompt:
        """Build the prompt with as much evidence as fits the context and is affordable."""
        room = self._measure_room(subject, questions, language)
        bare = self.build_prompt(
            subject.paper,
            build_material(questions, subject.examiner.evidence, 0),
            len(questions),
            language,
        )
        affordable = (
            affordable_tokens
            - _tokens(bare)
            - WORTH_OF_OUTPUT * estimate_answer_tokens(len(questions))
        )
        limit_tokens = min(
            room,
            max(affordable, LEAST_EVIDENCE_TOKENS, len(questions) * LEAST_TOKENS_PER_STATEMENT),
        )
        shown = build_material(questions, subject.examiner.evidence, limit_tokens)
        return self.build_prompt(subject.paper, shown, len(questions), language)

    def take_first_part(
        self, subject: Subject, questions: Sequence[Question], language: Language
    ) -> Sequence[Question]:
        """Take as many of the questions as fit the model with some evidence for each."""
        part = questions
        while len(part) > 1 and self._measure_room(subject, part, language) < (
            len(part) * LEAST_TOKENS_PER_STATEMENT
        ):
            part = part[: math.ceil(len(part) / 2)]
        return part

    def learn_limit(self, error: ContextTooLongError, prompt: Prompt) -> None:
        """Keep what the service tells of the context of the model, for the papers to come too."""
        tried = min(
            self._context_tokens,
            round((_tokens(prompt) + prompt.max_output_tokens) / CONTEXT_SHARE),
        )
        stated = error.limit_tokens if error.limit_tokens is not None else tried
        self._context_tokens = stated if stated < tried else round(SHRINK_FACTOR * tried)

    def _measure_room(
        self, subject: Subject, questions: Sequence[Question], language: Language
    ) -> int:
        """Return the tokens that the context has for passages."""
        frame = self.build_prompt(
            subject.paper,
            build_material(questions, subject.examiner.evidence, 0),
            len(questions),
            language,
        )
        return (
            round(self._context_tokens * CONTEXT_SHARE) - _tokens(frame) - frame.max_output_tokens
        )


def limit_by_price(call_log: CallLog) -> float:
    """Return how many tokens a reading may take, those of its answer by their worth.

    It is a share of what the summary took; without one there is no limit.
    """
    if not call_log.completions:
        return math.inf
    first = call_log.completions[0]
    return MOST_OF_PRICE * (first.input_tokens + WORTH_OF_OUTPUT * first.output_tokens)


def _tokens(prompt: Prompt) -> int:
    return estimate_tokens(prompt.system) + estimate_tokens(prompt.user)
