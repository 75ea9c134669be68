"""What becomes of each statement, by what was found about it and by what the second reader says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from chatpaper.domain import (
    AnswerItem,
    CheckCounts,
    Claim,
    Field,
    FieldAnswer,
    Result,
    VerdictKind,
    VerdictOutcome,
    format_item,
)
from chatpaper.summarize.quality.vocabulary import is_chosen
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.quotes.quote_search import Place

_END = re.compile(r"[\s。！？.!?；;]*\Z")


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on a statement, with the place of the words that decide.

    `correction` has passed all checks.
    """

    verdict: VerdictKind
    place: Place | None = None
    correction: str = ""
    claims: tuple[CheckedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """The mark of a statement that is not verified, and the text for an answer without any left.

    `is_strict`: a paper that tries to instruct models gets no benefit of the doubt. What would bear
    a mark is left out, and no verdict speaks for a statement.
    """

    unverified: str
    missing: str
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An answer that may be published, with its relation to the paper.

    `outcomes` tell the fate of each statement.
    """

    answer: FieldAnswer
    checks: CheckCounts
    outcomes: Mapping[Finding, VerdictOutcome] = field(default_factory=dict)


def conclude(
    asked: Field,
    answer: FieldAnswer,
    findings: Sequence[Finding],
    rulings: Mapping[str, Ruling],
    marks: Marks,
) -> Conclusion:
    """Return the answer with its marks, corrections and gaps.

    `findings` are those about it, `rulings` go by the statement.
    """
    # A value that was chosen cannot bear a mark.
    is_strict = marks.is_strict or is_chosen(asked)
    outcomes = {
        finding: decide_outcome(finding, rulings.get(finding.text), is_strict=is_strict)
        for finding in findings
    }
    texts = {
        finding: _text_of(finding, outcome, rulings.get(finding.text), marks.unverified)
        for finding, outcome in outcomes.items()
    }
    counted = [
        claim
        for finding, outcome in outcomes.items()
        if outcome != "left_out"
        for claim in (rulings[finding.text].claims if outcome == "corrected" else finding.claims)
    ]
    checks = CheckCounts(
        supported=sum(claim.supported for claim in counted),
        elsewhere=sum(not claim.supported and claim.nearness != "nowhere" for claim in counted),
        left_out=sum(outcome == "left_out" for outcome in outcomes.values()),
        marked=sum(outcome == "marked" for outcome in outcomes.values()),
        corrected=sum(outcome == "corrected" for outcome in outcomes.values()),
    )
    proofs = {
        finding.item: place
        for finding, outcome in outcomes.items()
        if asked.kind == "claims"
        and (place := _new_proof(finding, outcome, rulings.get(finding.text)))
    }
    return Conclusion(_rewritten(asked, answer, texts, marks, proofs), checks, outcomes)


def decide_outcome(
    finding: Finding, ruling: Ruling | None, *, is_strict: bool = False
) -> VerdictOutcome:
    """Return what becomes of a statement."""
    verdict = ruling.verdict if ruling else None
    if is_strict:
        is_clean = not (finding.is_doubtful or finding.lacks_proof) and verdict in (
            None,
            "supported",
        )
        return "kept" if is_clean else "left_out"
    if ruling is None:
        return "marked" if finding.is_doubtful else "kept"
    if ruling.verdict == "contradicted":
        return "corrected" if ruling.correction else "left_out"
    is_doubtful = finding.is_doubtful and ruling.place is None
    return "marked" if ruling.verdict == "not_stated" or is_doubtful else "kept"


def insert_mark(text: str, mark: str) -> str:
    """Return a statement with the mark before its full stop; a Latin one is set off by a space."""
    end = _END.search(text)
    stop = end.start() if end else len(text)
    return f"{text[:stop]}{' ' if mark[:1].isascii() else ''}{mark}{text[stop:]}"


def _text_of(finding: Finding, outcome: VerdictOutcome, ruling: Ruling | None, mark: str) -> str:
    if outcome == "left_out":
        return ""
    if outcome == "corrected" and ruling is not None:
        return ruling.correction
    return insert_mark(finding.text, mark) if outcome == "marked" else finding.text


def _new_proof(finding: Finding, outcome: VerdictOutcome, ruling: Ruling | None) -> Place | None:
    """Return the words that decided on a claim.

    They are those for a claim that was corrected, or that was kept although the paper lacks its
    quote; otherwise None.
    """
    if ruling is None or not (
        outcome == "corrected" or (outcome == "kept" and finding.lacks_proof)
    ):
        return None
    return ruling.place


def _rewritten(
    asked: Field,
    answer: FieldAnswer,
    texts: Mapping[Finding, str],
    marks: Marks,
    proofs: Mapping[int, Place],
) -> FieldAnswer:
    by_item = {
        number: list(findings)
        for number, findings in groupby(
            sorted(texts, key=lambda each: (each.item, each.start)), lambda each: each.item
        )
    }
    if isinstance(answer, str):
        text = _spliced(answer, by_item.get(0, ()), texts)
        return text if text or not answer else _in_place(asked, marks)
    rewritten = [
        _spliced(format_item(item), by_item.get(n, ()), texts) for n, item in enumerate(answer)
    ]
    items = [
        _item(item, text, marks.unverified, proofs.get(n))
        for n, (item, text) in enumerate(zip(answer, rewritten, strict=True))
    ]
    kept = tuple(item for item in items if item is not None)
    return kept if kept or not answer else _in_place(asked, marks)


def _in_place(asked: Field, marks: Marks) -> FieldAnswer:
    """Return what stands for an answer of which nothing is left.

    The post must not say that the paper does not tell.
    """
    if marks.is_strict or asked.need == "may" or asked.kind not in ("text", "list"):
        return asked.no_answer
    return marks.missing if asked.kind == "text" else (marks.missing,)


def _item(item: AnswerItem, text: str, mark: str, proof: Place | None) -> AnswerItem | None:
    """Return an item with another text.

    A claim loses the quote that the paper does not have, and its page with it.
    """
    if not text:
        return None
    if isinstance(item, str):
        return text
    if isinstance(item, Result):
        # A row is no sentence: a mark stands at the value that it is about.
        return item if text == item.statement else replace(item, ours=insert_mark(item.ours, mark))
    if proof is not None:
        return Claim(text, proof.words, proof.page, proof.section, marks_itself=True)
    proved = item if item.page or not item.quote else replace(item, quote="", section="")
    return replace(proved, text=text, marks_itself=True)


def _spliced(text: str, findings: Sequence[Finding], texts: Mapping[Finding, str]) -> str:
    """Return the text with each statement replaced; what stands between two statements stays."""
    if not findings:
        return text
    parts, end = [], 0
    for finding in findings:
        words = text[finding.start : finding.end]
        gap = words[len(words.rstrip()) :] if texts[finding] else ""
        parts += [text[end : finding.start], texts[finding], gap]
        end = finding.end
    return "".join([*parts, text[end:]]).strip()
