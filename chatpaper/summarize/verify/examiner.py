"""Holds the answers about one paper, and any text about it, against it, by words alone."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from chatpaper.domain import Document, Field, FieldAnswer, Paper
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.quality.vocabulary import is_chosen
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.evidence.excerpts import Evidence
from chatpaper.summarize.verify.findings import Finding, check_claims, collect_findings
from chatpaper.summarize.verify.hints.comparison import HintKind
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.names.printed_names import PrintedNames
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement, parse_statements
from chatpaper.summarize.verify.tables.crossings import read_tables
from chatpaper.summarize.verify.verifier import Verifier

# Answers that state nothing about the paper that a passage of it could support or contradict: names
# and terms, what is as printed, the abstract itself in another language, and why a class was
# chosen.
NO_STATEMENTS = ("title", "keywords", "affiliations", "abstract_translation", "class_reason")

# What these tell against is a number that a statement gives, whether or not it claims it.
_HINTS_AT_NUMBERS: tuple[HintKind, ...] = ("number", "unit")
# These tell against a number that it claims of something else than the quoted words do.
_HINTS_AT_PLACES: tuple[HintKind, ...] = ("role",)


def verify_text(text: str, document: Document, paper: Paper) -> tuple[CheckedClaim, ...]:
    """Check one of our posts, its JSON, a note or any other text about `paper`.

    The claims come line by line.
    """
    examiner = Examiner(document, paper, QuoteFinder(document, paper))
    return examiner.check_all(parse_statements(text, paper))


class Examiner:
    """A paper, made ready for finding out what it has to say to answers about it."""

    def __init__(self, document: Document, paper: Paper, quotes: QuoteFinder) -> None:
        self.verifier = Verifier(document, paper, quotes)
        self.evidence = Evidence(self.verifier, document)
        self.quotes = quotes
        self.figures = document.figures
        self._front_matter = document.front_matter
        self._tables = read_tables(document.figures)
        self._printed_names = PrintedNames(self.evidence.paper_text)

    def check(self, statement: Statement) -> tuple[CheckedClaim, ...]:
        """Return the claims of a statement, in their order; its own quotation comes last.

        A number is not supported where the words that it rests on, quoted or most like it,
        certainly give another one in its place.
        """
        claims = self.verifier.check(statement)
        place = self.quotes.find(statement.quote) if statement.quote else None
        numbers = {claim.value for claim in claims if claim.kind == "numeral"}
        refuted = self._find_refuted(statement.text, place.words if place else "", numbers)
        judged = [
            replace(claim, supported=False, derivation="")
            if claim.kind == "numeral" and claim.value in refuted
            else claim
            for claim in claims
        ]
        added = [
            CheckedClaim("numeral", value, statement.line, supported=False)
            for value in refuted
            if value not in numbers
        ]
        end = len(judged) - bool(statement.quote)
        return (*judged[:end], *added, *judged[end:])

    def _find_refuted(self, text: str, quote: str, numbers: Collection[str]) -> dict[str, None]:
        """Find the numbers of a text against which the words that it rests on certainly speak.

        Without a quote each sentence rests on words of its own.
        """
        texts = [text] if quote else [sentence for _, sentence in split_sentences(text)]
        kinds = _HINTS_AT_PLACES if quote else ()
        return dict.fromkeys(
            hint.value
            for each in texts
            for hint in self.with_hints(
                _as_finding(Statement(each, quote=quote), self.verifier)
            ).hints
            if hint.is_certain
            and (hint.kind in _HINTS_AT_NUMBERS or (hint.kind in kinds and hint.value in numbers))
        )

    def check_all(self, statements: Iterable[Statement]) -> tuple[CheckedClaim, ...]:
        """Return the claims of several statements, line by line."""
        claims = (claim for statement in statements for claim in self.check(statement))
        return tuple(sorted(claims, key=lambda claim: claim.line))

    def findings(self, field: Field, answer: FieldAnswer) -> tuple[Finding, ...]:
        """Hold each statement of an answer against the paper, by its numbers, names and quotes."""
        return collect_findings(field, answer, self.verifier, self._printed_names)

    def with_hints(self, finding: Finding) -> Finding:
        """Return the finding with what the words of its evidence tell against it."""
        context = self.evidence.context(finding)
        hints = find_hints(
            finding.text,
            finding.statement.quote,
            context,
            paper_text=self.evidence.paper_text,
            front_matter=self._front_matter,
            tables=self._tables,
        )
        return replace(finding, hints=hints)


def _as_finding(statement: Statement, verifier: Verifier) -> Finding:
    claims = check_claims(statement, verifier)
    return Finding("text", 0, 0, len(statement.text), statement, claims)


def has_statements(field: Field) -> bool:
    """Tell whether the answer to a field is made of statements about the paper."""
    return not is_chosen(field) and field.name not in NO_STATEMENTS
