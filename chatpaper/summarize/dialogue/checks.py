"""Checks the answers to fields: their shape and form, and what the paper has to say to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatpaper.domain import Claim, Field, FieldAnswer, FieldNeed, Result
from chatpaper.summarize.dialogue.schema import read_answers
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.quality.repetition import without_repetitions
from chatpaper.summarize.quality.vocabulary import canonicalize_choices
from chatpaper.summarize.verify.examiner import Examiner, has_statements
from chatpaper.summarize.verify.findings import Finding, count_unverified
from chatpaper.summarize.verify.names.figure_labels import locate_figures, locate_results

# Fewer statements that cannot be verified are a model's carelessness, if nothing else tells what it
# speaks of.
MANY_UNVERIFIED = 4

_NEEDS: tuple[FieldNeed, ...] = ("must", "should", "may")


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The answers that can be used, and for each other field what is wrong with its answer."""

    usable: Mapping[str, FieldAnswer]
    faults: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnswerChecks:
    """Holds answers in one language against the prompt files and one paper."""

    prompts: Prompts
    language: Language
    examiner: Examiner

    def read(
        self,
        answer: Mapping[str, object],
        fields: tuple[Field, ...],
        paper_text: str,
        *,
        was_told: bool,
    ) -> ReadAnswers:
        """Read the JSON object of an answer to `fields`; unknown keys are ignored.

        `paper_text` is what the model was shown. A model that `was_told` of its faults has answered
        once before.
        """
        read, unfit = read_answers(answer, fields)
        asked = {field.name: field for field in fields}
        answers = {
            name: normalize_answer(
                asked[name],
                canonicalize_choices(asked[name], each),
                self.language,
                paper_text,
                was_told=was_told,
            )
            for name, each in read.items()
        }
        faults: dict[str, tuple[str, ...]] = {
            name: (complaint,) for name, complaint in unfit.items()
        }
        faults |= {
            field.name: self._find_unusable(field, answers[field.name], was_told=was_told)
            for field in fields
            if field.name in answers
        }
        return ReadAnswers(
            {
                name: self._locate(asked[name], each)
                for name, each in answers.items()
                if not faults[name]
            },
            {name: found for name, found in faults.items() if found},
        )

    def is_about_another_paper(
        self, fields: tuple[Field, ...], answers: Mapping[str, FieldAnswer]
    ) -> bool:
        """Tell whether much was looked for in the paper and nothing was found.

        No quote, number or name of the answers is in it.
        """
        findings = self._find(fields, answers)
        is_found = any(finding.statement.quote for finding in findings) or any(
            claim.nearness != "nowhere"
            for finding in findings
            if not finding.is_doubtful
            for claim in finding.claims
        )
        return not is_found and count_unverified(findings) >= MANY_UNVERIFIED

    def complete(
        self, fields: tuple[Field, ...], accepted: Mapping[str, FieldAnswer]
    ) -> tuple[dict[str, FieldAnswer], tuple[str, ...]]:
        """Fill the gaps and leave out what answers repeat.

        Returns the answers of all fields, and the names of those that the model left unanswered.
        """
        mark = self.language.missing_mark
        lacking = {
            field.name: _stand_in(field, mark) for field in fields if field.name not in accepted
        }
        # What a reader reads first says it; the other has the mark.
        by_need = sorted(fields, key=lambda field: _NEEDS.index(field.need))
        answers = {
            field.name: accepted.get(field.name, lacking.get(field.name, "")) for field in by_need
        }
        optional = {field.name for field in fields if field.need == "may"}
        once = without_repetitions(answers, self.language.repetition_mark, optional)
        return once, tuple(lacking)

    def find_with_hints(
        self,
        fields: tuple[Field, ...],
        answers: Mapping[str, FieldAnswer],
        lacking: tuple[str, ...],
    ) -> tuple[Finding, ...]:
        """Find what the paper has to say to the statements.

        This includes what its words tell against them.
        """
        own = {
            name: answer
            for name, answer in answers.items()
            if name not in lacking and answer != self.language.repetition_mark
        }
        stating = {field.name for field in fields if has_statements(field)}
        return tuple(
            self.examiner.with_hints(finding) if finding.field in stating else finding
            for finding in self._find(fields, own)
        )

    def _find(
        self, fields: tuple[Field, ...], answers: Mapping[str, FieldAnswer]
    ) -> tuple[Finding, ...]:
        return tuple(
            finding
            for field in fields
            if field.name in answers
            for finding in self.examiner.findings(field, answers[field.name])
        )

    def _find_unusable(
        self, field: Field, answer: FieldAnswer, *, was_told: bool
    ) -> tuple[str, ...]:
        prompt_texts = (field.question, self.language.rules, self.prompts.system_template)
        return find_unusable(field, answer, self.language, prompt_texts, was_told=was_told)

    def _locate(self, field: Field, answer: FieldAnswer) -> FieldAnswer:
        """Add the places in the paper that the statements rest on."""
        claims = [item for item in answer if isinstance(item, Claim)]
        if field.kind == "figures":
            return locate_figures(claims, self.examiner.figures)
        if field.kind == "results":
            rows = [item for item in answer if isinstance(item, Result)]
            return locate_results(rows, self.examiner.figures)
        return self.examiner.quotes.locate(claims) if claims else answer


def _stand_in(field: Field, mark: str) -> FieldAnswer:
    """Mark the place of an answer that the model has shown that it cannot give."""
    if field.need == "may" or field.min_items == 0 or field.kind not in ("text", "list"):
        return field.no_answer
    return mark if field.kind == "text" else (mark,)
