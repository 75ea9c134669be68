"""The fields that one model is asked for in one language, and which answers to them still hold."""

import hashlib
from dataclasses import dataclass

from chatpaper.backends import Backend
from chatpaper.domain import CheckCounts, Document, Field, FieldRecord, Paper, Summary
from chatpaper.domain.text.languages import detect_language
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.vocabulary import find_foreign_choices, is_chosen

_DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The prompt files in one language, and who is asked.

    `asked` names what shapes the answers beside the prompts: the backend and the model of the
    settings, and the parameters that were chosen for them.
    """

    prompts: Prompts
    language: Language
    asked: tuple[str, ...]

    def fields(self, names: tuple[str, ...]) -> tuple[Field, ...]:
        """Look the fields up, in the order in which they are asked for.

        Raises ConfigError for an unknown one.
        """
        return self.prompts.fields(names, self.language.code)

    def fingerprint(self, fields: tuple[Field, ...]) -> str:
        """Digest the prompt files and the model that shape the answers to `fields`."""
        return self.prompts.fingerprint(fields, self.language.code, *self.asked)

    def record(self, field: Field, writer: tuple[str, str], checks: CheckCounts) -> FieldRecord:
        """Record how an answer came about; `writer` is the backend and the model that gave it."""
        return FieldRecord(self.fingerprint((field,)), *writer, checks, self._asked_digest())

    def missing(self, summary: Summary, names: tuple[str, ...]) -> tuple[str, ...]:
        """Name the fields that have to be asked for again.

        Those have no answer in the summary, or one in another language or of another model. An
        answer to an earlier wording of the prompts was paid for and is kept. What a post can do
        without is not worth a call of its own: it is asked for only together with what is needed.
        """
        lacking = [field for field in self.fields(names) if not self._holds(summary, field)]
        is_worth_a_call = any(field.need != "may" for field in lacking)
        return tuple(field.name for field in lacking) if is_worth_a_call else ()

    def answerable(
        self, fields: tuple[Field, ...], paper: Paper, document: Document
    ) -> tuple[Field, ...]:
        """Leave out the fields that this paper cannot answer, where it answers any.

        Those rest on the front matter or the figures alone, and there are none: a model would
        guess. Nor is a translation asked for from the language of the post into itself.
        """
        lacking = [
            *([] if document.front_matter else [("front_matter",)]),
            *([] if document.figures else [("figures",)]),
        ]
        abstract = paper.abstract or document.abstract
        is_foreign = detect_language(f"{paper.title} {abstract}") != self.language.code
        answerable = tuple(
            field
            for field in fields
            if (field.min_items > 0 or field.sources not in lacking)
            and (is_foreign or not field.translates)
        )
        return answerable or fields

    def _holds(self, summary: Summary, field: Field) -> bool:
        """Tell whether the answer to a field need not be asked for again."""
        answer, record = summary.answers.get(field.name), summary.records.get(field.name)
        if answer is None or record is None or summary.language != self.language.code:
            return False
        # Records of earlier versions have no digest.
        same_model = (
            record.asked == self._asked_digest()
            if record.asked
            else record.backend == self.asked[0]
        )
        return same_model and not (is_chosen(field) and find_foreign_choices(field, answer))

    def _asked_digest(self) -> str:
        return hashlib.sha256("\0".join(self.asked).encode()).hexdigest()[:_DIGEST_DIGITS]


def describe_model(backend: Backend) -> tuple[str, ...]:
    """Name a model with the parameters that were chosen for it, for `Questionnaire.asked`."""
    chosen = backend.parameters
    temperature = [] if chosen.temperature is None else [f"temperature {chosen.temperature:g}"]
    extra = [f"{name} {value}" for name, value in sorted(chosen.extra.items())]
    return (backend.name, backend.model, *temperature, *extra)
