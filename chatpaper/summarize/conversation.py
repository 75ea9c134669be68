"""The calls about one paper: one for all fields, and at most two more for what failed a check."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from chatpaper.backends import Backend
from chatpaper.domain import Checks, Claim, Completion, Field, FieldAnswer, Figure, Prompt, Result
from chatpaper.errors import BadCompletionError, ContentFilteredError, CutOffError
from chatpaper.prompts import Language, Prompts
from chatpaper.summarize.checks import complaints_about
from chatpaper.summarize.decoding import decode_answer
from chatpaper.summarize.evidence import QuoteFinder
from chatpaper.summarize.figure_labels import located_figures, located_results, unknown_figures
from chatpaper.summarize.grounding import grounded, ungrounded
from chatpaper.summarize.instructions import text_as_evidence
from chatpaper.summarize.ledger import CompletionCache, Ledger
from chatpaper.summarize.length import max_output_tokens
from chatpaper.summarize.mending import tidied
from chatpaper.summarize.repetition import goes_in_circles, without_repetitions
from chatpaper.summarize.schema import json_schema, read_answers
from chatpaper.summarize.verification import Verifier
from chatpaper.summarize.vocabulary import in_its_wording

# One answer and two repairs: a model that has failed three times fails again.
MAX_CALLS = 3
# A summary with less than this says more of the model than of the paper.
LEAST_SHARE_ANSWERED = 0.5

# How much more an answer that was cut off may take, and the thinking that may have left no room for it.
WIDER_ANSWER_FACTOR = 2
MORE_THINKING_TOKENS = 16_384

# Fewer statements without support are a model's carelessness, if nothing else tells what it speaks of.
MANY_UNSUPPORTED = 4
OTHER_PAPER_COMPLAINT = "nothing that can be looked up of what it says is in this paper: it speaks of another one"

PARAPHRASE_COMPLAINT = "Your answer was too close to published text. Use your own words, and quotes of 8 words at most."


class Answered(NamedTuple):
    """Answers that may be published, how each stands to the paper, and the fields that have none."""

    answers: dict[str, FieldAnswer]
    checks_by_field: dict[str, Checks]
    lacking: tuple[str, ...] = ()

    @property
    def checks(self) -> Checks:
        """How all of them stand to the paper."""
        return Checks.total(self.checks_by_field.values())


class Conversation:
    """Asks until every field of a prompt has an answer that passes the checks.

    `accepted` are the answers so far, `pending` the fields that are still to be asked for, with `complaints` about
    what was answered last (`refused`).
    """

    def __init__(
        self,
        backend: Backend,
        prompts: Prompts,
        cache: CompletionCache,
        language: Language,
        finder: QuoteFinder,
        ledger: Ledger,
        fallback: Backend | None = None,
    ) -> None:
        """`fallback` is asked where the service withholds a paraphrase too, because it takes it for a recitation."""
        self._fallback, self._may_widen = fallback, True
        self._backend, self._prompts, self._cache = backend, prompts, cache
        self._language, self._finder, self._ledger = language, finder, ledger
        self._keys: list[str] = []
        self.accepted: dict[str, FieldAnswer] = {}
        self.refused: dict[str, object] = {}
        self.complaints: list[str] = []
        self.pending: tuple[Field, ...] = ()
        self._verifier: Verifier | None = None
        self._paper_text = ""
        self._figures: tuple[Figure, ...] = ()

    def answers(self, first: Prompt) -> Answered:
        """The answers to all fields of the prompt, without what the paper does not support.

        Raises BadCompletionError where `MAX_CALLS` answers leave a field unanswered that must have an answer or most
        fields, or speak of another paper; and whatever the backend raises.
        """
        self.pending = first.fields
        self._figures = first.document.figures
        self._paper_text = text_as_evidence(first.user)
        # A backend that only quotes the paper cannot say what is not in it.
        self._verifier = Verifier(first.document, first.paper, self._finder) if self._backend.writes else None
        for attempt in range(MAX_CALLS):
            prompt = first if attempt == 0 else self._repair_prompt(first)
            try:
                self._ask(prompt, is_first=attempt == 0)
            except ContentFilteredError:
                if not self._answers_enough(first.fields):
                    raise
                break
            if not self._is_worth_asking(told=attempt > 0):
                break
        if self._answers_enough(first.fields):
            answered = self._grounded(first.fields)
            if not self._speaks_of_another_paper(answered):
                return answered
            self.complaints = [OTHER_PAPER_COMPLAINT]
        for key in self._keys:
            # The next run must not meet the same useless answers again.
            self._cache.put(key, Completion("", self._backend.model))
        raise BadCompletionError(
            f"{self._backend.model} gave no usable answer in {attempt + 1} attempts: {'; '.join(self.complaints)}",
            model=self._backend.model,
            complaints=tuple(self.complaints),
        )

    def _speaks_of_another_paper(self, answered: Answered) -> bool:
        """Whether much was looked for in the paper, twice, and nothing at all was found: no quote, number or name.

        Requests get mixed up; to leave out what can be checked would publish the rest of an answer about another thing.
        """
        proved = any(isinstance(item, Claim) and item.page for answer in answered.answers.values() for item in answer)
        checks = answered.checks
        found = proved or checks.supported or checks.elsewhere
        return self._verifier is not None and not found and checks.left_out + checks.marked >= MANY_UNSUPPORTED

    def _is_worth_asking(self, *, told: bool) -> bool:
        """Whether what is pending is worth another call: once for most fields, again for those that must be there."""
        return any(field.need == "must" or (field.need == "should" and not told) for field in self.pending)

    def _answers_enough(self, fields: tuple[Field, ...]) -> bool:
        """Whether there is an answer to every field that must have one, and to enough of the others."""
        missing = [field.need for field in fields if field.name not in self.accepted and field.need != "may"]
        enough = len(missing) <= (1 - LEAST_SHARE_ANSWERED) * len(fields)
        return bool(self.accepted) and enough and "must" not in missing

    def _lacking(self, fields: tuple[Field, ...]) -> dict[str, FieldAnswer]:
        """What stands in place of answers that the model has shown that it cannot give."""
        mark = self._language.missing_mark
        return {field.name: _in_place_of(field, mark) for field in fields if field.name not in self.accepted}

    def _ask(self, prompt: Prompt, *, is_first: bool) -> None:
        """One call, and what is to be made of the answer."""
        try:
            answer = decode_answer(self._complete(prompt).text)
        except BadCompletionError as error:
            self._ledger.charge(error)
            self.complaints = list(error.complaints)
        except ContentFilteredError as error:
            self._ledger.charge(error)
            if error.reason != "RECITATION" or not (is_first or self._turned_to_fallback()):
                raise
            self.complaints = [PARAPHRASE_COMPLAINT]
        except ValueError as error:
            self.complaints = [f"the answer is not a JSON object: {error}"]
        else:
            self._judge(answer, evidence_matters=is_first)

    def _complete(self, prompt: Prompt) -> Completion:
        key = completion_key(prompt, self._backend, attempt=len(self._keys))
        completion = self._cache.get(key)
        if completion is None or not completion.text:
            completion = self._completed_in_full(replace(prompt, key=key))
            self._cache.put(key, completion)
            self._ledger.llm_calls += int(self._backend.writes)
        self._ledger.completions.append(completion)
        self._keys.append(key)
        return completion

    def _completed_in_full(self, prompt: Prompt) -> Completion:
        """An answer; the first that is cut off is asked for again with more room, unless it goes in circles."""
        try:
            return self._backend.complete(prompt)
        except CutOffError as error:
            if not self._may_widen or goes_in_circles(error.text):
                raise
            self._may_widen = False
            self._ledger.charge(error)
        limit_tokens = WIDER_ANSWER_FACTOR * prompt.max_output_tokens + MORE_THINKING_TOKENS
        return self._backend.complete(replace(prompt, max_output_tokens=limit_tokens))

    def _turned_to_fallback(self) -> bool:
        """Whether there is another model to go on with."""
        if self._fallback is None:
            return False
        self._backend, self._fallback = self._fallback, None
        return True

    def _judge(self, answer: Mapping[str, object], *, evidence_matters: bool) -> None:
        """Take over what passes the checks, note the complaints about the rest.

        What the paper does not support is asked for once more.
        """
        read, unfit = read_answers(answer, self.pending, allow_gaps=not self._backend.writes)
        asked = {field.name: field for field in self.pending}
        read = {name: in_its_wording(asked[name], each) for name, each in read.items()}
        was_told = not evidence_matters
        if self._backend.writes:
            paper_text = self._paper_text
            read = {
                n: tidied(asked[n], each, self._language, paper_text, was_told=was_told) for n, each in read.items()
            }
        faults = {name: (complaint,) for name, complaint in unfit.items()} | self._faults(read, was_told=was_told)
        for name, fitting in read.items():
            if not faults.get(name):
                located = self._located(asked[name], fitting)
                self.accepted[name] = self._better(name, located)
                faults[name] = self._unsupported(asked[name], located) if evidence_matters else ()
        self.refused = {name: answer[name] for name, found in faults.items() if found and name in answer}
        self.complaints = [complaint for found in faults.values() for complaint in found]
        self.pending = tuple(
            field
            for field in self.pending
            if faults[field.name] and (evidence_matters or field.name not in self.accepted)
        )

    def _faults(self, read: Mapping[str, FieldAnswer], *, was_told: bool) -> dict[str, tuple[str, ...]]:
        """Complaints by field. A backend that quotes the paper may quote anything, and may have nothing to quote."""
        if not self._backend.writes:
            return dict.fromkeys(read, ())
        rules = (self._language.rules, self._prompts.system_template)
        return {
            field.name: complaints_about(
                field,
                read[field.name],
                self._language,
                (field.question, *rules),
                self._paper_text,
                was_told=was_told,
            )
            for field in self.pending
            if field.name in read
        }

    def _located(self, field: Field, answer: FieldAnswer) -> FieldAnswer:
        """The answer with the places in the paper that its statements rest on."""
        claims = [item for item in answer if isinstance(item, Claim)]
        if field.kind == "figures":
            return located_figures(claims, self._figures)
        if field.kind == "results":
            return located_results([item for item in answer if isinstance(item, Result)], self._figures)
        return self._finder.locate(claims) if claims else answer

    def _unsupported(self, field: Field, answer: FieldAnswer) -> tuple[str, ...]:
        """What the paper does not support, as complaints, unless the answer can do without it.

        A quote that is not in the paper is always worth one more call: it is what all of a statement rests on.
        """
        complaints = self._unproved(field, answer) + self._ungrounded(field.name, answer)
        if unsupported_claims(answer) and field.kind == "claims":
            return complaints
        return () if complaints and self._verifier and _can_spare(field, answer, self._verifier) else complaints

    def _unproved(self, field: Field, answer: FieldAnswer) -> tuple[str, ...]:
        """Complaints about statements that rest on nothing in the paper."""
        if field.kind == "figures":
            return unknown_figures(field.name, answer, self._figures)
        return _missing_quotes(field.name, answer)

    def _ungrounded(self, name: str, answer: FieldAnswer) -> tuple[str, ...]:
        """Numbers, names and quotations of an answer that the paper does not support, as complaints."""
        field = next(field for field in self.pending if field.name == name)
        return ungrounded(field, answer, self._verifier) if self._verifier else ()

    def _better(self, name: str, later: FieldAnswer) -> FieldAnswer:
        """The answer with less that the paper does not support; the earlier one where they are alike."""
        earlier = self.accepted.get(name)
        if earlier is None:
            return later
        faults = [len(unsupported_claims(each)) + len(self._ungrounded(name, each)) for each in (earlier, later)]
        return later if faults[1] < faults[0] else earlier

    def _grounded(self, fields: tuple[Field, ...]) -> Answered:
        """The accepted answers without what the paper does not support, and without what they say again."""
        if self._verifier is None:
            kept = {field.name: _about_known_figures(field, self.accepted[field.name]) for field in fields}
            return Answered(kept, {field.name: Checks() for field in fields})
        lacking = self._lacking(fields)
        answers = {field.name: self.accepted.get(field.name, lacking.get(field.name, "")) for field in fields}
        once = without_repetitions(answers, self._language.repetition_mark)
        mark = self._language.unsupported_mark
        found = {field.name: grounded(field, once[field.name], self._verifier, mark) for field in fields}
        return Answered(
            {name: each.answer for name, each in found.items()},
            {name: each.checks for name, each in found.items()},
            tuple(lacking),
        )

    def _repair_prompt(self, first: Prompt) -> Prompt:
        """The same prompt up to the paper, which a service may have in its cache, and then the complaints."""
        repair = self._prompts.repair(self.pending, self.complaints, self.refused, self._language.code)
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
        Counter(str(item["quote"]) for item in answer if isinstance(item, Mapping) and "quote" in item)
        for answer in answers
        if isinstance(answer, list)
    ]
    return tuple(dict.fromkeys(quote for count in counts for quote, times in count.items() if times > 1))


def completion_key(prompt: Prompt, backend: Backend, attempt: int = 0) -> str:
    """A digest of everything that shapes the answer of a backend; `attempt` keeps equal repairs apart."""
    asked = [prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    asked += [] if prompt.temperature is None else [prompt.temperature]
    asked += [dict(prompt.extra_parameters)] if prompt.extra_parameters else []
    shaping = [backend.name, backend.model, *asked, attempt]
    return hashlib.sha256(json.dumps(shaping, ensure_ascii=False).encode()).hexdigest()


def unsupported_claims(answer: FieldAnswer) -> list[Claim]:
    """The claims whose quotes are not in the paper."""
    return [item for item in answer if isinstance(item, Claim) and not item.page]


def _can_spare(field: Field, answer: FieldAnswer, verifier: Verifier) -> bool:
    """Whether the answer is still whole without what the paper does not support.

    Lists and statements are as long as they have to be, and something is left of those that may be empty; a text of
    several sentences loses one unless it must be there.
    """
    checks = grounded(field, answer, verifier, "").checks
    if isinstance(answer, str):
        return checks.marked == 0 and field.need != "must"
    return checks.marked == 0 and len(answer) - checks.left_out >= max(field.min_items, 1)


def _in_place_of(field: Field, mark: str) -> FieldAnswer:
    if field.need == "may" or field.min_items == 0 or field.kind not in ("text", "list"):
        return field.no_answer
    return mark if field.kind == "text" else (mark,)


def _about_known_figures(field: Field, answer: FieldAnswer) -> FieldAnswer:
    if field.kind != "figures":
        return answer
    return tuple(claim for claim in answer if isinstance(claim, Claim) and claim.page)


def _missing_quotes(name: str, answer: FieldAnswer) -> tuple[str, ...]:
    return tuple(
        f"{name}: this quote is not in the paper, copy the exact words of the paper: {claim.quote!r}"
        for claim in unsupported_claims(answer)
    )
