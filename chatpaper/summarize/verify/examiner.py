"""Holds the answers about one paper against it, by words alone."""

from dataclasses import replace

from chatpaper.domain import Document, Field, FieldAnswer, Paper
from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.quality.vocabulary import is_chosen
from chatpaper.summarize.verify.evidence.excerpts import Evidence
from chatpaper.summarize.verify.findings import Finding, collect_findings
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.tables.crossings import read_tables
from chatpaper.summarize.verify.verifier import Verifier

# Answers that state nothing about the paper that a passage of it could support or contradict: names
# and terms, what is as printed, the abstract itself in another language, and why a class was
# chosen.
NO_STATEMENTS = ("title", "keywords", "affiliations", "abstract_translation", "class_reason")


class Examiner:
    """A paper, made ready for finding out what it has to say to answers about it."""

    def __init__(self, document: Document, paper: Paper, quotes: QuoteFinder) -> None:
        self.verifier = Verifier(document, paper, quotes)
        self.evidence = Evidence(self.verifier, document)
        self.quotes = quotes
        self.figures = document.figures
        self._front_matter = document.front_matter
        self._tables = read_tables(document.figures)
        self._letters = fold_accents(self.evidence.paper_text)

    def findings(self, field: Field, answer: FieldAnswer) -> tuple[Finding, ...]:
        """Hold each statement of an answer against the paper, by its numbers, names and quotes."""
        return collect_findings(field, answer, self.verifier, self._letters)

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


def has_statements(field: Field) -> bool:
    """Tell whether the answer to a field is made of statements about the paper."""
    return not is_chosen(field) and field.name not in NO_STATEMENTS
