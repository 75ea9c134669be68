"""A paper of a post from the JSON beside it: what `posts.paper_record` wrote, read back.

What a post says can be written again from it; the text is the one that the post shows, not the one
that the model gave.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter

from chatpaper.domain import Claim, Entry, FieldAnswer, FieldRecord, Paper, Result, Summary

_ENTRY = TypeAdapter(Entry)
_CLAIM = TypeAdapter(Claim)
_RESULT = TypeAdapter(Result)

_PAPER_KEYS = (
    *(
        "arxiv_id",
        "version",
        "title",
        "authors",
        "abstract",
        "published",
        "primary_category",
        "categories",
        "comment",
    ),
    *(
        "journal_ref",
        "doi",
        "abs_url",
        "pdf_url",
        "license",
        "upvotes",
        "source",
        "updated",
        "links",
    ),
)
_SUMMARY_KEYS = (
    *(
        "language",
        "backend",
        "model",
        "prompt_fingerprint",
        "coverage",
        "checks",
        "input_tokens",
        "output_tokens",
    ),
    *("cost_usd", "warnings", "instructions"),
)
_VERIFICATION_KEYS = ("status", "reason", "model", "verdicts", "undecided")
_DOCUMENT_KEYS = ("references", "hidden_text")


@dataclass(frozen=True, slots=True)
class RecordedPaper:
    """A paper as its JSON has it; `newer` is the later version that the post tells of, if it does."""

    entry: Entry
    newer: Paper | None = None


def recorded_paper(record: Mapping[str, Any], post_folder: Path) -> RecordedPaper:
    """Read a paper back; its images are those beside the post.

    Raises ValueError, KeyError or TypeError.
    """
    figures = [
        {**figure, "image": PurePosixPath(figure.get("image") or "").name}
        for figure in record.get("figures", ())
    ]
    folder = next(
        (
            PurePosixPath(each["image"]).parent
            for each in record.get("figures", ())
            if each["image"]
        ),
        None,
    )
    document = {
        "title": record["title"],
        "abstract": record.get("abstract", ""),
        "figures": [
            {name: value for name, value in figure.items() if name != "link"} for figure in figures
        ],
        "own_links": [],
        **_chosen(record, _DOCUMENT_KEYS),
    }
    entry = _ENTRY.validate_python(
        {
            "paper": _chosen(record, _PAPER_KEYS),
            "document": document,
            "summary": {
                **_chosen(record, _SUMMARY_KEYS),
                "answers": {},
                "verification": _chosen(record.get("verification") or {}, _VERIFICATION_KEYS),
                "records": record.get("answered_by") or {},
            },
            "abstract_only": record.get("abstract_only"),
            "images": post_folder / folder if folder is not None else None,
            "pdf_digest": record.get("pdf_digest", ""),
        }
    )
    summary = replace(entry.summary, answers=_answers(record))
    entry = replace(entry, summary=summary if summary.records else _with_records(summary))
    return _with_newer(entry, record)


def _chosen(record: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: record[key] for key in keys if key in record}


def _answers(record: Mapping[str, Any]) -> dict[str, FieldAnswer]:
    claims: dict[str, list[Claim]] = defaultdict(list)
    for each in record.get("evidence", ()):
        claim = {name: value for name, value in each.items() if name != "field"}
        claims[each["field"]].append(_CLAIM.validate_python(claim))
    return {name: _answer(written, claims[name]) for name, written in record["summary"].items()}


def _answer(written: Any, claims: list[Claim]) -> FieldAnswer:
    """An answer with the claims among its items, which stand in the order of the items."""
    if isinstance(written, str):
        return written
    items: list[str | Claim | Result] = []
    left = list(claims)
    for item in written:
        if isinstance(item, Mapping):
            items.append(_RESULT.validate_python(item))
        elif left and left[0].text == item:
            items.append(left.pop(0))
        else:
            items.append(str(item))
    return tuple(items)


def _with_records(summary: Summary) -> Summary:
    """The summary with a record for each answer, all from the one model that earlier versions
    named.
    """
    record = FieldRecord(summary.prompt_fingerprint, summary.backend, summary.model)
    records = dict.fromkeys(summary.answers, record)
    first = next(iter(records), None)
    return replace(
        summary,
        records=records | ({first: replace(record, checks=summary.checks)} if first else {}),
    )


def _with_newer(entry: Entry, record: Mapping[str, Any]) -> RecordedPaper:
    latest, withdrawn = record.get("latest_version"), bool(record.get("withdrawn"))
    if latest is None or entry.paper.version is None or latest <= entry.paper.version:
        return RecordedPaper(replace(entry, paper=replace(entry.paper, withdrawn=withdrawn)))
    newer = replace(
        entry.paper,
        version=latest,
        abs_url=str(record.get("latest_url") or entry.paper.abs_url),
        withdrawn=withdrawn,
    )
    return RecordedPaper(entry, newer)
