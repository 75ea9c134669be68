"""What the second reader is asked, and what is made of its answer."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from chatpaper.domain import VerdictKind
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.summarize.verify.evidence.excerpts import Evidence, Excerpt
from chatpaper.summarize.verify.findings import Finding
from chatpaper.summarize.verify.quotes.quote_search import Place, QuoteFinder

# What the verdict on a statement takes up in an answer: for most a number in a list, for a few an
# object with words of the paper and those to put right.
TOKENS_PER_NUMBER = 3
TOKENS_PER_CORRECTION = 100
# Of an answer by a model that was shown the paper, a fifth at most is wrong, and of a long one ten
# statements.
MOST_WRONG, MOST_CORRECTIONS = 0.2, 10
# The passages that are named for a statement.
MOST_NAMED = 4
# "supported" comes first: what fills a schema with first choices and no words changes nothing.
VERDICTS: tuple[VerdictKind, ...] = get_args(VerdictKind)


@dataclass(frozen=True, slots=True)
class Question:
    """Statements that say the same, with what bears on them.

    They are judged once, under one number.
    """

    number: int
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """Return the words of the statement."""
        return self.findings[0].text


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict whose words were found in the paper, and the correction as it came.

    The correction stands in place of the words of the statement that are `wrong`, or of all of it.

    What is not stated has no words, and what is supported may have none: it then speaks for nothing
    that is in doubt.
    """

    verdict: VerdictKind
    place: Place | None = None
    correction: str = ""
    wrong: str = ""

    def corrected(self, statement: str) -> str:
        """Return the statement put right.

        It is "" where the statement is not put right, or where it is not clear which of its words
        are wrong.
        """
        if not self.correction or not self.wrong:
            return self.correction
        return (
            statement.replace(self.wrong, self.correction)
            if statement.count(self.wrong) == 1
            else ""
        )


def estimate_answer_tokens(statements: int) -> int:
    """Return what verdicts on so many statements take up."""
    wrong = min(MOST_CORRECTIONS, math.ceil(statements * MOST_WRONG))
    return statements * TOKENS_PER_NUMBER + wrong * TOKENS_PER_CORRECTION


def build_questions(findings: Sequence[Finding]) -> tuple[Question, ...]:
    """Return the statements to be judged, each once."""
    same: dict[str, list[Finding]] = {}
    for finding in findings:
        same.setdefault("".join(finding.text.split()), []).append(finding)
    return tuple(
        Question(number, tuple(group)) for number, group in enumerate(same.values(), start=1)
    )


def build_material(
    questions: Sequence[Question], evidence: Evidence, limit_tokens: float = math.inf
) -> tuple[str, str]:
    """Build what the second reader is shown: passages up to the limit, and the statements."""
    findings = [finding for question in questions for finding in question.findings]
    excerpts, places = evidence.excerpts(findings, limit_tokens)
    return "\n".join(_shown_excerpts(excerpts)), "\n".join(
        _shown_question(each, places) for each in questions
    )


def build_verdict_schema(count: int) -> dict[str, object]:
    """Return the JSON schema of verdicts on so many statements.

    The words come before the verdict that rests on them.
    """
    number = {"type": "integer"}
    properties = {
        "n": number,
        "words": {"type": "string"},
        "verdict": {"type": "string", "enum": list(VERDICTS)},
        "wrong": {"type": "string"},
        "correction": {"type": "string"},
    }
    verdict = {
        "type": "object",
        "properties": properties,
        "required": ["n", "verdict"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "supported": {"type": "array", "items": number, "maxItems": count},
            "verdicts": {"type": "array", "items": verdict, "maxItems": count},
        },
        "required": ["supported", "verdicts"],
        "additionalProperties": False,
    }


def read_judgements(
    text: str, questions: Sequence[Question], quotes: QuoteFinder
) -> dict[int, Judgement]:
    """Return the verdicts of an answer by the number of the statement.

    What is no verdict, or is given twice, is left aside. Raises ValueError where the answer holds
    no verdicts at all.
    """
    answer = decode_answer(text)
    given = answer.get("verdicts")
    if not isinstance(given, list):
        raise ValueError("the answer has no list of verdicts")
    listed = answer.get("supported")
    known = {question.number for question in questions}
    read: dict[int, Judgement | None] = {}
    for each in [*given, *_bare_verdicts(listed if isinstance(listed, list) else [], given)]:
        number = each.get("n") if isinstance(each, Mapping) else None
        if not isinstance(number, int) or number not in known:
            continue
        judgement = _judgement(each, quotes)
        read[number] = judgement if read.get(number, judgement) == judgement else None
    return {number: judgement for number, judgement in read.items() if judgement is not None}


def _bare_verdicts(listed: Sequence[object], given: Sequence[object]) -> list[dict[str, object]]:
    """Return verdicts for what is just listed as supported.

    Those that are given with words too are left out.
    """
    judged = [
        each["n"]
        for each in given
        if isinstance(each, Mapping) and each.get("verdict") == VERDICTS[0] and "n" in each
    ]
    return [{"n": number, "verdict": VERDICTS[0]} for number in listed if number not in judged]


def _judgement(given: Mapping[str, Any], quotes: QuoteFinder) -> Judgement | None:
    """Return a verdict as far as it holds: its words must be in the paper."""
    verdict, words, correction = (given.get(key, "") for key in ("verdict", "words", "correction"))
    if verdict not in VERDICTS or not isinstance(words, str) or not isinstance(correction, str):
        return None
    if verdict == "not_stated" or (verdict == "supported" and not words.strip()):
        return Judgement(verdict)
    place = quotes.find(words)
    if place is None:
        return None
    if verdict != "contradicted":
        return Judgement(verdict, place)
    wrong = given.get("wrong", "")
    wrong = " ".join(wrong.split()) if isinstance(wrong, str) else ""
    return Judgement(verdict, place, " ".join(correction.split()), wrong)


def _shown_excerpts(excerpts: Sequence[Excerpt]) -> Iterator[str]:
    """Return the excerpts with their numbers.

    The section is given where it changes; figures and tables begin with theirs.
    """
    section = ""
    for number, excerpt in enumerate(excerpts, start=1):
        is_told = excerpt.section == section or excerpt.text.startswith(excerpt.section)
        section = excerpt.section
        yield (
            f"[P{number}] {excerpt.text}" if is_told else f"[P{number}] ({section}) {excerpt.text}"
        )


def _shown_question(question: Question, places: Mapping[Finding, Sequence[int]]) -> str:
    own = dict.fromkeys(position for finding in question.findings for position in places[finding])
    named = ", ".join(f"P{position + 1}" for position in list(own)[:MOST_NAMED])
    notes = "".join(f"\n   {note}" for note in dict.fromkeys(_notes(question.findings)))
    return f"{question.number}. {' '.join(question.text.split())} [{named}]{notes}"


def _notes(findings: Sequence[Finding]) -> Iterator[str]:
    """Return what speaks against a statement.

    "Doubt" stands before what has the statement marked, unless words of the paper speak for it.
    """
    for finding in findings:
        yield from (
            f"{'Doubt' if hint.is_certain else 'Look at'}: {hint.message}" for hint in finding.hints
        )
        for claim in finding.faults:
            yield f"Doubt: {json.dumps(claim.value, ensure_ascii=False)} not found"
        if finding.lacks_figure:
            yield "Doubt: figure not found"
        elif finding.lacks_proof:
            yield "Doubt: quote not found"
