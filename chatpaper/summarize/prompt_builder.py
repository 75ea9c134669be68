"""Builds the prompt about one paper, with as much of its text as the context has room for."""

from dataclasses import dataclass

from chatpaper.domain import Document, Field, Paper, Prompt
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.context_budget import Room, measure_room
from chatpaper.summarize.context.prompt_injection import as_evidence, clean_paper
from chatpaper.summarize.context.prompt_source import prompt_source
from chatpaper.summarize.context.section_selection import Selection, select_text
from chatpaper.summarize.cost.answer_length import compute_max_output_tokens
from chatpaper.summarize.dialogue.schema import build_json_schema
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.characters import repair_surrogates


@dataclass(frozen=True, slots=True)
class PromptBuilder:
    """The prompt files in one language."""

    prompts: Prompts
    language: Language

    def room(self, fields: tuple[Field, ...], paper: Paper, context_tokens: int) -> Room:
        """Measure the room for the paper and the answer in a context of this size, in tokens."""
        frame = self.prompts.render(fields, paper, "", self.language.code)
        frame_tokens = estimate_tokens(frame.system) + estimate_tokens(frame.user)
        return measure_room(
            context_tokens, frame_tokens, compute_max_output_tokens(fields, self.language)
        )

    def build(
        self, fields: tuple[Field, ...], paper: Paper, document: Document, room: Room
    ) -> tuple[Prompt, Selection]:
        """Ask for all fields at once, with as much of the document as there is room for."""
        selection = select_text(document, max(0, room.text_tokens))
        system, user = self.prompts.render(fields, paper, selection.text, self.language.code)
        prompt = Prompt(
            repair_surrogates(system),
            repair_surrogates(user),
            build_json_schema(fields),
            fields,
            prompt_source(clean_paper(paper), as_evidence(document)),
            room.output_tokens,
            self.language.script,
        )
        return prompt, selection
