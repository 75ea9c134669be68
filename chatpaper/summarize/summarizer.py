"""Paper + Document -> checked Summary: one call for all fields, and at most two more for what failed a check."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from chatpaper.backends import Backend
from chatpaper.domain import (
    Claim,
    Completion,
    Document,
    Field,
    FieldAnswer,
    Paper,
    Prompt,
    Summary,
    TokenEstimate,
)
from chatpaper.errors import BackendError, BadCompletionError, ContentFilteredError, ContextTooLongError
from chatpaper.prompts import Language, Prompts, character_limit
from chatpaper.summarize.checks import complaints_about, repeated_answers
from chatpaper.summarize.decoding import decode_answer
from chatpaper.summarize.evidence import QuoteFinder
from chatpaper.summarize.price import cost_usd, model_context_tokens
from chatpaper.summarize.schema import json_schema, read_answers
from chatpaper.summarize.selection import Selection, select_text
from chatpaper.summarize.tokens import TOKENS_PER_CJK_CHARACTER, estimate_tokens

# One answer and two repairs: a model that has failed three times fails again.
MAX_CALLS = 3

# Room in the answer for a quote, and for the JSON around a value.
QUOTE_TOKENS = 40
JSON_TOKENS_PER_VALUE = 12
# Models exceed limits of length; an answer that is cut off is lost whole.
OUTPUT_SLACK = 1.5
# How much of its limits an answer uses, as measured over answers of several models.
EXPECTED_SHARE_OF_LIMITS = 0.5

# The part of a model's context that is filled: token counts of text are estimates.
CONTEXT_SHARE = 0.9
# How much of the text is sent again when the service says that it was too long after all.
SHRINK_FACTOR = 0.7

PARAPHRASE_COMPLAINT = "Your answer was too close to published text. Use your own words, and quotes of 8 words at most."


class CompletionCache(Protocol):
    """Keeps every completion as it arrives, so that none is paid for twice."""

    def get(self, key: str) -> Completion | None:
        """The completion under this key; one with an empty text stands for answers that could not be used."""

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion, in place of one that may be there."""


class NoCache:
    """Keeps nothing."""

    def get(self, key: str) -> Completion | None:
        """Never anything."""

    def put(self, key: str, completion: Completion) -> None:
        """Let it go."""


@dataclass
class _Ledger:
    """What one summary has taken so far."""

    completions: list[Completion] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    llm_calls: int = 0
    input_tokens_lost: int = 0
    output_tokens_lost: int = 0

    @property
    def input_tokens(self) -> int:
        return self.input_tokens_lost + sum(completion.input_tokens for completion in self.completions)

    @property
    def output_tokens(self) -> int:
        return self.output_tokens_lost + sum(completion.output_tokens for completion in self.completions)

    def charge(self, error: BackendError) -> None:
        """Count a call that brought nothing but may have cost something."""
        self.llm_calls += error.llm_calls
        self.input_tokens_lost += error.input_tokens
        self.output_tokens_lost += error.output_tokens


@dataclass
class _Progress:
    """Which fields have been answered, and what is still wrong with the others."""

    accepted: dict[str, FieldAnswer] = field(default_factory=dict)
    refused: dict[str, object] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    pending: tuple[Field, ...] = ()

    def answers_all(self, asked: Sequence[Field]) -> bool:
        """Whether every field has an answer that can be published, if not one that could not be better."""
        return all(field.name in self.accepted for field in asked)


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
    ) -> None:
        """`context_tokens` bounds prompt and answer together; by default it is what the model takes.

        Raises ConfigError for a language that has no prompt file.
        """
        self._backend = backend
        self._prompts = prompts
        self._cache = cache if cache is not None and backend.writes else NoCache()
        self._language: Language = prompts.language(language)
        self._context_tokens = context_tokens or model_context_tokens(backend.name, backend.model)

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """The checked answers to `fields`.

        Raises ConfigError for an unknown field, and a BackendError that tells what was spent where the backend has
        no answer that passes the checks.
        """
        asked = self._prompts.fields(fields)
        ledger = _Ledger()
        try:
            return self._summarize(paper, document, asked, ledger)
        except BackendError as error:
            error.llm_calls = ledger.llm_calls
            error.input_tokens, error.output_tokens = ledger.input_tokens, ledger.output_tokens
            raise

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """What `summarize` would take with the first call, without making it."""
        asked = self._prompts.fields(fields)
        if not self._backend.writes:
            return TokenEstimate(0, 0, 0.0)
        prompt, _ = self._first_prompt(paper, document, asked)
        input_tokens = estimate_tokens(prompt.system) + estimate_tokens(prompt.user)
        output_tokens = round(self._limit_tokens(asked) * EXPECTED_SHARE_OF_LIMITS)
        expected = Completion("", self._backend.model, input_tokens, output_tokens)
        return TokenEstimate(input_tokens, output_tokens, cost_usd(self._backend.name, expected))

    def fingerprint(self, fields: tuple[str, ...]) -> str:
        """A digest of the prompt files and the model that shape the answers to `fields`."""
        return self._prompts.fingerprint(
            self._prompts.fields(fields), self._language.code, self._backend.name, self._backend.model
        )

    def _summarize(self, paper: Paper, document: Document, asked: tuple[Field, ...], ledger: _Ledger) -> Summary:
        finder = QuoteFinder(document, paper.abstract)
        prompt, selection = self._first_prompt(paper, document, asked)
        try:
            answers = self._answers(prompt, asked, finder, ledger)
        except ContextTooLongError as error:
            ledger.charge(error)
            fewer_tokens = round(estimate_tokens(selection.text) * SHRINK_FACTOR)
            prompt, selection = self._first_prompt(paper, document, asked, fewer_tokens)
            answers = self._answers(prompt, asked, finder, ledger)
        return Summary(
            answers={field.name: answers[field.name] for field in asked},
            language=self._language.code,
            backend=self._backend.name,
            model=ledger.completions[-1].model,
            prompt_fingerprint=self.fingerprint(tuple(field.name for field in asked)),
            coverage=selection.coverage,
            llm_calls=ledger.llm_calls,
            input_tokens=ledger.input_tokens,
            output_tokens=ledger.output_tokens,
            cost_usd=self._cost_usd(ledger),
            warnings=_evidence_warnings(answers),
        )

    def _first_prompt(
        self, paper: Paper, document: Document, asked: tuple[Field, ...], text_tokens: int | None = None
    ) -> tuple[Prompt, Selection]:
        """The prompt for all fields, with as much of the document as fits, or as `text_tokens` says."""
        max_output_tokens = round(self._limit_tokens(asked) * OUTPUT_SLACK)
        paper = replace(paper, abstract=paper.abstract or document.abstract)
        if text_tokens is None:
            frame = self._prompts.render(asked, paper, "", self._language.code)
            frame_tokens = estimate_tokens(frame.system) + estimate_tokens(frame.user)
            text_tokens = round(self._context_tokens * CONTEXT_SHARE) - max_output_tokens - frame_tokens
        selection = select_text(document, max(0, text_tokens))
        rendered = self._prompts.render(asked, paper, selection.text, self._language.code)
        prompt = Prompt(
            system=rendered.system,
            user=rendered.user,
            schema=json_schema(asked),
            fields=asked,
            paper=paper,
            document=document,
            max_output_tokens=max_output_tokens,
        )
        return prompt, selection

    def _limit_tokens(self, fields: Sequence[Field]) -> int:
        """How many tokens an answer takes that uses its limits to the full."""
        return sum(_limit_tokens(field, self._language) for field in fields)

    def _answers(
        self, first: Prompt, asked: tuple[Field, ...], finder: QuoteFinder, ledger: _Ledger
    ) -> dict[str, FieldAnswer]:
        """Ask until all fields are answered, each time for those alone that are not."""
        progress = _Progress(pending=asked)
        for attempt in range(MAX_CALLS):
            prompt = first if attempt == 0 else self._repair_prompt(first, progress)
            try:
                self._ask(prompt, finder, ledger, progress, first_time=attempt == 0)
            except ContentFilteredError:
                if not progress.answers_all(asked):
                    raise
                break
            if not progress.pending:
                break
        if progress.answers_all(asked):
            return progress.accepted
        for key in ledger.keys:
            # The next run must not meet the same useless answers again.
            self._cache.put(key, Completion("", self._backend.model))
        raise BadCompletionError(
            f"{self._backend.model} gave no usable answer in {MAX_CALLS} attempts: {'; '.join(progress.complaints)}",
            model=self._backend.model,
            complaints=tuple(progress.complaints),
        )

    def _ask(
        self, prompt: Prompt, finder: QuoteFinder, ledger: _Ledger, progress: _Progress, *, first_time: bool
    ) -> None:
        """One call; afterwards `progress` holds what it brought and what has to be asked again."""
        try:
            completion = self._complete(prompt, ledger)
            answer = decode_answer(completion.text)
        except BadCompletionError as error:
            ledger.charge(error)
            progress.complaints = list(error.complaints)
            return
        except ContentFilteredError as error:
            ledger.charge(error)
            if error.reason != "RECITATION" or not first_time:
                raise
            progress.complaints = [PARAPHRASE_COMPLAINT]
            return
        except ValueError as error:
            progress.complaints = [f"the answer is not a JSON object: {error}"]
            return
        self._judge(answer, finder, progress, first_time=first_time)

    def _judge(
        self, answer: Mapping[str, object], finder: QuoteFinder, progress: _Progress, *, first_time: bool
    ) -> None:
        """Take over the answers that pass the checks, and note the complaints about the others.

        A claim without support in the paper is asked for once more; then it is kept, with page 0.
        """
        gaps = not self._backend.writes
        read, unfit = read_answers(answer, progress.pending, allow_gaps=gaps)
        complaints = list(unfit.values())
        again: list[Field] = [field for field in progress.pending if field.name in unfit]
        repeated = repeated_answers(read.items()) if self._backend.writes else {}
        progress.refused = {name: answer[name] for name in unfit if name in answer}
        for asked in progress.pending:
            if asked.name not in read:
                continue
            found = self._complaints(asked, read[asked.name], repeated)
            located = _located(read[asked.name], finder)
            if found:
                progress.refused[asked.name] = answer[asked.name]
                again += [asked] if asked.name not in progress.accepted else []
            else:
                progress.accepted[asked.name] = _better(progress.accepted.get(asked.name), located)
                if first_time and (found := _missing_quotes(asked, located)):
                    progress.refused[asked.name] = answer[asked.name]
                    again.append(asked)
            complaints += found
        progress.pending, progress.complaints = tuple(again), complaints

    def _complaints(self, asked: Field, answer: FieldAnswer, repeated: Mapping[str, str]) -> tuple[str, ...]:
        """A backend that quotes the paper may quote anything, and may have nothing to quote."""
        if not self._backend.writes:
            return ()
        if asked.name in repeated:
            return (repeated[asked.name],)
        return complaints_about(asked, answer, self._language, self._echo_sources(asked))

    def _echo_sources(self, asked: Field) -> tuple[str, ...]:
        return (asked.question, self._language.rules, self._prompts.system_template)

    def _repair_prompt(self, first: Prompt, progress: _Progress) -> Prompt:
        """The same prompt up to the paper, which a service may have in its cache, and then the complaints."""
        repair = self._prompts.repair(progress.pending, progress.complaints, progress.refused, self._language.code)
        return Prompt(
            system=first.system,
            user=first.user + "\n" + repair,
            schema=json_schema(progress.pending),
            fields=progress.pending,
            paper=first.paper,
            document=first.document,
            max_output_tokens=round(self._limit_tokens(progress.pending) * OUTPUT_SLACK),
        )

    def _complete(self, prompt: Prompt, ledger: _Ledger) -> Completion:
        key = completion_key(prompt, self._backend, attempt=len(ledger.keys))
        completion = self._cache.get(key)
        if completion is None or not completion.text:
            completion = self._backend.complete(prompt)
            self._cache.put(key, completion)
            ledger.llm_calls += int(self._backend.writes)
        ledger.completions.append(completion)
        ledger.keys.append(key)
        return completion

    def _cost_usd(self, ledger: _Ledger) -> float | None:
        """What all completions cost together; None as soon as one of them has no known price."""
        if not self._backend.writes:
            return 0.0
        lost = Completion("", self._backend.model, ledger.input_tokens_lost, ledger.output_tokens_lost)
        costs = [cost_usd(self._backend.name, completion) for completion in [*ledger.completions, lost]]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


def completion_key(prompt: Prompt, backend: Backend, attempt: int = 0) -> str:
    """A digest of everything that shapes the answer of a backend; `attempt` keeps equal repairs apart."""
    asked = [prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    shaping = [backend.name, backend.model, *asked, attempt]
    return hashlib.sha256(json.dumps(shaping, ensure_ascii=False).encode()).hexdigest()


def _limit_tokens(field: Field, language: Language) -> int:
    per_character = TOKENS_PER_CJK_CHARACTER / language.length_factor
    per_item = round(character_limit(field, language) * per_character) + JSON_TOKENS_PER_VALUE
    if field.kind == "claims":
        per_item += QUOTE_TOKENS + JSON_TOKENS_PER_VALUE
    return field.max_items * per_item


def _located(answer: FieldAnswer, finder: QuoteFinder) -> FieldAnswer:
    if isinstance(answer, str):
        return answer
    claims = [item for item in answer if isinstance(item, Claim)]
    return finder.locate(claims) if claims else answer


def _unsupported(answer: FieldAnswer) -> list[Claim]:
    return [item for item in answer if isinstance(item, Claim) and not item.page]


def _missing_quotes(field: Field, answer: FieldAnswer) -> tuple[str, ...]:
    return tuple(
        f"{field.name}: this quote is not in the paper, copy the exact words of the paper: {claim.quote!r}"
        for claim in _unsupported(answer)
    )


def _better(earlier: FieldAnswer | None, later: FieldAnswer) -> FieldAnswer:
    """The answer with fewer claims without support; the earlier one where they are alike."""
    if earlier is None:
        return later
    return later if len(_unsupported(later)) < len(_unsupported(earlier)) else earlier


def _evidence_warnings(answers: Mapping[str, FieldAnswer]) -> tuple[str, ...]:
    return tuple(
        f"{name}: {len(unsupported)} of {len(answer)} quotes are not in the paper"
        for name, answer in answers.items()
        if (unsupported := _unsupported(answer))
    )
