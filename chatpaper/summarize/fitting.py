"""Asks about a paper with as much of its text as the context of the model has room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.backends import Backend
from chatpaper.backends.compatible.context_limits import HOW_TO_RAISE
from chatpaper.domain import Document, Field, Paper
from chatpaper.domain.errors import BackendRejectedError, ContextTooLongError
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.context_budget import Room
from chatpaper.summarize.context.section_selection import Selection
from chatpaper.summarize.cost.call_log import CallLog, CompletionCache
from chatpaper.summarize.dialogue.checks import AnswerChecks
from chatpaper.summarize.dialogue.dialogue import CheckedAnswers, Dialogue, Provider
from chatpaper.summarize.dialogue.repair_loop import PaperCalls, hold_dialogue
from chatpaper.summarize.prompt_builder import PromptBuilder
from chatpaper.summarize.verify.examiner import Examiner

# How much of the text is sent again when the service says that it was too long after all, and how
# often: in the end that is a quarter.
SHRINK_FACTOR = 0.7
MAX_FITTINGS = 5


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A paper as it is asked about: with its abstract, the fields, and what checks the answers."""

    paper: Paper
    document: Document
    fields: tuple[Field, ...]
    examiner: Examiner


class FittingDialogues:
    """Holds the dialogues about papers with the same backends. May be shared by threads.

    The context that a service tells to be smaller than was thought holds for later papers too.
    """

    def __init__(
        self,
        backends: Sequence[Backend],
        builder: PromptBuilder,
        cache: CompletionCache,
        context_tokens: int,
        *,
        ends_when_declined: bool = False,
    ) -> None:
        self._backends = backends
        self._builder = builder
        self._cache = cache
        self._ends_when_declined = ends_when_declined
        self.context_tokens = context_tokens

    def ask(self, asked: AskedPaper, log: CallLog) -> tuple[CheckedAnswers, Selection]:
        """Return the answers, and what of the document they were made from.

        A prompt that is too long is shortened. Raises BackendRejectedError where the context of the
        model has no room for any of the paper, and else as `hold_dialogue`.
        """
        builder = self._builder
        room = builder.room(asked.fields, asked.paper, self.context_tokens)
        for _ in range(MAX_FITTINGS):
            prompt, selection = builder.build(asked.fields, asked.paper, asked.document, room)
            dialogue = Dialogue(
                prompt,
                AnswerChecks(builder.prompts, builder.language, asked.examiner),
                tuple(Provider(backend.name, backend.model) for backend in self._backends),
                ends_when_declined=self._ends_when_declined,
            )
            try:
                calls = PaperCalls(self._cache, log)
                return hold_dialogue(dialogue, self._backends, calls), selection
            except ContextTooLongError as error:
                log.add_failed_call(error)
                fault = error
            room = _smaller(room, selection, self._told_room(fault, asked))
        raise fault

    def _told_room(self, fault: ContextTooLongError, asked: AskedPaper) -> Room | None:
        """Measure the room in the context that the service tells; None where it tells none.

        Raises BackendRejectedError where there is no room for any text.
        """
        limit_tokens = fault.limit_tokens
        if limit_tokens is None:
            return None
        room = self._builder.room(asked.fields, asked.paper, limit_tokens)
        if room.text_tokens < 0:
            raise BackendRejectedError(
                f"{fault.model} takes {limit_tokens} tokens at once, which the questions and an "
                f"answer to them alone need; {HOW_TO_RAISE}, or choose another model",
                model=fault.model,
            )
        if fault.model == self._backends[0].model:
            self.context_tokens = min(self.context_tokens, limit_tokens)
        return room


def _smaller(room: Room, selection: Selection, stated: Room | None) -> Room:
    """Choose the room to try next.

    It is what the service stated, where that is less than what was tried; else a part of what was
    tried.
    """
    shown_tokens = estimate_tokens(selection.text)
    if stated is not None and stated.text_tokens < min(shown_tokens, room.text_tokens):
        return stated
    output_tokens = min(room.output_tokens, stated.output_tokens) if stated else room.output_tokens
    return Room(round(SHRINK_FACTOR * shown_tokens), output_tokens)
