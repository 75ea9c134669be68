"""The second reader: one call a paper that judges every statement of a summary by its evidence.

Its verdicts remove nothing by themselves: they count where the words that decide are in the paper,
and a sentence that it puts right is published only where it passes every check that a model's
sentence has to pass.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from chatpaper.backends import Backend
from chatpaper.domain import (
    Claim,
    Document,
    Field,
    FieldAnswer,
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
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.context_budget import CONTEXT_SHARE
from chatpaper.summarize.context.prompt_source import prompt_source
from chatpaper.summarize.cost.answer_length import OUTPUT_SLACK, expected_statements
from chatpaper.summarize.cost.call_log import CallLog, CompletionCache, completion_key
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.prompting.library import Language, Prompts
from chatpaper.summarize.quality.characters import well_formed
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.verify.conclusions import Conclusion, Ruling
from chatpaper.summarize.verify.examiner import Examiner, has_statements
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.judge.judging import (
    Judgement,
    Question,
    build_material,
    build_questions,
    build_verdict_schema,
    estimate_answer_tokens,
    read_judgements,
)
from chatpaper.summarize.verify.statements import Statement

log = logging.getLogger(__name__)

VerifyMode = Literal["auto", "always", "never"]

# A sentence that was put right is about as long as it was; what is longer is a remark.
LONGEST_CORRECTION = 2.0
MORE_CHARACTERS = 40
# In a small context the statements are judged in so many parts at most; what is left over stays
# undecided.
MAX_CALLS = 4
# What a statement and the passages that bear on it take up, those that others share counted once.
EVIDENCE_TOKENS_PER_STATEMENT = 110
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
MOST_FITTINGS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The rulings of the second reader on the statements, by their text, and how the reading went."""

    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    verification: Verification = field(default_factory=Verification)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A summary that is read again.

    Its paper, what was asked, and what was found about the answers by words alone.
    """

    paper: Paper
    fields: Sequence[Field]
    findings: Sequence[Finding]
    examiner: Examiner


class SecondReader:
    """Judges the statements of summaries. May be shared by threads."""

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache,
        *,
        mode: VerifyMode = "auto",
        context_tokens: int,
        forbidden: Callable[[], str] = lambda: "",
        estimator: CostEstimator | None = None,
    ) -> None:
        """`forbidden` says why there should be no call now, if there is a reason.

        "always" does not ask.
        """
        self._backend, self._prompts, self._cache = backend, prompts, cache
        self._mode, self._context_tokens, self._forbidden = mode, context_tokens, forbidden
        self._estimator = estimator

    @property
    def model(self) -> str:
        """The model that judges."""
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
        judged = self._judgements(subject, questions, language, call_log)
        rulings = {
            finding.text: self._ruling(
                kept[finding.field], finding, judged[question.text], subject, language
            )
            for question in questions
            if question.text in judged
            for finding in question.findings
        }
        undecided = sum(
            len(question.findings) for question in questions if question.text not in judged
        )
        return Reading(rulings, Verification("done", "", self.model, (), undecided))

    def expected(self, fields: Sequence[Field], paper: Paper, language: Language) -> TokenEstimate:
        """Return what a reading will take, before there is anything to read."""
        statements = expected_statements(list(filter(has_statements, fields)))
        if self._estimator is None or not statements:
            return TokenEstimate(0, 0, 0.0)
        prompt = self._prompt_of(paper, ("", ""), statements, language)
        return self._estimator.estimate(
            prompt, more_input_tokens=statements * EVIDENCE_TOKENS_PER_STATEMENT
        )

    def _asked(self, prompt: Prompt, call_log: CallLog) -> str:
        key = completion_key(prompt, self._backend)
        completion = self._cache.find(key)
        if completion is None or not completion.text:
            if self._mode == "auto" and (reason := self._forbidden()):
                raise _ForbiddenError(reason)
            completion = self._backend.complete(replace(prompt, key=key))
            self._cache.save(key, completion)
            call_log.llm_calls += 1
        call_log.add(completion, self.model)
        return completion.text

    def _judgements(
        self, subject: Subject, questions: Sequence[Question], language: Language, call_log: CallLog
    ) -> dict[str, Judgement]:
        """Ask for the judgements, by the text of the statements, in as many calls as the context needs.

        Raises BadCompletionError where no answer can be read.
        """
        affordable_tokens = self._affordable_tokens(call_log)
        judged: dict[str, Judgement] = {}
        complaint, fittings, calls = "", 0, 0
        while questions and calls < MAX_CALLS:
            part = self._first_part(subject, questions, language)
            prompt = self._prompt(
                subject, part, language, affordable_tokens * len(part) / len(questions)
            )
            try:
                text = self._asked(prompt, call_log)
            except ContextTooLongError as error:
                fittings += 1
                if fittings > MOST_FITTINGS:
                    raise
                call_log.add_failed_call(error)
                self._learn(error, prompt)
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

    def _first_part(
        self, subject: Subject, questions: Sequence[Question], language: Language
    ) -> Sequence[Question]:
        """As many of the questions as fit the model with some evidence for each."""
        part = questions
        while len(part) > 1 and self._room_for_evidence(subject, part, language) < (
            len(part) * LEAST_TOKENS_PER_STATEMENT
        ):
            part = part[: math.ceil(len(part) / 2)]
        return part

    def _room_for_evidence(
        self, subject: Subject, questions: Sequence[Question], language: Language
    ) -> int:
        """Return the tokens that the context has for passages."""
        frame = self._prompt_of(
            subject.paper,
            build_material(questions, subject.examiner.evidence, 0),
            len(questions),
            language,
        )
        return (
            round(self._context_tokens * CONTEXT_SHARE) - _tokens(frame) - frame.max_output_tokens
        )

    def _learn(self, error: ContextTooLongError, prompt: Prompt) -> None:
        """Keep what the service tells of the context of the model, for the papers to come too."""
        tried = min(
            self._context_tokens,
            round((_tokens(prompt) + prompt.max_output_tokens) / CONTEXT_SHARE),
        )
        told = error.limit_tokens if error.limit_tokens is not None else tried
        self._context_tokens = told if told < tried else round(SHRINK_FACTOR * tried)

    def _affordable_tokens(self, call_log: CallLog) -> float:
        """Tokens of a prompt and its answer, these by their worth, that a reading may take.

        A share of the summary.
        """
        if not call_log.completions:
            return math.inf
        first = call_log.completions[0]
        return MOST_OF_PRICE * (first.input_tokens + WORTH_OF_OUTPUT * first.output_tokens)

    def _prompt(
        self,
        subject: Subject,
        questions: Sequence[Question],
        language: Language,
        affordable_tokens: float,
    ) -> Prompt:
        """The prompt with as much evidence as the context has room for, and as is affordable."""
        room = self._room_for_evidence(subject, questions, language)
        bare = self._prompt_of(
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
        return self._prompt_of(subject.paper, shown, len(questions), language)

    def _prompt_of(
        self, paper: Paper, shown: tuple[str, str], statements: int, language: Language
    ) -> Prompt:
        system, user = self._prompts.verification(paper.title, *shown, language.code)
        return Prompt(
            well_formed(system),
            well_formed(user),
            build_verdict_schema(statements),
            (),
            prompt_source(paper, Document()),
            round(estimate_answer_tokens(statements) * OUTPUT_SLACK),
            language.script,
        )

    def _ruling(
        self,
        asked: Field,
        finding: Finding,
        judgement: Judgement,
        subject: Subject,
        language: Language,
    ) -> Ruling:
        """Return the ruling on a statement; a correction that does not pass the checks is none."""
        if judgement.verdict != "contradicted" or not judgement.correction:
            return Ruling(judgement.verdict, judgement.place)
        corrected = self._checked_correction(asked, finding, judgement, subject, language)
        return Ruling(
            judgement.verdict,
            judgement.place,
            corrected.text if corrected else "",
            corrected.claims if corrected else (),
        )

    def _checked_correction(
        self,
        asked: Field,
        finding: Finding,
        judgement: Judgement,
        subject: Subject,
        language: Language,
    ) -> Finding | None:
        """Return the corrected sentence if it passes the checks of form, language, numbers and hints."""
        text = judgement.corrected(finding.text)
        too_long = len(text) > LONGEST_CORRECTION * len(finding.text) + MORE_CHARACTERS
        if asked.kind == "results" or too_long or text == finding.text or judgement.place is None:
            return None
        item: FieldAnswer = (Claim(text),) if asked.kind in ("claims", "figures") else (text,)
        answer = text if asked.kind == "text" else item
        shown = (
            asked.question,
            language.rules,
            self._prompts.system_template,
            self._prompts.verify_template,
        )
        is_clean = (
            normalize_answer(asked, answer, language, subject.examiner.evidence.paper_text)
            == answer
        )
        if not is_clean or find_unusable(asked, answer, language, shown, was_told=True):
            return None
        statement = Statement(text, quote=judgement.place.words)
        claims = check_claims(statement, subject.examiner.verifier)
        corrected = replace(
            finding,
            end=len(text),
            statement=statement,
            claims=claims,
            lacks_proof=False,
            lacks_figure=False,
            hints=(),
        )
        checked = subject.examiner.with_hints(corrected)
        return None if checked.is_doubtful else checked


def build_verdicts(
    findings: Sequence[Finding], reading: Reading, concluded: Mapping[str, Conclusion]
) -> tuple[Verdict, ...]:
    """For each statement that was judged, the verdict and what became of the statement."""
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


def _tokens(prompt: Prompt) -> int:
    return estimate_tokens(prompt.system) + estimate_tokens(prompt.user)


class _ForbiddenError(Exception):
    """There should be no call now."""
