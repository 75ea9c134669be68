"""The dialogue about one paper as pure steps from state to state.

It has one answer to all fields, and at most two repairs of what failed a check.

Nothing here asks a model. A loop asks `DialogueState.next_prompt` and hands what came to `step`,
`after_unusable` or `after_refusal`, until there is nothing more to ask; `conclude` has the answers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chatpaper.domain import Completion, Field, FieldAnswer, Prompt
from chatpaper.domain.errors import BadCompletionError, ContentFilteredError
from chatpaper.summarize.context.prompt_injection import blank_commands
from chatpaper.summarize.cost.answer_length import compute_max_output_tokens
from chatpaper.summarize.dialogue.checks import AnswerChecks
from chatpaper.summarize.dialogue.schema import build_json_schema
from chatpaper.summarize.json_decoding import decode_answer, strip_thoughts
from chatpaper.summarize.quality.declining import declines, extract_words
from chatpaper.summarize.quality.vocabulary import is_chosen
from chatpaper.summarize.verify.findings import Finding

# One answer and two repairs: a model that has failed three times fails again.
MAX_CALLS = 3
# A summary with less than this says more of the model than of the paper.
MIN_SHARE_ANSWERED = 0.5

OTHER_PAPER_COMPLAINT = (
    "nothing that can be looked up of what it says is in this paper: it speaks of another one"
)
PARAPHRASE_COMPLAINT = (
    "Your answer was too close to published text. "
    "Use your own words, and quotes of 8 words at most."
)


class Provider(NamedTuple):
    """A backend and the model that it asks, by their names."""

    backend: str
    model: str


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What is known between two answers.

    `next_prompt` is what to ask next, and `provider` the number of the one to ask; there is no
    prompt when the dialogue is over. `accepted` are the answers so far and `writers` who gave them,
    `pending` the fields that are still to be asked for, with `complaints` about what was answered
    last (`refused`). `attempts` counts the prompts that were answered or lost; a `refusal` is there
    where nobody else could be asked.
    """

    next_prompt: Prompt | None
    pending: tuple[Field, ...]
    accepted: Mapping[str, FieldAnswer] = field(default_factory=dict)
    writers: Mapping[str, Provider] = field(default_factory=dict)
    refused: Mapping[str, object] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()
    attempts: int = 0
    provider: int = 0
    refusal: ContentFilteredError | None = None


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Answers as they came, what was found about their statements, and the fields that have none.

    `provider` is the one that was asked last, `writers` are those of each answer.
    """

    answers: Mapping[str, FieldAnswer]
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]
    provider: Provider
    writers: Mapping[str, Provider]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What does not change in the course of a dialogue.

    That is the first prompt, the checks, and who can be asked. The second of the `providers` is
    asked where service or model refuses the paper, or where a paraphrase is withheld as a
    recitation. With `ends_when_declined`, an answer that declines to answer is taken for a refusal
    where nobody else can be asked, instead of being asked for again.
    """

    first: Prompt
    checks: AnswerChecks
    providers: tuple[Provider, ...]
    ends_when_declined: bool = False

    def begin(self) -> DialogueState:
        """Ask for all fields."""
        return DialogueState(self.first, self.first.fields)

    def step(self, state: DialogueState, completion: Completion) -> DialogueState:
        """Take over what can be used of an answer, and decide what to ask next."""
        try:
            answer = decode_answer(completion.text)
        except ValueError as error:
            said = extract_words(strip_thoughts(completion.text))
            fault = f", but says: {said}" if said else f": {error}"
            is_declined = said != ""
            state = replace(state, complaints=(f"the answer is not a JSON object{fault}",))
        else:
            is_declined = declines(answer)
            state = self._read(state, answer, completion.model)
        if is_declined and self._has_another(state):
            # A model that declines one paper answers about others: this is a refusal in the place
            # of an answer.
            return replace(state, provider=state.provider + 1)
        if is_declined and self.ends_when_declined:
            model = self.providers[state.provider].model
            refusal = ContentFilteredError(
                f"{model} declines to answer", model=model, reason="declined"
            )
            return replace(state, next_prompt=None, refusal=refusal)
        return self._ask_again(state)

    def after_unusable(self, state: DialogueState, error: BadCompletionError) -> DialogueState:
        """Decide what to ask after an answer that could not be used at all."""
        return self._ask_again(replace(state, complaints=error.complaints))

    def after_refusal(self, state: DialogueState, error: ContentFilteredError) -> DialogueState:
        """Ask for a paraphrase of a recitation, else ask the next provider; else end."""
        if error.reason == "RECITATION" and state.attempts == 0:
            return self._ask_again(replace(state, complaints=(PARAPHRASE_COMPLAINT,)))
        if self._has_another(state):
            return replace(state, provider=state.provider + 1)
        return replace(state, next_prompt=None, refusal=error)

    def conclude(self, state: DialogueState) -> CheckedAnswers:
        """Return the answers, and what the paper has to say to them.

        Raises the refusal, or BadCompletionError, where a field is unanswered that must have an
        answer, or most fields are.
        """
        provider = self.providers[state.provider]
        if not self._answers_enough(state):
            if state.refusal is not None:
                raise state.refusal
            raise BadCompletionError(
                f"{provider.model} gave no usable answer in {state.attempts} attempts: "
                f"{'; '.join(state.complaints)}",
                model=provider.model,
                complaints=state.complaints,
            )
        answers, lacking = self.checks.complete(self.first.fields, state.accepted)
        findings = self.checks.find_with_hints(self.first.fields, answers, lacking)
        return CheckedAnswers(answers, findings, lacking, provider, state.writers)

    def _has_another(self, state: DialogueState) -> bool:
        return state.provider + 1 < len(self.providers)

    def _read(
        self, state: DialogueState, answer: Mapping[str, object], model: str
    ) -> DialogueState:
        """Take over what can be used, note the complaints about the rest."""
        read = self.checks.read(
            answer,
            state.pending,
            blank_commands(self.first.user),
            was_told=state.attempts > 0,
        )
        writer = Provider(self.providers[state.provider].backend, model)
        accepted = {**state.accepted, **read.usable}
        return replace(
            state,
            accepted=accepted,
            writers={**state.writers, **dict.fromkeys(read.usable, writer)},
            refused={name: answer[name] for name in read.faults if name in answer},
            complaints=tuple(fault for faults in read.faults.values() for fault in faults),
            pending=tuple(field for field in state.pending if field.name not in accepted),
        )

    def _ask_again(self, state: DialogueState) -> DialogueState:
        """Ask for what is pending, unless that is not worth another call."""
        if self.checks.is_about_another_paper(self.first.fields, state.accepted):
            # Requests get mixed up; to mark what can be checked would publish the rest of an answer
            # about another thing.
            state = replace(
                state,
                accepted={},
                refused={},
                complaints=(OTHER_PAPER_COMPLAINT,),
                pending=self.first.fields,
            )
        was_told = state.attempts > 0
        state = replace(state, attempts=state.attempts + 1)
        if state.attempts == MAX_CALLS or not _is_worth_a_call(state.pending, was_told=was_told):
            return replace(state, next_prompt=None)
        return replace(state, next_prompt=self._repair_prompt(state))

    def _repair_prompt(self, state: DialogueState) -> Prompt:
        """Return the first prompt with the complaints added to it.

        It is the same up to the paper, which a service may have in its cache.
        """
        language = self.checks.language
        repair = self.checks.prompts.repair(
            state.pending, state.complaints, state.refused, language.code
        )
        return replace(
            self.first,
            user=f"{self.first.user}\n{repair}",
            schema=build_json_schema(state.pending),
            fields=state.pending,
            max_output_tokens=compute_max_output_tokens(state.pending, language),
            overused_quotes=_overused_quotes(state.refused.values()),
            follow_up=True,
        )

    def _answers_enough(self, state: DialogueState) -> bool:
        """Tell whether every field that must have an answer has one, and enough others do."""
        fields = self.first.fields
        missing = [
            field.need
            for field in fields
            if field.name not in state.accepted and field.need != "may"
        ]
        is_enough = len(missing) <= (1 - MIN_SHARE_ANSWERED) * len(fields)
        return bool(state.accepted) and is_enough and "must" not in missing


def _is_worth_a_call(pending: tuple[Field, ...], *, was_told: bool) -> bool:
    """Tell whether to ask for the fields: once for most, again for those that must be there.

    What is chosen has a value that stands for none of the others, which costs nothing.
    """
    return any(
        field.need == "must" or (field.need == "should" and not was_told)
        for field in pending
        if not is_chosen(field)
    )


def _overused_quotes(answers: Iterable[object]) -> tuple[str, ...]:
    """List the quotes that stand for more than one statement of a field.

    The answers are taken as they came.
    """
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
