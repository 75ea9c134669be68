"""Paper + Document -> checked Summary."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatpaper.backends import Backend
from chatpaper.backends.compatible.context_limits import HOW_TO_RAISE
from chatpaper.domain import (
    CheckCounts,
    Document,
    Field,
    Paper,
    Summary,
    TokenEstimate,
)
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BadCompletionError,
    ContextTooLongError,
)
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.context_budget import Room
from chatpaper.summarize.context.prompt_injection import (
    as_evidence,
    gives_commands,
    hidden_commands,
    paper_as_evidence,
)
from chatpaper.summarize.context.section_selection import Selection
from chatpaper.summarize.cost.call_log import (
    CompletionCache,
    Ledger,
    NoCache,
    completion_key,
)
from chatpaper.summarize.cost.estimate import Expectation
from chatpaper.summarize.cost.prices import Prices, model_context_tokens
from chatpaper.summarize.dialogue.repair_loop import LEAST_SHARE_ANSWERED, Answered, Conversation
from chatpaper.summarize.prompt_builder import PromptBuilder
from chatpaper.summarize.prompting.library import Language, Prompts
from chatpaper.summarize.questionnaire import Questionnaire, describe_model
from chatpaper.summarize.verify.conclusions import Conclusion, Marks, Ruling, conclude
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.judge.second_reader import (
    Reading,
    SecondReader,
    Subject,
    build_verdicts,
)
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder

# How much of the text is sent again when the service says that it was too long after all, and how
# often: in the end that is a quarter.
SHRINK_FACTOR = 0.7
MOST_FITTINGS = 5


class Summarizer:
    """Asks a backend about papers, and checks what it says. May be shared by threads."""

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache | None = None,
        *,
        language: str = "zh",
        context_tokens: int | None = None,
        prices: Prices | None = None,
        expectation: Expectation | None = None,
        fallback: Backend | None = None,
        second_reader: SecondReader | None = None,
    ) -> None:
        """`context_tokens` bounds prompt and answer together; by default it is what the model
        takes.

        `fallback` answers about papers that the service of `backend` refuses, and what it withholds
        as recitation even in other words; `second_reader` judges what a model has written.

        Raises ConfigError for a language that has no prompt file.
        """
        self._backend = backend
        self._prompts = prompts
        self._cache = cache if cache is not None else NoCache()
        self._language: Language = prompts.language(language)
        self._builder = PromptBuilder(prompts, self._language)
        self._questionnaire = Questionnaire(prompts, self._language, describe_model(backend))
        self._fallback = fallback
        self._second_reader = second_reader
        self._prices = prices or Prices()
        self._expectation = expectation or Expectation(backend.name, backend.model, self._prices)
        self._context_tokens = context_tokens or model_context_tokens(backend.name, backend.model)

    @property
    def asked(self) -> tuple[str, ...]:
        """The model that is asked, and the parameters that were chosen for it."""
        return self._questionnaire.asked

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """The checked answers to `fields`.

        Raises ConfigError for an unknown field, and a BackendError that tells what was spent where
        the backend has no answer that passes the checks.
        """
        asked = self._questionnaire.fields(fields)
        ledger = Ledger(self._prices)
        is_suspect = gives_commands(document)
        marks = Marks(
            self._language.unsupported_mark, self._language.missing_mark, is_strict=is_suspect
        )
        try:
            answered, selection = self._answers(paper, document, asked, ledger)
            last = (answered.backend, ledger.completions[-1].model)
            writers = [
                answered.writers[field.name] for field in asked if field.name in answered.writers
            ] or [last]
            reading = self._second_reading(paper, asked, answered, ledger)
            concluded = _concluded(asked, answered, reading.rulings, marks)
            answers = sum(bool(each.answer) for each in concluded.values())
            if is_suspect and answers < LEAST_SHARE_ANSWERED * len(asked):
                raise BadCompletionError(
                    f"{paper.idv} holds instructions to models, and what {self._backend.model} says lacks support",
                    model=self._backend.model,
                )
        except BackendError as error:
            ledger.state_on(error)
            raise
        checks = CheckCounts.total(each.checks for each in concluded.values())
        return Summary(
            answers={
                field.name: concluded[field.name].answer
                if field.name in concluded
                else field.no_answer
                for field in asked
            },
            language=self._language.code,
            backend=", ".join(dict.fromkeys(backend for backend, _ in writers)),
            model=", ".join(dict.fromkeys(model for _, model in writers)),
            prompt_fingerprint=self._questionnaire.fingerprint(asked),
            coverage=selection.coverage,
            llm_calls=ledger.llm_calls,
            input_tokens=ledger.input_tokens,
            output_tokens=ledger.output_tokens,
            cost_usd=ledger.cost_usd(self._backend.name, self._backend.model),
            warnings=(*_warnings(checks, answered.lacking), *reading.warnings),
            instructions=hidden_commands(document),
            checks=checks,
            verification=replace(
                reading.verification, verdicts=build_verdicts(answered.findings, reading, concluded)
            ),
            records={
                field.name: self._questionnaire.record(
                    field,
                    answered.writers.get(field.name, last),
                    concluded[field.name].checks if field.name in concluded else CheckCounts(),
                )
                for field in asked
            },
        )

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Name the fields that have to be asked for again; see `Questionnaire.missing`."""
        return self._questionnaire.missing(summary, fields)

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """What `summarize` would take, without a call; of answers that are already there nothing."""
        asked = self._questionnaire.fields(fields)
        asked = self._questionnaire.answerable(asked, paper, document)
        paper = _with_abstract(paper, document)
        prompt, _ = self._builder.build(
            asked, paper, document, self._builder.room(asked, paper, self._context_tokens)
        )
        kept = self._cache.find(completion_key(prompt, self._backend))
        first = TokenEstimate(0, 0, 0.0) if kept and kept.text else self._expectation.of(prompt)
        if self._second_reader is None:
            return first
        return first.add(self._second_reader.expected(prompt.fields, paper, self._language))

    def _second_reading(
        self, paper: Paper, asked: tuple[Field, ...], answered: Answered, ledger: Ledger
    ) -> Reading:
        if self._second_reader is None or answered.examiner is None:
            return Reading()
        return self._second_reader.read(
            Subject(paper, asked, answered.findings, answered.examiner), self._language, ledger
        )

    def _answers(
        self, paper: Paper, document: Document, asked: tuple[Field, ...], ledger: Ledger
    ) -> tuple[Answered, Selection]:
        """The answers, and what of the document they were made from; a prompt that is too long is
        shortened.

        Raises BackendRejectedError where the context of the model has no room for any of the paper.
        """
        asked = self._questionnaire.answerable(asked, paper, document)
        own = paper_as_evidence(paper)
        paper = _with_abstract(paper, document)
        finder = QuoteFinder(as_evidence(document), own)
        examiner = Examiner(as_evidence(document), own, finder)
        room = self._builder.room(asked, paper, self._context_tokens)
        for _ in range(MOST_FITTINGS):
            prompt, selection = self._builder.build(asked, paper, document, room)
            try:
                return self._conversation(examiner, ledger).answers(prompt), selection
            except ContextTooLongError as error:
                ledger.charge(error)
                fault = error
            room = _smaller(room, selection, self._room_that_is_told(fault, asked, paper))
        raise fault

    def _room_that_is_told(
        self, fault: ContextTooLongError, asked: tuple[Field, ...], paper: Paper
    ) -> Room | None:
        """The room in the context that the service tells, which holds for the papers to come too;
        None without one.

        Raises BackendRejectedError where it is none.
        """
        limit_tokens = fault.limit_tokens
        if limit_tokens is None:
            return None
        room = self._builder.room(asked, paper, limit_tokens)
        if room.text_tokens < 0:
            raise BackendRejectedError(
                f"{fault.model} takes {limit_tokens} tokens at once, which the questions and an answer to them alone "
                f"need; {HOW_TO_RAISE}, or choose another model",
                model=fault.model,
            )
        if fault.model == self._backend.model:
            self._context_tokens = min(self._context_tokens, limit_tokens)
        return room

    def _conversation(self, examiner: Examiner, ledger: Ledger) -> Conversation:
        return Conversation(
            self._backend,
            self._prompts,
            self._cache,
            self._language,
            examiner,
            ledger,
            self._fallback,
        )


def _with_abstract(paper: Paper, document: Document) -> Paper:
    return replace(paper, abstract=paper.abstract or document.abstract)


def _smaller(room: Room, selection: Selection, told: Room | None) -> Room:
    """The room to try next: what the service told, where that is less than what was tried."""
    shown_tokens = estimate_tokens(selection.text)
    if told is not None and told.text_tokens < min(shown_tokens, room.text_tokens):
        return told
    output_tokens = min(room.output_tokens, told.output_tokens) if told else room.output_tokens
    return Room(round(SHRINK_FACTOR * shown_tokens), output_tokens)


def _concluded(
    asked: Sequence[Field], answered: Answered, rulings: Mapping[str, Ruling], marks: Marks
) -> dict[str, Conclusion]:
    """For each field that was asked for, its answer as it may be published."""
    findings: dict[str, list[Finding]] = {}
    for finding in answered.findings:
        findings.setdefault(finding.field, []).append(finding)
    return {
        field.name: conclude(
            field, answered.answers[field.name], findings.get(field.name, ()), rulings, marks
        )
        for field in asked
        if field.name in answered.answers
    }


def _warnings(checks: CheckCounts, lacking: Sequence[str]) -> tuple[str, ...]:
    told = (
        (checks.left_out, "statements left out because the paper does not support them"),
        (checks.marked, "statements marked because they could not be verified"),
        (checks.corrected, "statements put right by the second reader"),
    )
    return (
        *(f"{what}: {count}" for count, what in told if count),
        *([f"fields without a usable answer: {', '.join(lacking)}"] if lacking else []),
    )
