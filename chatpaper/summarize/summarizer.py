"""Paper + Document -> checked Summary, by a model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from chatpaper.backends import Backend
from chatpaper.domain import CheckCounts, Document, Field, Paper, Summary, TokenEstimate
from chatpaper.domain.errors import BackendError, BadCompletionError
from chatpaper.summarize.context.prompt_injection import (
    as_evidence,
    clean_paper,
    find_hidden_commands,
    gives_commands,
)
from chatpaper.summarize.cost.call_log import (
    CallLog,
    CompletionCache,
    NoCache,
    compute_completion_key,
)
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.cost.prices import Prices, get_context_tokens
from chatpaper.summarize.dialogue.dialogue import (
    MIN_SHARE_ANSWERED,
    CheckedAnswers,
    Provider,
)
from chatpaper.summarize.fitting import AskedPaper, FittingDialogues
from chatpaper.summarize.prompt_builder import PromptBuilder
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.questionnaire import Questionnaire, describe_model
from chatpaper.summarize.verify.conclusions import Conclusion, Marks, conclude
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.judge.prompt_fitting import Subject
from chatpaper.summarize.verify.judge.second_reader import (
    Reading,
    SecondReader,
    build_verdicts,
)
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder


@dataclass(frozen=True, slots=True)
class SummarizerOptions:
    """How papers are summarized.

    `context_tokens` bounds prompt and answer together; by default it is what the model takes. The
    `estimator` says what papers will take and holds the prices. `fallback` answers about papers
    that the service refuses, and what it withholds as recitation even in other words;
    `second_reader` judges what the model has written. With `ends_when_declined`, a paper about
    which the model declines to answer counts as refused. If `is_strict`, statements that would bear
    a mark are left out.
    """

    language: str = "zh"
    context_tokens: int | None = None
    estimator: CostEstimator | None = None
    fallback: Backend | None = None
    second_reader: SecondReader | None = None
    ends_when_declined: bool = False
    is_strict: bool = False


class Summarizer:
    """Asks a model about papers, and checks what it says. May be shared by threads."""

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache | None = None,
        options: SummarizerOptions | None = None,
    ) -> None:
        """Load the prompts. Raises ConfigError for a language that has no prompt file."""
        options = options or SummarizerOptions()
        self._backend = backend
        self._cache = cache if cache is not None else NoCache()
        self._language: Language = prompts.language(options.language)
        self._builder = PromptBuilder(prompts, self._language)
        self._questionnaire = Questionnaire(prompts, self._language, describe_model(backend))
        self._second_reader = options.second_reader
        self._is_strict = options.is_strict
        self._estimator = options.estimator or CostEstimator(backend.name, backend.model, Prices())
        self._dialogues = FittingDialogues(
            (backend, options.fallback) if options.fallback else (backend,),
            self._builder,
            self._cache,
            options.context_tokens or get_context_tokens(backend.name, backend.model),
            ends_when_declined=options.ends_when_declined,
        )

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the model that is asked, and the parameters that were chosen for it."""
        return self._questionnaire.asked

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """Ask for `fields`, and check the answers.

        Raises ConfigError for an unknown field, and a BackendError that says what was spent where
        the backend has no answer that passes the checks.
        """
        asked = self._questionnaire.fields(fields)
        log = CallLog(self._estimator.prices)
        question = self._question(asked, paper, document)
        try:
            checked, selection = self._dialogues.ask(question, log)
            last = Provider(checked.provider.backend, log.completions[-1].model)
            reading = self._read_again(
                Subject(paper, asked, checked.findings, question.examiner), log
            )
            published = self._conclude(asked, checked, reading, document)
            if gives_commands(document) and _is_scant(published, checked.answers):
                raise BadCompletionError(
                    f"{paper.idv} holds instructions to models, and what {self._backend.model} "
                    "says lacks support",
                    model=self._backend.model,
                )
        except BackendError as error:
            log.attach_usage(error)
            raise
        checks = CheckCounts.total(each.checks for each in published.values())
        verdicts = build_verdicts(checked.findings, reading, published)
        writers = {field.name: checked.writers.get(field.name, last) for field in asked}
        named = [writers[field.name] for field in asked if field.name in checked.writers] or [last]
        return Summary(
            answers={name: each.answer for name, each in published.items()},
            language=self._language.code,
            backend=", ".join(dict.fromkeys(writer.backend for writer in named)),
            model=", ".join(dict.fromkeys(writer.model for writer in named)),
            prompt_fingerprint=self._questionnaire.fingerprint(asked),
            coverage=selection.coverage,
            llm_calls=log.llm_calls,
            input_tokens=log.input_tokens,
            output_tokens=log.output_tokens,
            cost_usd=log.cost_usd(self._backend.name, self._backend.model),
            warnings=(*_warnings(checks, checked.lacking), *reading.warnings),
            instructions=find_hidden_commands(document),
            checks=checks,
            verification=replace(reading.verification, verdicts=verdicts),
            records={
                field.name: self._questionnaire.record(
                    field, writers[field.name], published[field.name].checks
                )
                for field in asked
            },
        )

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Name the fields that have to be asked for again; see `Questionnaire.missing`."""
        return self._questionnaire.missing(summary, fields)

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """Estimate what `summarize` would take, without a call; cached answers take nothing."""
        answerable = self._questionnaire.answerable(
            self._questionnaire.fields(fields), paper, document
        )
        paper = _with_abstract(paper, document)
        room = self._builder.room(answerable, paper, self._dialogues.context_tokens)
        prompt, _ = self._builder.build(answerable, paper, document, room)
        kept = self._cache.find(compute_completion_key(prompt, self._backend))
        is_kept = kept is not None and kept.text != ""
        first = TokenEstimate(0, 0, 0.0) if is_kept else self._estimator.estimate(prompt)
        if self._second_reader is None:
            return first
        return first.add(self._second_reader.estimate(prompt.fields, paper, self._language))

    def _read_again(self, subject: Subject, log: CallLog) -> Reading:
        if self._second_reader is None:
            return Reading()
        return self._second_reader.read(subject, self._language, log)

    def _question(self, asked: tuple[Field, ...], paper: Paper, document: Document) -> AskedPaper:
        """Prepare the paper for what it is asked, and for holding the answers against it."""
        evidence, own = as_evidence(document), clean_paper(paper)
        return AskedPaper(
            _with_abstract(paper, document),
            document,
            self._questionnaire.answerable(asked, paper, document),
            Examiner(evidence, own, QuoteFinder(evidence, own)),
        )

    def _conclude(
        self,
        asked: Sequence[Field],
        checked: CheckedAnswers,
        reading: Reading,
        document: Document,
    ) -> dict[str, Conclusion]:
        """Conclude for each field what may be published of its answer."""
        findings: dict[str, list[Finding]] = {}
        for finding in checked.findings:
            findings.setdefault(finding.field, []).append(finding)
        marks = Marks(
            self._language.unsupported_mark,
            self._language.missing_mark,
            is_strict=self._is_strict or gives_commands(document),
        )
        return {
            field.name: conclude(
                field,
                checked.answers[field.name],
                findings.get(field.name, ()),
                reading.rulings,
                marks,
            )
            if field.name in checked.answers
            else Conclusion(field.no_answer, CheckCounts())
            for field in asked
        }


def _with_abstract(paper: Paper, document: Document) -> Paper:
    return replace(paper, abstract=paper.abstract or document.abstract)


def _is_scant(published: Mapping[str, Conclusion], answered: Collection[str]) -> bool:
    """Tell whether little is left of the answers to the fields that were answered."""
    answers = sum(bool(published[name].answer) for name in answered)
    return answers < MIN_SHARE_ANSWERED * len(published)


def _warnings(checks: CheckCounts, lacking: Sequence[str]) -> tuple[str, ...]:
    counted = (
        (checks.left_out, "statements left out because the paper does not support them"),
        (checks.marked, "statements marked because they could not be verified"),
        (checks.corrected, "statements put right by the second reader"),
    )
    return (
        *(f"{what}: {count}" for count, what in counted if count),
        *([f"fields without a usable answer: {', '.join(lacking)}"] if lacking else []),
    )
