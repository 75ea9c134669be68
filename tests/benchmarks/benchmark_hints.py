"""How many false statements the hints catch, by kind, and how many true ones they are wrong about.

python -m tests.benchmarks.benchmark_hints STATEMENTS PDFS [--cache FOLDER] [--misses]

STATEMENTS is a file or a folder: .jsonl files with a statement a line (id, paper, lang, text, true,
kind, support: the words of the paper, field: that of the answer), .json files with answers (calls:
[{answer}]; `planted` lists the false statements in them). {paper}.pdf stands in PDFS; extracted
documents are kept in the cache folder. What bears on a statement is gathered as for a summary.
"marked" counts what would be published as not verified without a second reader.
"""

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatpaper.domain import Document, Field, Paper
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.extract.document import read_document
from chatpaper.summarize.context.prompt_injection import as_evidence
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.hints.detect import Hint
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement

AFFILIATIONS = Field("affiliations", "text", "where the authors work", written_in="paper")
# Fields that are chosen from lists or name things; they make no statements.
NO_STATEMENTS = ("title", "affiliations", "keywords", "paper_class", "tags", "abstract_translation")


@dataclass(frozen=True, slots=True)
class Case:
    """A statement of a known kind; `kind` of a true one is "true"."""

    name: str
    paper: str
    text: str
    quote: str
    kind: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found about a statement, and whether it would be marked."""

    hints: tuple[Hint, ...]
    faults: tuple[str, ...]
    is_marked: bool


def examiner_of(document: Document) -> Examiner:
    """Return the examiner of a paper of which no record is known."""
    document, paper = as_evidence(document), Paper("", document.title, abstract=document.abstract)
    return Examiner(document, paper, QuoteFinder(document, paper))


def outcome_of(case: Case, examiner: Examiner) -> Outcome:
    """Return what becomes of a statement without a second reader."""
    if case.field == AFFILIATIONS.name:
        return _outcome(examiner.findings(AFFILIATIONS, case.text))
    place = examiner.quotes.find(case.quote) if case.quote else None
    statement = Statement(case.text, quote=place.words if place else "")
    claims = check_claims(statement, examiner.verifier)
    finding = Finding(case.field, 0, 0, len(case.text), statement, claims)
    return _outcome((examiner.with_hints(finding),))


def _outcome(findings: Sequence[Finding]) -> Outcome:
    faults = [claim.value for finding in findings for claim in finding.faults]
    hints = [hint for finding in findings for hint in finding.hints]
    return Outcome(tuple(hints), tuple(faults), any(finding.is_doubtful for finding in findings))


def cases_of(path: Path) -> Iterator[Case]:
    """Yield the statements of a file."""
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = "true" if row["true"] else row["kind"]
            yield Case(
                row["id"],
                row["paper"],
                row["text"],
                row.get("support", ""),
                kind,
                row.get("field", ""),
            )
    else:
        record = json.loads(path.read_text(encoding="utf-8"))
        if "calls" in record:
            yield from _of_answers(path.stem, record)


def _of_answers(name: str, record: dict[str, Any]) -> Iterator[Case]:
    answer: dict[str, Any] = {}
    for call in record["calls"]:
        answer |= call["answer"]
    planted = {row["text"]: row["kind"] for row in record.get("planted", ())}
    kept = {field: value for field, value in answer.items() if field not in NO_STATEMENTS}
    for number, (text, quote) in enumerate(_statements(kept)):
        kind = next(
            (kind for words, kind in planted.items() if text in words or words in text), "true"
        )
        if kind != "true" or not planted:
            yield Case(f"{name}-{number:03d}", record["paper"], text, quote, kind)


def _statements(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        for _, sentence in split_sentences(value):
            yield sentence, ""
    elif isinstance(value, dict) and "text" in value:
        yield value["text"], value.get("quote", "")
    else:
        for inner in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        ):
            yield from _statements(inner)


def read_paper(pdf: Path, cache: Path | None) -> Document:
    """Return the document of a PDF, from the cache if it is there."""
    kept = cache / f"{pdf.stem}.pkl" if cache else None
    if kept and kept.is_file():
        document: Document = pickle.loads(kept.read_bytes())
        return document
    with TemporaryDirectory() as folder:
        document = replace(read_document(pdf, Path(folder)))
    if kept:
        kept.write_bytes(pickle.dumps(document))
    return document


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("statements", type=Path)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument(
        "--misses", action="store_true", help="print false alarms and statements without a hint"
    )
    parser.add_argument("--without-quotes", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.statements
    paths = (
        [folder] if folder.is_file() else sorted([*folder.glob("*.jsonl"), *folder.glob("*.json")])
    )
    examiners: dict[str, Examiner] = {}
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    for case in (case for path in paths for case in cases_of(path)):
        if case.paper not in examiners:
            document = read_paper(arguments.pdfs / f"{case.paper}.pdf", arguments.cache)
            examiners[case.paper] = examiner_of(document)
        asked = replace(case, quote="") if arguments.without_quotes else case
        outcome = outcome_of(asked, examiners[case.paper])
        group = (
            case.kind
            if case.kind != "true"
            else "true, quoted"
            if asked.quote
            else "true, unquoted"
        )
        outcomes[group].append(outcome)
        if arguments.misses and outcome.is_marked == (case.kind == "true"):
            print(f"{case.name} [{case.kind}] {case.text}\n    {asked.quote}")
            for fault in outcome.faults:
                print(f"    !! not in the paper: {fault}")
            for hint in outcome.hints:
                print(f"    {'!!' if hint.is_certain else '? '} {hint.kind}: {hint.message}")
    print_table(outcomes)


def print_table(outcomes: dict[str, list[Outcome]]) -> None:
    """Print a line for each kind of statement.

    It tells how many statements there are, how many have any hint, how many have a certain one, and
    how many are marked for any reason.
    """
    print(f"{'kind':32}{'all':>6}{'any':>6}{'certain':>9}{'marked':>8}")
    false = [
        outcome
        for kind, group in outcomes.items()
        if not kind.startswith("true")
        for outcome in group
    ]
    for kind, group in [*sorted(outcomes.items()), ("all false", false)]:
        certain = sum(any(hint.is_certain for hint in outcome.hints) for outcome in group)
        marked = sum(outcome.is_marked for outcome in group)
        print(
            f"{kind:32}{len(group):>6}{sum(bool(each.hints) for each in group):>6}"
            f"{certain:>9}{marked:>8}"
        )


if __name__ == "__main__":
    main()
