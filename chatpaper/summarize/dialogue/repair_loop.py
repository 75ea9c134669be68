"""The calls about one paper: one for all fields, and at most two more for what failed a check."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from chatpaper.backends import Backend
from chatpaper.domain import Claim, Completion, Field, FieldAnswer, FieldNeed, Prompt, Result
from chatpaper.domain.errors import (
    BadCompletionError,
    ChatPaperError,
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
)
from chatpaper.summarize.context.prompt_injection import text_as_evidence
from chatpaper.summarize.cost.answer_length import max_output_tokens
from chatpaper.summarize.cost.call_log import CompletionCache, Ledger, completion_key
from chatpaper.summarize.dialogue.schema import json_schema, read_answers
from chatpaper.summarize.json_decoding import decode_answer, spoken
from chatpaper.summarize.prompting.library import Language, Prompts
from chatpaper.summarize.quality.characters import well_formed
from chatpaper.summarize.quality.declining import declines, said_instead
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.quality.repetition import goes_in_circles, without_repetitions
from chatpaper.summarize.quality.vocabulary import in_its_wording
from chatpaper.summarize.verify.examiner import Examiner, has_statements
from chatpaper.summarize.verify.findings import Finding, count_unverified
from chatpaper.summarize.verify.names.figure_labels import locate_figures, locate_results

# One answer and two repairs: a model that has failed three times fails again.
MAX_CALLS = 3
# A summary with less than this says more of the model than of the paper.
LEAST_SHARE_ANSWERED = 0.5

# How much more an answer that was cut off may take, and the thinking that may have left no room for
# it.
WIDER_ANSWER_FACTOR = 2
MORE_THINKING_TOKENS = 16_384

_NEEDS: tuple[FieldNeed, ...] = ("must", "should", "may")

# Fewer statements that cannot be verified are a model's carelessness, if nothing else tells what it
# speaks of.
MANY_UNVERIFIED = 4
OTHER_PAPER_COMPLAINT = (
    "nothing that can be looked up of what it says is in this paper: it speaks of another one"
)

PARAPHRASE_COMPLAINT = "Your answer was too close to published text. Use your own words, and quotes of 8 words at most."


class Answered(NamedTuple):
    """Answers as they came, what was found about their statements, and the fields that have none.

    Without an `examiner` nothing was looked for. `backend` is the one that was asked last,
    `writers` are backend and model of each answer.
    """

    answers: dict[str, FieldAnswer]
    findings: tuple[Finding, ...] = ()
    lacking: tuple[str, ...] = ()
    examiner: Examiner | None = None
    backend: str = ""
    writers: Mapping[str, tuple[str, str]] = MappingProxyType({})


class Conversation:
    """Asks until every field of a prompt has an answer that passes the checks.

    `accepted` are the answers so far, `pending` the fields that are still to be asked for, with
    `complaints` about what was answered last (`refused`).
    """

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache,
        language: Language,
        examiner: Examiner,
        ledger: Ledger,
        fallback: Backend | None = None,
    ) -> None:
        """`fallback` is asked where service or model refuses the paper, or a paraphrase is withheld
        as a recitation.
        """
        self._fallback, self._may_widen = fallback, True
        self._backend, self._prompts, self._cache = backend, prompts, cache
        self._language, self._examiner, self._ledger = language, examiner, ledger
        self._keys: list[str] = []
        self._writers: dict[str, tuple[str, str]] = {}
        self.accepted: dict[str, FieldAnswer] = {}
        self.refused: dict[str, object] = {}
        self.complaints: list[str] = []
        self.pending: tuple[Field, ...] = ()
        self._paper_text = ""

    def answers(self, first: Prompt) -> Answered:
        """The answers to all fields of the prompt, and what the paper has to say to them.

        Raises BadCompletionError where `MAX_CALLS` answers leave a field unanswered that must have
        an answer or most fields, or speak of another paper; and whatever the backend raises.
        """
        self.pending = first.fields
        self._paper_text = text_as_evidence(first.user)
        for attempt in range(MAX_CALLS):
            prompt = first if attempt == 0 else self._repair_prompt(first)
            try:
                self._ask(prompt, is_first=attempt == 0)
            except ContentFilteredError:
                if not self._answers_enough(first.fields):
                    raise
                break
            self._refuse_another_paper(first.fields)
            if not self._is_worth_asking(told=attempt > 0):
                break
        if self._answers_enough(first.fields):
            return self._answered(first.fields)._replace(
                backend=self._backend.name, writers=self._writers
            )
        for key in self._keys:
            # The next run must not meet the same useless answers again.
            self._cache.save(key, Completion("", self._backend.model))
        raise BadCompletionError(
            f"{self._backend.model} gave no usable answer in {attempt + 1} attempts: {'; '.join(self.complaints)}",
            model=self._backend.model,
            complaints=tuple(self.complaints),
        )

    def _refuse_another_paper(self, fields: tuple[Field, ...]) -> None:
        """Let go of all answers where much was looked for in the paper and nothing was found: no
        quote, number or name.

        Requests get mixed up; to mark what can be checked would publish the rest of an answer about
        another thing.
        """
        findings = self._findings(fields, self.accepted)
        found = any(finding.statement.quote for finding in findings) or any(
            claim.nearness != "nowhere"
            for finding in findings
            if not finding.is_doubtful
            for claim in finding.claims
        )
        if not found and count_unverified(findings) >= MANY_UNVERIFIED:
            self.accepted, self.refused = {}, {}
            self.complaints, self.pending = [OTHER_PAPER_COMPLAINT], fields

    def _is_worth_asking(self, *, told: bool) -> bool:
        """Whether what is pending is worth another call: once for most fields, again for those that
        must be there.
        """
        return any(
            field.need == "must" or (field.need == "should" and not told) for field in self.pending
        )

    def _answers_enough(self, fields: tuple[Field, ...]) -> bool:
        """Whether there is an answer to every field that must have one, and to enough of the
        others.
        """
        missing = [
            field.need
            for field in fields
            if field.name not in self.accepted and field.need != "may"
        ]
        enough = len(missing) <= (1 - LEAST_SHARE_ANSWERED) * len(fields)
        return bool(self.accepted) and enough and "must" not in missing

    def _lacking(self, fields: tuple[Field, ...]) -> dict[str, FieldAnswer]:
        """What stands in place of answers that the model has shown that it cannot give."""
        mark = self._language.missing_mark
        return {
            field.name: _in_place_of(field, mark)
            for field in fields
            if field.name not in self.accepted
        }

    def _ask(self, prompt: Prompt, *, is_first: bool) -> None:
        """One call, and what is to be made of the answer."""
        try:
            completion = self._complete(prompt)
        except BadCompletionError as error:
            self._ledger.charge(error)
            self.complaints = list(error.complaints)
            return
        except ContentFilteredError as error:
            self._ledger.charge(error)
            if error.reason == "RECITATION" and is_first:
                self.complaints = [PARAPHRASE_COMPLAINT]
                return
            if not self._turned_to_fallback():
                raise
            self._ask(prompt, is_first=is_first)
            return
        try:
            answer = decode_answer(completion.text)
        except ValueError as error:
            said = said_instead(spoken(completion.text))
            self.complaints = [
                f"the answer is not a JSON object{f', but says: {said}' if said else f': {error}'}"
            ]
            is_declined = said != ""
        else:
            before = set(self.accepted)
            self._judge(answer, was_told=not is_first)
            writer = (self._backend.name, completion.model)
            self._writers |= dict.fromkeys(set(self.accepted) - before, writer)
            is_declined = declines(answer)
        if is_declined and self._turned_to_fallback():
            # Who declines one paper answers about others: it is a refusal, told in the place of an
            # answer.
            self._ask(prompt, is_first=is_first)

    def _complete(self, prompt: Prompt) -> Completion:
        key = completion_key(prompt, self._backend, attempt=len(self._keys))
        completion = self._cache.find(key)
        if completion is None or not completion.text:
            completion = self._completed_in_full(replace(prompt, key=key))
            completion = replace(completion, text=well_formed(completion.text))
            self._cache.save(key, completion)
            self._ledger.llm_calls += 1
        self._ledger.add(completion, self._backend.model)
        self._keys.append(key)
        return completion

    def _completed_in_full(self, prompt: Prompt) -> Completion:
        """An answer; the first that is cut off is asked for again with more room, unless it goes in
        circles.
        """
        try:
            return self._backend.complete(prompt)
        except CutOffError as error:
            if not self._may_widen or goes_in_circles(error.text):
                raise
            self._may_widen = False
            cut = error
        limit_tokens = WIDER_ANSWER_FACTOR * prompt.max_output_tokens + MORE_THINKING_TOKENS
        try:
            completion = self._backend.complete(replace(prompt, max_output_tokens=limit_tokens))
        except ContextTooLongError:
            # The context has no more room for the answer: the paper is not what is too long.
            raise cut from None
        except ChatPaperError:
            self._ledger.charge(cut)
            raise
        self._ledger.charge(cut)
        return completion

    def _turned_to_fallback(self) -> bool:
        """Whether there is another model to go on with."""
        if self._fallback is None:
            return False
        self._backend, self._fallback = self._fallback, None
        return True

    def _judge(self, answer: Mapping[str, object], *, was_told: bool) -> None:
        """Take over what can be used, note the complaints about the rest."""
        read, unfit = read_answers(answer, self.pending)
        asked = {field.name: field for field in self.pending}
        read = {
            name: normalize_answer(
                asked[name],
                in_its_wording(asked[name], each),
                self._language,
                self._paper_text,
                was_told=was_told,
            )
            for name, each in read.items()
        }
        faults = {name: (complaint,) for name, complaint in unfit.items()} | self._faults(
            read, was_told=was_told
        )
        usable = {name: each for name, each in read.items() if not faults.get(name)}
        self.accepted |= {name: self._located(asked[name], each) for name, each in usable.items()}
        self.refused = {
            name: answer[name] for name, found in faults.items() if found and name in answer
        }
        self.complaints = [complaint for found in faults.values() for complaint in found]
        self.pending = tuple(field for field in self.pending if field.name not in self.accepted)

    def _faults(
        self, read: Mapping[str, FieldAnswer], *, was_told: bool
    ) -> dict[str, tuple[str, ...]]:
        """Complaints by field."""
        rules = (self._language.rules, self._prompts.system_template)
        return {
            field.name: find_unusable(
                field, read[field.name], self._language, (field.question, *rules), was_told=was_told
            )
            for field in self.pending
            if field.name in read
        }

    def _located(self, field: Field, answer: FieldAnswer) -> FieldAnswer:
        """The answer with the places in the paper that its statements rest on."""
        claims = [item for item in answer if isinstance(item, Claim)]
        if field.kind == "figures":
            return locate_figures(claims, self._examiner.figures)
        if field.kind == "results":
            return locate_results(
                [item for item in answer if isinstance(item, Result)], self._examiner.figures
            )
        return self._examiner.quotes.locate(claims) if claims else answer

    def _answered(self, fields: tuple[Field, ...]) -> Answered:
        """The accepted answers without what they say again, and what was found about them."""
        lacking = self._lacking(fields)
        # What a reader reads first says it; the other has the mark.
        by_need = sorted(fields, key=lambda field: _NEEDS.index(field.need))
        answers = {
            field.name: self.accepted.get(field.name, lacking.get(field.name, ""))
            for field in by_need
        }
        optional = {field.name for field in fields if field.need == "may"}
        mark = self._language.repetition_mark
        once = without_repetitions(answers, mark, optional)
        own = {
            name: answer for name, answer in once.items() if name not in lacking and answer != mark
        }
        stating = {field.name for field in fields if has_statements(field)}
        findings = tuple(
            self._examiner.with_hints(finding) if finding.field in stating else finding
            for finding in self._findings(fields, own)
        )
        return Answered(once, findings, tuple(lacking), self._examiner)

    def _findings(
        self, fields: tuple[Field, ...], answers: Mapping[str, FieldAnswer]
    ) -> tuple[Finding, ...]:
        """What the paper has to say to the statements of the answers."""
        return tuple(
            finding
            for field in fields
            if field.name in answers
            for finding in self._examiner.findings(field, answers[field.name])
        )

    def _repair_prompt(self, first: Prompt) -> Prompt:
        """The same prompt up to the paper, which a service may have in its cache, and then the
        complaints.
        """
        repair = self._prompts.repair(
            self.pending, self.complaints, self.refused, self._language.code
        )
        return replace(
            first,
            user=first.user + "\n" + repair,
            schema=json_schema(self.pending),
            fields=self.pending,
            max_output_tokens=max_output_tokens(self.pending, self._language),
            overused_quotes=_overused_quotes(self.refused.values()),
        )


def _overused_quotes(answers: Iterable[object]) -> tuple[str, ...]:
    """The quotes that stand for more than one statement of a field, in answers as they came."""
    counts = [
        Counter(
            str(item["quote"]) for item in answer if isinstance(item, Mapping) and "quote" in item
        )
        for answer in answers
        if isinstance(answer, list)
    ]
    return tuple(
        dict.fromkeys(quote for count in counts for quote, times in count.items() if times > 1)
    )


def _in_place_of(field: Field, mark: str) -> FieldAnswer:
    if field.need == "may" or field.min_items == 0 or field.kind not in ("text", "list"):
        return field.no_answer
    return mark if field.kind == "text" else (mark,)
