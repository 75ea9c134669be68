"""Report the check of a text against a paper.

Its JSON is what `chatpaper check --json` prints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from chatpaper.domain.json_model import JsonModel
from chatpaper.summarize.verify.claims.claim import CheckedClaim, ClaimKind
from chatpaper.summarize.verify.judge.texts import JudgedStatement


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The numerals, names and quotations of a text, each with what the paper says of it.

    They are in the order of the lines of the text.
    """

    claims: tuple[CheckedClaim, ...]

    @property
    def unsupported(self) -> tuple[CheckedClaim, ...]:
        """The claims that the paper does not support."""
        return tuple(claim for claim in self.claims if not claim.supported)

    def to_json(self) -> dict[str, Any]:
        """Return what `chatpaper check --json` prints, as `chatpaper schema check` describes it."""
        return check_to_json(self).to_json()


class ClaimJson(JsonModel):
    """A number, name or quotation of a text, and where the paper has it."""

    kind: ClaimKind = Field(description="Kind of the claim")
    value: str = Field(description="The claim as the text has it")
    line: int = Field(description="Line of the text, counted from 1")
    supported: bool = Field(description="Whether the paper supports it")
    page: int = Field(description="Page of the nearest place, counted from 1; 0 where none is")
    section: str = Field(description="Section of that place; empty where there is none")
    snippet: str = Field(description="Words of that place; empty where there is none")
    derivation: str = Field(
        description="How the number follows from printed ones, "
        "e.g. `0.61 - 0.42 = 0.19`; else empty"
    )


class JudgedStatementJson(JsonModel):
    """A sentence of a text and what a model says of it."""

    line: int = Field(description="Line of the text, counted from 1")
    text: str = Field(description="The sentence")
    verdict: Literal["supported", "contradicted", "not_stated", "undecided"] = Field(
        description="The verdict; undecided where its words are not in the paper"
    )
    words: str = Field(description="Words of the paper that decide; may be empty")
    page: int = Field(description="Page of the words, counted from 1; 0 where there are none")
    section: str = Field(description="Section of the words")
    correction: str = Field(description="The sentence put right; else empty")
    hints: tuple[str, ...] = Field(description="Doubts that the model was given")


class CheckReportJson(JsonModel):
    """What the paper says of each claim of a text."""

    claims: tuple[ClaimJson, ...] = Field(description="Numbers, names and quotations, by line")
    supported: int = Field(description="Number of claims that the paper supports")
    unsupported: int = Field(description="Number of claims that it does not")


class VerifiedCheckReportJson(CheckReportJson):
    """The same with the verdicts of a model, which `--verify` asks for."""

    verdicts: tuple[JudgedStatementJson, ...] = Field(description="Sentences, by line")
    contradicted: int = Field(description="Number of sentences that the paper contradicts")
    not_stated: int = Field(description="Number of sentences that the paper does not make")
    undecided: int = Field(description="Number of sentences without a usable verdict")


def check_to_json(report: CheckReport) -> CheckReportJson:
    """Describe what the paper says of the claims of a text."""
    return CheckReportJson(
        claims=tuple(map(ClaimJson.from_value, report.claims)),
        supported=len(report.claims) - len(report.unsupported),
        unsupported=len(report.unsupported),
    )


def verified_check_to_json(
    report: CheckReport, judged: Sequence[JudgedStatement]
) -> VerifiedCheckReportJson:
    """Describe what the paper says of the claims of a text, and a model of its sentences."""
    refusals = count_refusals(judged)
    return VerifiedCheckReportJson(
        **dict(check_to_json(report)),
        verdicts=tuple(map(JudgedStatementJson.from_value, judged)),
        contradicted=refusals["contradicted"],
        not_stated=refusals["not_stated"],
        undecided=refusals["undecided"],
    )


def count_refusals(judged: Sequence[JudgedStatement]) -> dict[str, int]:
    """Count the sentences that are not supported, by verdict.

    Claims have a count of `supported` of their own, so sentences have none.
    """
    kinds = ("contradicted", "not_stated", "undecided")
    return {kind: sum(each.verdict == kind for each in judged) for kind in kinds}
