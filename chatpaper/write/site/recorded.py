"""A paper of a post read back from the JSON beside it, which `paper_to_json` wrote.

What a post says can be written again from it; the text is the one that the post shows, not the one
that the model gave.
"""

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from chatpaper.domain import Claim, FieldAnswer, FieldRecord, Paper, PostEntry, Result, Summary
from chatpaper.write.post_models import PaperJson, ResultJson

_ENTRY = TypeAdapter(PostEntry)

# Whether the paper was withdrawn may be said of a later version.
_PAPER_KEYS = {field.name for field in fields(Paper)} - {"withdrawn"}
_SUMMARY_KEYS = {
    "language",
    "backend",
    "model",
    "prompt_fingerprint",
    "coverage",
    "checks",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "warnings",
    "instructions",
}
_VERIFICATION_KEYS = {"status", "reason", "model", "verdicts", "undecided"}


@dataclass(frozen=True, slots=True)
class RecordedPaper:
    """A paper as its JSON has it; `newer` is the later version that the post mentions, if any."""

    entry: PostEntry
    newer: Paper | None = None


def read_paper(content: object, post_folder: Path) -> RecordedPaper:
    """Read a paper back from its JSON; its images are those beside the post.

    Raises ValueError where the content is no paper of a post.
    """
    record = PaperJson.from_json(content)
    images = [PurePosixPath(figure.image) for figure in record.figures if figure.image]
    document = {
        "title": record.title,
        "abstract": record.abstract,
        "figures": [
            {
                **figure.model_dump(exclude={"link", "address"}),
                "image": PurePosixPath(figure.image).name,
            }
            for figure in record.figures
        ],
        "own_links": [],
        **record.model_dump(include={"references", "hidden_text"}),
    }
    entry = _ENTRY.validate_python(
        {
            "paper": record.model_dump(include=_PAPER_KEYS),
            "document": document,
            "summary": {
                **record.model_dump(include=_SUMMARY_KEYS),
                "answers": {},
                "verification": record.verification.model_dump(include=_VERIFICATION_KEYS),
                "records": {name: each.model_dump() for name, each in record.answered_by.items()},
            },
            "abstract_only": record.abstract_only,
            "images": post_folder / images[0].parent if images else None,
            "pdf_digest": record.pdf_digest,
            "matched_phrase": record.matched_phrase,
            "ranking": None
            if record.score is None
            else {"score": record.score, "reasons": [each.model_dump() for each in record.reasons]},
        }
    )
    summary = replace(entry.summary, answers=_answers(record))
    entry = replace(entry, summary=summary if summary.records else _with_records(summary))
    return _with_newer(entry, record)


def _answers(record: PaperJson) -> dict[str, FieldAnswer]:
    claims: dict[str, list[Claim]] = defaultdict(list)
    for evidence in record.evidence:
        claims[evidence.field].append(Claim(**evidence.model_dump(exclude={"field"})))
    return {name: _answer(written, claims[name]) for name, written in record.summary.items()}


def _answer(written: str | tuple[ResultJson | str, ...], claims: list[Claim]) -> FieldAnswer:
    """Return an answer with the claims among its items, which stand in the order of the items."""
    if isinstance(written, str):
        return written
    items: list[str | Claim | Result] = []
    left = list(claims)
    for item in written:
        if isinstance(item, ResultJson):
            items.append(Result(**dict(item)))
        elif left and left[0].text == item:
            items.append(left.pop(0))
        else:
            items.append(item)
    return tuple(items)


def _with_records(summary: Summary) -> Summary:
    """Return the summary with a record for each answer.

    All name the one model that earlier versions named.
    """
    record = FieldRecord(summary.prompt_fingerprint, summary.backend, summary.model)
    records = dict.fromkeys(summary.answers, record)
    first = next(iter(records), None)
    return replace(
        summary,
        records=records | ({first: replace(record, checks=summary.checks)} if first else {}),
    )


def _with_newer(entry: PostEntry, record: PaperJson) -> RecordedPaper:
    latest, version = record.latest_version, entry.paper.version
    if latest is None or version is None or latest <= version:
        return RecordedPaper(replace(entry, paper=replace(entry.paper, withdrawn=record.withdrawn)))
    newer = replace(
        entry.paper,
        version=latest,
        abs_url=record.latest_url or entry.paper.abs_url,
        withdrawn=record.withdrawn,
    )
    return RecordedPaper(entry, newer)
