"""The rows of a data set: papers, their sections and figures, and claims with their evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chatpaper.domain import Document, Paper, PostEntry
from chatpaper.domain.answers import Claim, FieldAnswer, Result

Row = Mapping[str, object]
TableName = Literal["papers", "sections", "figures", "claims"]
# A column's type in the words of Arrow; see `chatpaper.write.dataset.parquet`.
ColumnType = Literal["string", "int32", "bool", "double", "date32", "timestamp", "strings"]

# Papers come last where all are written: what is in that table is in the others too.
COLUMNS: Mapping[TableName, Mapping[str, ColumnType]] = {
    "sections": {
        "arxiv_id": "string",
        "position": "int32",
        "number": "string",
        "title": "string",
        "level": "int32",
        "kind": "string",
        "page": "int32",
        "appendix": "bool",
        "text": "string",
    },
    "figures": {
        "arxiv_id": "string",
        "position": "int32",
        "label": "string",
        "kind": "string",
        "caption": "string",
        "page": "int32",
        "x0": "double",
        "y0": "double",
        "x1": "double",
        "y1": "double",
        "confidence": "double",
        "text": "string",
    },
    "claims": {
        "arxiv_id": "string",
        "field": "string",
        "position": "int32",
        "text": "string",
        "supported": "bool",
        "quote": "string",
        "page": "int32",
        "section": "string",
    },
    "papers": {
        "arxiv_id": "string",
        "version": "int32",
        "topic": "string",
        "submitted": "date32",
        "state": "string",
        "reason": "string",
        "title": "string",
        "authors": "strings",
        "abstract": "string",
        "published": "timestamp",
        "updated": "timestamp",
        "primary_category": "string",
        "categories": "strings",
        "comment": "string",
        "journal_ref": "string",
        "doi": "string",
        "license": "string",
        "withdrawn": "bool",
        "pages": "int32",
        "abstract_only": "string",
        "pdf_digest": "string",
        "language": "string",
        "backend": "string",
        "model": "string",
    },
}


@dataclass(frozen=True, slots=True)
class DataSetPaper:
    """A paper of a data set: what became of it and, where it was published, all that is known.

    `document` is the whole of what was read; an entry has no sections.
    """

    paper: Paper
    topic: str
    submitted: date
    state: str
    reason: str = ""
    entry: PostEntry | None = None
    document: Document = field(default_factory=Document)


def list_rows(paper: DataSetPaper) -> Mapping[TableName, list[Row]]:
    """Return the rows that a paper has in each of the tables."""
    key = paper.paper.arxiv_id
    return {
        "papers": [_describe_paper(paper)],
        "sections": list(_list_sections(key, paper.document)),
        "figures": list(_list_figures(key, paper.document)),
        "claims": list(_list_claims(key, paper.entry)) if paper.entry else [],
    }


def _describe_paper(each: DataSetPaper) -> Row:
    paper, entry = each.paper, each.entry
    row: dict[str, object] = {
        name: getattr(paper, name)
        for name in ("arxiv_id", "version", "title", "abstract", "published", "updated")
    }
    row |= {
        name: getattr(paper, name)
        for name in ("primary_category", "comment", "journal_ref", "doi", "license", "withdrawn")
    }
    row |= {"authors": list(paper.authors), "categories": list(paper.categories)}
    row |= {"topic": each.topic, "submitted": each.submitted, "state": each.state}
    row |= {"reason": each.reason, "pages": each.document.pages}
    if entry is not None:
        summary = entry.summary
        row |= {"abstract_only": entry.abstract_only or "", "pdf_digest": entry.pdf_digest}
        row |= {"language": summary.language, "backend": summary.backend, "model": summary.model}
    return row


def _list_sections(key: str, document: Document) -> Iterator[Row]:
    kinds = document.classify_sections()
    for position, (section, kind) in enumerate(zip(document.sections, kinds, strict=True), 1):
        yield {
            "arxiv_id": key,
            "position": position,
            "number": section.number,
            "title": section.title,
            "level": section.level,
            "kind": kind,
            "page": section.page,
            "appendix": section.appendix,
            "text": section.text,
        }


def _list_figures(key: str, document: Document) -> Iterator[Row]:
    for position, figure in enumerate(document.figures, 1):
        yield {
            "arxiv_id": key,
            "position": position,
            "label": figure.label,
            "kind": figure.kind,
            "caption": figure.caption,
            "page": figure.page,
            "x0": figure.bbox.x0,
            "y0": figure.bbox.y0,
            "x1": figure.bbox.x1,
            "y1": figure.bbox.y1,
            "confidence": figure.confidence,
            "text": figure.text,
        }


def _list_claims(key: str, entry: PostEntry) -> Iterator[Row]:
    for name, answer in sorted(entry.summary.answers.items()):
        for position, (text, quote, page, section) in enumerate(_list_statements(answer), 1):
            yield {
                "arxiv_id": key,
                "field": name,
                "position": position,
                "text": text,
                "supported": page > 0,
                "quote": quote,
                "page": page,
                "section": section,
            }


def _list_statements(answer: FieldAnswer) -> Iterator[tuple[str, str, int, str]]:
    """Yield what is said, the quote for it, its page (0 without one) and its section."""
    for item in (answer,) if isinstance(answer, str) else answer:
        if isinstance(item, Claim):
            yield item.text, item.quote, item.page, item.section
        elif isinstance(item, Result):
            yield item.statement, "", item.page, item.source
        elif item:
            yield item, "", 0, ""
