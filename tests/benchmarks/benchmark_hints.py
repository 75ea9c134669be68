"""How many false statements the hints catch, by kind, and how many true ones they are wrong about.

    python -m tests.benchmarks.benchmark_hints STATEMENTS PDFS [--cache FOLDER] [--misses]

STATEMENTS is a file or a folder: .jsonl files with a statement a line (id, paper, lang, text, true, kind, support: the
words of the paper), .json files with answers (calls: [{answer}]; `planted` lists the false statements in them).
{paper}.pdf stands in PDFS; extracted documents are kept in the cache folder. The context of a quote are the sentences
before and behind it, and the tables and captions that hold its words or the statement's numbers.
"""

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rapidfuzz import fuzz

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.summarize.numerals import claimed_numerals
from chatpaper.summarize.passages import Passages, sentences_of, terms_of
from chatpaper.summarize.support import match
from chatpaper.summarize.verify.hints import Hint, find_hints

SENTENCES_AROUND = 2
MOST_TABLES = 3
LEAST_SIMILARITY = 88.0
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


class Reading:
    """A paper, made ready for telling what stands around a quote."""

    def __init__(self, document: Document) -> None:
        self._passages = Passages(document)
        figures = [f"{figure.label} {figure.caption}\n{figure.text}" for figure in document.figures]
        texts = [section.text for section in document.sections]
        self.text = "\n\n".join([document.title, document.front_matter, document.abstract, *texts, *figures])

    def context(self, statement: str, quote: str) -> str:
        """The sentences around the quote, or without one those that are nearest, and the tables that belong to them."""
        everything = self._passages.all
        if quote:
            words = " ".join(quote.split())
            score = [fuzz.partial_ratio(words, " ".join(passage.text.split())) for passage in everything]
        else:
            score = self._passages.kinships(terms_of(statement))
        running = [number for number, passage in enumerate(everything) if not passage.tabular and not passage.legend]
        best = max(running, key=lambda number: score[number], default=0)
        parts = []
        if not quote or score[best] >= LEAST_SIMILARITY:
            reach = range(max(0, best - SENTENCES_AROUND), min(len(everything), best + SENTENCES_AROUND + 1))
            near = [number for number in reach if everything[number].paragraph == everything[best].paragraph]
            parts = [everything[number].text for number in near]
        return "\n".join([*parts, *self._tables(statement, quote)])

    def _tables(self, statement: str, quote: str) -> Iterator[str]:
        claimed = claimed_numerals(statement)
        ranked = []
        for passage in self._passages.all:
            if passage.tabular:
                held = sum(any(match(each, printed) for printed in passage.numerals) for each in claimed)
                quoted = bool(quote) and "|" in quote and fuzz.partial_ratio(quote, passage.text) >= LEAST_SIMILARITY
                ranked.append((quoted, held, passage.text))
        ranked.sort(key=lambda entry: entry[:2], reverse=True)
        for quoted, held, text in ranked[:MOST_TABLES]:
            if quoted or held:
                yield text


def cases_of(path: Path) -> Iterator[Case]:
    """The statements of a file."""
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = "true" if row["true"] else row["kind"]
            yield Case(row["id"], row["paper"], row["text"], row.get("support", ""), kind)
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
        kind = next((kind for words, kind in planted.items() if text in words or words in text), "true")
        if kind != "true" or not planted:
            yield Case(f"{name}-{number:03d}", record["paper"], text, quote, kind)


def _statements(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        for _, sentence in sentences_of(value):
            yield sentence, ""
    elif isinstance(value, dict) and "text" in value:
        yield value["text"], value.get("quote", "")
    else:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _statements(inner)


def read_paper(pdf: Path, cache: Path | None) -> Document:
    """The document of a PDF, from the cache where it is there."""
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("statements", type=Path)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--misses", action="store_true", help="print false alarms and statements without a hint")
    parser.add_argument("--without-quotes", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.statements
    paths = [folder] if folder.is_file() else sorted([*folder.glob("*.jsonl"), *folder.glob("*.json")])
    readings: dict[str, Reading] = {}
    outcomes: dict[str, list[tuple[Hint, ...]]] = defaultdict(list)
    for case in (case for path in paths for case in cases_of(path)):
        if case.paper not in readings:
            readings[case.paper] = Reading(read_paper(arguments.pdfs / f"{case.paper}.pdf", arguments.cache))
        reading = readings[case.paper]
        quote = "" if arguments.without_quotes else case.quote
        hints = find_hints(case.text, quote, reading.context(case.text, quote), paper_text=reading.text)
        group = case.kind if case.kind != "true" else "true, quoted" if quote else "true, unquoted"
        outcomes[group].append(hints)
        if arguments.misses and bool(hints) == (case.kind == "true"):
            print(f"{case.name} [{case.kind}] {case.text}\n    {quote}")
            for hint in hints:
                print(f"    {'!!' if hint.is_certain else '? '} {hint.kind}: {hint.message}")
    print_table(outcomes)


def print_table(outcomes: dict[str, list[tuple[Hint, ...]]]) -> None:
    """A line a kind: how many statements, how many with a certain hint, how many with any."""
    print(f"{'kind':32}{'all':>6}{'certain':>9}{'any':>6}")
    false = [hints for kind, group in outcomes.items() if not kind.startswith("true") for hints in group]
    for kind, group in [*sorted(outcomes.items()), ("all false", false)]:
        certain = sum(any(hint.is_certain for hint in hints) for hints in group)
        print(f"{kind:32}{len(group):>6}{certain:>9}{sum(map(bool, group)):>6}")


if __name__ == "__main__":
    main()
