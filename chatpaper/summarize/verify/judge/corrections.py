"""Sentences that the second reader put right.

They are taken as far as they pass the checks of a model's sentence.
"""

from dataclasses import dataclass, replace

from chatpaper.domain import Claim, Field, FieldAnswer
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.verify.conclusions import Ruling
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.judge.judging import Judgement
from chatpaper.summarize.verify.statements import Statement

# A sentence that was put right is about as long as it was; what is longer is a remark.
LONGEST_CORRECTION = 2.0
MORE_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class CorrectionCheck:
    """What a correction is held against: the paper, the language of the post, and the prompts."""

    examiner: Examiner
    language: Language
    prompts: Prompts

    def rule(
        self,
        asked: Field,
        finding: Finding,
        judgement: Judgement,
    ) -> Ruling:
        """Return the ruling on a statement; a correction that does not pass the checks is none."""
        if judgement.verdict != "contradicted" or not judgement.correction:
            return Ruling(judgement.verdict, judgement.place)
        corrected = self._check_correction(asked, finding, judgement)
        return Ruling(
            judgement.verdict,
            judgement.place,
            corrected.text if corrected else "",
            corrected.claims if corrected else (),
        )

    def _check_correction(
        self,
        asked: Field,
        finding: Finding,
        judgement: Judgement,
    ) -> Finding | None:
        """Return the corrected sentence if it passes all checks of a sentence of the model."""
        text = judgement.corrected(finding.text)
        too_long = len(text) > LONGEST_CORRECTION * len(finding.text) + MORE_CHARACTERS
        if asked.kind == "results" or too_long or text == finding.text or judgement.place is None:
            return None
        item: FieldAnswer = (Claim(text),) if asked.kind in ("claims", "figures") else (text,)
        answer = text if asked.kind == "text" else item
        shown = (
            asked.question,
            self.language.rules,
            self.prompts.system_template,
            self.prompts.verify_template,
        )
        is_clean = (
            normalize_answer(asked, answer, self.language, self.examiner.evidence.paper_text)
            == answer
        )
        if not is_clean or find_unusable(asked, answer, self.language, shown, was_told=True):
            return None
        statement = Statement(text, quote=judgement.place.words)
        claims = check_claims(statement, self.examiner.verifier)
        corrected = replace(
            finding,
            end=len(text),
            statement=statement,
            claims=claims,
            lacks_proof=False,
            lacks_figure=False,
            hints=(),
        )
        checked = self.examiner.with_hints(corrected)
        return None if checked.is_doubtful else checked
