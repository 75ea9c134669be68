"""The second reading of any text about a paper: a note, a post, what another tool wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from chatpaper.domain import Document, Field, Paper, VerdictKind
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.context.prompt_injection import as_evidence, clean_paper
from chatpaper.summarize.cost.call_log import CallLog
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.conclusions import Ruling
from chatpaper.summarize.verify.evidence.excerpts import Excerpt
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.judge.prompt_fitting import Subject
from chatpaper.summarize.verify.judge.second_reader import SecondReader
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement, parse_statements

# A text has no fields: each of its sentences is a statement, which may be as long as it likes.
_TEXT = Field("text", "text", "a text about the paper", max_characters=2000)


@dataclass(frozen=True, slots=True)
class JudgedStatement:
    """A sentence of a text and the verdict on it.

    The verdict is "undecided" where none came whose words the paper has.
    """

    line: int
    text: str
    verdict: VerdictKind | str
    words: str = ""
    page: int = 0
    section: str = ""
    correction: str = ""
    hints: tuple[str, ...] = ()


def judge_statements(
    text: str, document: Document, paper: Paper, reader: SecondReader, language: Language
) -> tuple[JudgedStatement, ...]:
    """Return the sentences of a text about `paper`, each with its verdict.

    Raises what `SecondReader.judge` raises.
    """
    document, paper = as_evidence(document), clean_paper(paper)
    examiner = Examiner(document, paper, QuoteFinder(document, paper))
    findings = [
        examiner.with_hints(each) for each in _findings(parse_statements(text, paper), examiner)
    ]
    reading = reader.judge(Subject(paper, (_TEXT,), findings, examiner), language, CallLog())
    return tuple(_judged(finding, reading.rulings) for finding in findings)


def check_with_excerpts(
    text: str, document: Document, paper: Paper
) -> tuple[tuple[CheckedClaim, ...], tuple[Excerpt, ...]]:
    """Return the claims of a text about `paper` by line, and the passages that bear on it.

    Of the passages, those that tell most of each sentence come first. No model is asked.
    """
    document, paper = as_evidence(document), clean_paper(paper)
    examiner = Examiner(document, paper, QuoteFinder(document, paper))
    statements = parse_statements(text, paper)
    findings = _findings(statements, examiner)
    excerpts, places = examiner.evidence.excerpts(findings)
    rounds = zip_longest(*(places[finding] for finding in findings))
    order = dict.fromkeys(number for each in rounds for number in each if number is not None)
    return (
        examiner.check_all(statements),
        tuple(excerpts[number] for number in order),
    )


def _findings(statements: Sequence[Statement], examiner: Examiner) -> list[Finding]:
    found = []
    for number, whole in enumerate(statements):
        quote = whole.quote if whole.quote and examiner.quotes.find(whole.quote) else ""
        for offset, sentence in split_sentences(whole.text):
            line = whole.line + whole.text.count("\n", 0, offset)
            one = Statement(" ".join(sentence.split()), line, quote)
            found.append(
                Finding(
                    _TEXT.name,
                    number,
                    0,
                    len(one.text),
                    one,
                    check_claims(one, examiner.verifier),
                    bool(whole.quote) and not quote,
                )
            )
    return found


def _judged(finding: Finding, rulings: Mapping[str, Ruling]) -> JudgedStatement:
    hints = tuple(hint.message for hint in finding.hints)
    ruling = rulings.get(finding.text)
    if ruling is None:
        return JudgedStatement(finding.statement.line, finding.text, "undecided", hints=hints)
    place = ruling.place
    return JudgedStatement(
        finding.statement.line,
        finding.text,
        ruling.verdict,
        place.words if place else "",
        place.page if place else 0,
        place.section if place else "",
        ruling.correction,
        hints,
    )
