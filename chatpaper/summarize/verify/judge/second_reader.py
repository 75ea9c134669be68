"""The second reader: one call a paper that judges every statement of a summary by its evidence.

Its verdicts remove nothing by themselves: they count where the words that decide are in the paper,
and a sentence that it puts right is published only where it passes every check that a model's
sentence has to pass.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from chatpaper.backends import Backend
from chatpaper.domain import (
    Field,
    Paper,
    Prompt,
    TokenEstimate,
    Verdict,
    Verification,
)
from chatpaper.domain.errors import (
    BackendError,
    BadCompletionError,
    BudgetReachedError,
    ContextTooLongError,
    QuotaExhaustedError,
)
from chatpaper.summarize.cost.answer_length import estimate_statements
from chatpaper.summarize.cost.call_log import CallLog, CompletionCache, compute_completion_key
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.conclusions import Conclusion, Ruling
from chatpaper.summarize.verify.examiner import has_statements
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.judge.corrections import CorrectionCheck
from chatpaper.summarize.verify.judge.judging import (
    Judgement,
    Question,
    build_questions,
    read_judgements,
)
from chatpaper.summarize.verify.judge.prompt_fitting import PromptFitter, Subject, limit_by_price

log = logging.getLogger(__name__)

VerifyMode = Literal["auto", "always", "never"]

# In a small context the statements are judged in so many parts at most; what is left over stays
# undecided.
MAX_CALLS = 4
# What a statement and the passages that bear on it take up, those that others share counted once.
EVIDENCE_TOKENS_PER_STATEMENT = 110
MOST_FITTINGS = 5


def _forbid_nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class SecondReaderOptions:
    """How a second reader asks.

    `context_tokens` are what its model takes. `forbidden` says why there should be no call now, if
    there is a reason; the mode "always" does not ask it. Without an `estimator`, a reading counts
    as free before it is made.
    """

    context_tokens: int
    mode: VerifyMode = "auto"
    forbidden: Callable[[], str] = _forbid_nothing
    estimator: CostEstimator | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the second reader found, and how the reading went.

    `rulings` holds the rulings on the statements by their text.
    """

    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    verification: Verification = field(default_factory=Verification)
    warnings: tuple[str, ...] = ()


class SecondReader:
    """Judges the statements of summaries. May be shared by threads."""

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache,
        options: SecondReaderOptions,
    ) -> None:
        """Prepare a reader that asks `backend`."""
        self._backend, self._prompts, self._cache = backend, prompts, cache
        self._mode, self._forbidden = options.mode, options.forbidden
        self._fitter = PromptFitter(prompts, options.context_tokens)
        self._estimator = options.estimator

    @property
    def model(self) -> str:
        """Return the name of the model that judges."""
        return self._backend.model

    def read(self, subject: Subject, language: Language, call_log: CallLog) -> Reading:
        """Return the rulings on all statements.

        Raises no BackendError: a summary is published without them.
        """
        try:
            return self.judge(subject, language, call_log)
        except _ForbiddenError as reason:
            return Reading(verification=Verification("skipped", str(reason), self.model))
        except (BackendError, BudgetReachedError) as error:
            if isinstance(error, BackendError):
                call_log.add_failed_call(error)
            if self._mode == "auto" and isinstance(error, QuotaExhaustedError | BudgetReachedError):
                return Reading(verification=Verification("skipped", str(error), self.model))
            log.warning("%s could not be asked for a second reading: %s", self.model, error)
            warning = f"the second reading failed: {error}"
            return Reading(
                verification=Verification("failed", str(error), self.model), warnings=(warning,)
            )

    def judge(self, subject: Subject, language: Language, call_log: CallLog) -> Reading:
        """Return the rulings on all statements.

        Raises a BackendError or BudgetReachedError where there are none.
        """
        kept = {each.name: each for each in subject.fields if has_statements(each)}
        questions = build_questions(
            [finding for finding in subject.findings if finding.field in kept]
        )
        if not questions:
            return Reading(verification=Verification("done", model=self.model))
        judged = self._collect_judgements(subject, questions, language, call_log)
        check = CorrectionCheck(subject.examiner, language, self._prompts)
        rulings = {
            finding.text: check.rule(kept[finding.field], finding, judged[question.text])
            for question in questions
            if question.text in judged
            for finding in question.findings
        }
        undecided = sum(
            len(question.findings) for question in questions if question.text not in judged
        )
        return Reading(rulings, Verification("done", "", self.model, (), undecided))

    def estimate(self, fields: Sequence[Field], paper: Paper, language: Language) -> TokenEstimate:
        """Return what a reading will take, before there is anything to read."""
        statements = estimate_statements(list(filter(has_statements, fields)))
        if self._estimator is None or not statements:
            return TokenEstimate(0, 0, 0.0)
        prompt = self._fitter.build_prompt(paper, ("", ""), statements, language)
        return self._estimator.estimate(
            prompt, more_input_tokens=statements * EVIDENCE_TOKENS_PER_STATEMENT
        )

    def _ask(self, prompt: Prompt, call_log: CallLog) -> str:
        key = compute_completion_key(prompt, self._backend)
        completion = self._cache.find(key)
        if completion is None or not completion.text:
            if self._mode == "auto" and (reason := self._forbidden()):
                raise _ForbiddenError(reason)
            completion = self._backend.complete(replace(prompt, key=key))
            self._cache.save(key, completion)
            call_log.llm_calls += 1
        call_log.add(completion, self.model)
        return completion.text

    def _collect_judgements(
        self, subject: Subject, questions: Sequence[Question], language: Language, call_log: CallLog
    ) -> dict[str, Judgement]:
        """Ask for the judgements, in as many calls as the context needs.

        They come by the text of the statements. Raises BadCompletionError where no answer can be
        read.
        """
        affordable_tokens = limit_by_price(call_log)
        judged: dict[str, Judgement] = {}
        complaint, fittings, calls = "", 0, 0
        while questions and calls < MAX_CALLS:
            part = self._fitter.take_first_part(subject, questions, language)
            prompt = self._fitter.fit_prompt(
                subject, part, language, affordable_tokens * len(part) / len(questions)
            )
            try:
                text = self._ask(prompt, call_log)
            except ContextTooLongError as error:
                fittings += 1
                if fittings > MOST_FITTINGS:
                    raise
                call_log.add_failed_call(error)
                self._fitter.learn_limit(error, prompt)
                continue
            calls += 1
            questions = questions[len(part) :]
            try:
                read = read_judgements(text, part, subject.examiner.quotes)
            except ValueError as error:
                complaint = f"{self.model} gave no verdicts that can be read: {error}"
                log.warning("%s", complaint)
                continue
            judged |= {
                question.text: read[question.number] for question in part if question.number in read
            }
        if complaint and not judged:
            raise BadCompletionError(complaint, model=self.model)
        return judged


def build_verdicts(
    findings: Sequence[Finding], reading: Reading, concluded: Mapping[str, Conclusion]
) -> tuple[Verdict, ...]:
    """Return, for each statement that was judged, the verdict and what became of the statement."""
    return tuple(
        Verdict(
            finding.field,
            finding.text,
            ruling.verdict,
            *(
                (ruling.place.words, ruling.place.page, ruling.place.section)
                if ruling.place
                else ("", 0, "")
            ),
            correction=ruling.correction,
            outcome=concluded[finding.field].outcomes[finding],
        )
        for finding in findings
        if (ruling := reading.rulings.get(finding.text)) and finding.field in concluded
    )


class _ForbiddenError(Exception):
    """There should be no call now."""
