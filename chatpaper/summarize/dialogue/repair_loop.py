"""Holds the dialogue about one paper with the backends, and books what each call took."""

from collections.abc import Sequence
from dataclasses import replace

from chatpaper.backends import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BadCompletionError,
    ChatPaperError,
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
)
from chatpaper.summarize.cost.call_log import CallLog, CompletionCache, compute_completion_key
from chatpaper.summarize.dialogue.dialogue import CheckedAnswers, Dialogue
from chatpaper.summarize.quality.characters import repair_surrogates
from chatpaper.summarize.quality.repetition import is_degenerate

# How much more an answer that was cut off may take, and the thinking that may have left no room for
# it.
WIDER_ANSWER_FACTOR = 2
MORE_THINKING_TOKENS = 16_384


def hold_dialogue(
    dialogue: Dialogue, backends: Sequence[Backend], calls: "PaperCalls"
) -> CheckedAnswers:
    """Ask until every field has an answer that passes the checks, or nothing more is worth a call.

    The `backends` stand behind the providers of the dialogue. Raises as `Dialogue.conclude`, and
    whatever the backends raise.
    """
    state = dialogue.begin()
    while state.next_prompt is not None:
        try:
            completion = calls.complete(state.next_prompt, backends[state.provider])
        except BadCompletionError as error:
            calls.log.add_failed_call(error)
            state = dialogue.after_unusable(state, error)
        except ContentFilteredError as error:
            calls.log.add_failed_call(error)
            state = dialogue.after_refusal(state, error)
        else:
            state = dialogue.step(state, completion)
    try:
        return dialogue.conclude(state)
    except BadCompletionError:
        calls.forget_answers(backends[state.provider].model)
        raise


class PaperCalls:
    """The calls about one paper: none is paid for twice, and each is logged."""

    def __init__(self, cache: CompletionCache, log: CallLog) -> None:
        self.log = log
        self._cache = cache
        self._keys: list[str] = []
        self._may_widen = True

    def complete(self, prompt: Prompt, backend: Backend) -> Completion:
        """Take the answer from the cache, or ask for it and keep it; errors as of the backend."""
        key = compute_completion_key(prompt, backend, attempt=len(self._keys))
        completion = self._cache.find(key)
        if completion is None or not completion.text:
            completion = self._complete_in_full(replace(prompt, key=key), backend)
            completion = replace(completion, text=repair_surrogates(completion.text))
            self._cache.save(key, completion)
            self.log.llm_calls += 1
        self.log.add(completion, backend.model)
        self._keys.append(key)
        return completion

    def forget_answers(self, model: str) -> None:
        """Empty the answers in the cache, so that the next run does not meet them again."""
        for key in self._keys:
            self._cache.save(key, Completion("", model))

    def _complete_in_full(self, prompt: Prompt, backend: Backend) -> Completion:
        """Ask; the first answer that is cut off is asked for again with more room.

        One that goes in circles is not: it would fill any room.
        """
        try:
            return backend.complete(prompt)
        except CutOffError as error:
            if not self._may_widen or is_degenerate(error.text):
                raise
            self._may_widen = False
            cut = error
        limit_tokens = WIDER_ANSWER_FACTOR * prompt.max_output_tokens + MORE_THINKING_TOKENS
        try:
            completion = backend.complete(
                replace(prompt, max_output_tokens=limit_tokens, follow_up=True)
            )
        except ContextTooLongError:
            # The context has no more room for the answer: the paper is not what is too long.
            raise cut from None
        except ChatPaperError:
            self.log.add_failed_call(cut)
            raise
        self.log.add_failed_call(cut)
        return completion
