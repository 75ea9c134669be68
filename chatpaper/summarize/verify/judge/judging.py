"""What the second reader is asked, and what is made of its answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from chatpaper.domain import VerdictKind
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.summarize.verify.evidence import Evidence, Excerpt
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.quotes.quote_search import Place, QuoteFinder

# What a verdict may take up in an answer: its number and JSON, for some a few words of the paper, or a sentence.
TOKENS_PER_VERDICT = 40
# "supported" comes first: what fills a schema with first choices and no words changes nothing.
VERDICTS: tuple[VerdictKind, ...] = get_args(VerdictKind)


@dataclass(frozen=True, slots=True)
class Question:
    """Statements that say the same, with what bears on them; they are judged once, under one number."""

    number: int
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The words of the statement."""
        return self.findings[0].text


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict whose words were found in the paper, and the correction as it came.

    What is not stated has no words, and what is supported may have none: it then speaks for nothing that is in doubt.
    """

    verdict: VerdictKind
    place: Place | None = None
    correction: str = ""


def questions_about(findings: Sequence[Finding]) -> tuple[Question, ...]:
    """The statements to be judged, each once."""
    same: dict[str, list[Finding]] = {}
    for finding in findings:
        same.setdefault("".join(finding.text.split()), []).append(finding)
    return tuple(Question(number, tuple(group)) for number, group in enumerate(same.values(), start=1))


def material(questions: Sequence[Question], evidence: Evidence) -> tuple[str, str]:
    """The passages and the statements, as the second reader is shown them."""
    excerpts, places = evidence.excerpts([finding for question in questions for finding in question.findings])
    shown = [_shown_excerpt(number, excerpt) for number, excerpt in enumerate(excerpts, start=1)]
    return "\n".join(shown), "\n".join(_shown_question(question, places) for question in questions)


def verdict_schema(count: int) -> dict[str, object]:
    """The JSON schema of verdicts on so many statements; the words come before the verdict that rests on them."""
    properties = {
        "n": {"type": "integer"},
        "words": {"type": "string"},
        "verdict": {"type": "string", "enum": list(VERDICTS)},
        "correction": {"type": "string"},
    }
    verdict = {
        "type": "object",
        "properties": properties,
        "required": ["n", "verdict"],
        "additionalProperties": False,
    }
    verdicts = {"type": "array", "items": verdict, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"verdicts": verdicts},
        "required": ["verdicts"],
        "additionalProperties": False,
    }


def read_judgements(text: str, questions: Sequence[Question], quotes: QuoteFinder) -> dict[int, Judgement]:
    """The verdicts of an answer by the number of the statement; what is none, or given twice, is left aside.

    Raises ValueError where the answer holds no verdicts at all.
    """
    given = decode_answer(text).get("verdicts")
    if not isinstance(given, list):
        raise ValueError("the answer has no list of verdicts")
    known = {question.number for question in questions}
    read: dict[int, Judgement | None] = {}
    for each in given:
        number = each.get("n") if isinstance(each, Mapping) else None
        if not isinstance(number, int) or number not in known:
            continue
        judgement = _judgement(each, quotes)
        read[number] = judgement if read.get(number, judgement) == judgement else None
    return {number: judgement for number, judgement in read.items() if judgement is not None}


def _judgement(given: Mapping[str, Any], quotes: QuoteFinder) -> Judgement | None:
    """A verdict as far as it holds: its words must be in the paper."""
    verdict, words, correction = (given.get(key, "") for key in ("verdict", "words", "correction"))
    if verdict not in VERDICTS or not isinstance(words, str) or not isinstance(correction, str):
        return None
    if verdict == "not_stated" or (verdict == "supported" and not words.strip()):
        return Judgement(verdict)
    place = quotes.find(words)
    if place is None:
        return None
    return Judgement(verdict, place, " ".join(correction.split()) if verdict == "contradicted" else "")


def _shown_excerpt(number: int, excerpt: Excerpt) -> str:
    place = f"{excerpt.section}, p. {excerpt.page}" if excerpt.section else f"p. {excerpt.page}"
    return f"[P{number}] ({place}) {excerpt.text}"


def _shown_question(question: Question, places: Mapping[Finding, Sequence[int]]) -> str:
    own = sorted({position for finding in question.findings for position in places[finding]})
    named = ", ".join(f"P{position + 1}" for position in own)
    hints = dict.fromkeys(hint.message for finding in question.findings for hint in finding.hints)
    faults = dict.fromkeys(
        f"{json.dumps(claim.value, ensure_ascii=False)} was not found in the paper where it speaks of this"
        for finding in question.findings
        for claim in finding.faults
    )
    notes = "".join(f"\n   Look at: {note}" for note in [*hints, *faults])
    return f"{question.number}. {' '.join(question.text.split())} [{named}]{notes}"
