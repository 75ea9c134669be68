"""arXiv's public snapshot of its metadata: one JSON record a line, read as a stream.

The file (`arxiv-metadata-oai-snapshot.json`, some 5 GB) is republished every week; each record has
the licence, all versions with their times, and authors whose names are decoded.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, BinaryIO, cast

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.withdrawal import is_withdrawn
from chatpaper.fetch.record_text import clean_record_text

# The longest records, with thousands of authors, take some 200 kB.
_MAX_LINE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line of the snapshot that holds no record, and why; lines are counted from 1."""

    number: int
    reason: str


def _parse_time(text: object) -> datetime:
    moment = parsedate_to_datetime(str(text))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Version(BaseModel):
    version: Annotated[str, Field(pattern=r"^v[1-9]\d{0,3}$")]
    created: Annotated[datetime, BeforeValidator(_parse_time)]


class _Record(BaseModel):
    """What the snapshot says of a paper; what is missing is null there."""

    id: str
    title: str
    abstract: str
    categories: str
    versions: Annotated[list[_Version], Field(min_length=1)]
    authors_parsed: list[list[str]] = []
    comments: str | None = None
    journal_ref: Annotated[str | None, Field(alias="journal-ref")] = None
    doi: str | None = None
    license: str | None = None


def read_snapshot(path: Path) -> Iterator[Paper | UnreadableLine]:
    """Read the records of a snapshot (also `.gz`) one by one, in the order of its lines.

    Raises ConfigError where there is no such file, or it cannot be read to its end.
    """
    with _open(path) as lines:
        number = 0
        while line := lines.readline(_MAX_LINE_BYTES):
            number += 1
            if line.isspace():
                continue
            try:
                yield read_record(json.loads(line))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                yield UnreadableLine(number, f"{place}: {first['msg']}")
            except (ValueError, RecursionError) as error:
                yield UnreadableLine(number, str(error))


def read_record(fields: Mapping[str, object]) -> Paper:
    """Return the paper of a record. Raises ValueError for what is no record of arXiv."""
    record = _Record.model_validate(fields)
    arxiv_id = ArxivId.parse(record.id).id
    newest = max(record.versions, key=lambda each: int(each.version[1:]))
    version = int(newest.version[1:])
    idv = ArxivId(arxiv_id, version).idv
    categories = tuple(record.categories.split())
    abstract, comment = clean_record_text(record.abstract), clean_record_text(record.comments)
    return Paper(
        arxiv_id=arxiv_id,
        title=clean_record_text(record.title),
        authors=tuple(name for parts in record.authors_parsed if (name := _write_name(parts))),
        abstract=abstract,
        version=version,
        published=min(each.created for each in record.versions),
        updated=newest.created,
        primary_category=next(iter(categories), ""),
        categories=categories,
        comment=comment,
        journal_ref=clean_record_text(record.journal_ref),
        doi=record.doi or "",
        abs_url=f"http://arxiv.org/abs/{idv}",
        pdf_url=f"https://arxiv.org/pdf/{idv}",
        withdrawn=is_withdrawn(comment, abstract),
        license=record.license or "",
    )


def _write_name(parts: list[str]) -> str:
    """Write a name as papers do, from family name, given name and what follows (`Jr.`).

    What stands behind these are affiliations.
    """
    family, given, suffix = (*parts, "", "", "")[:3]
    return clean_record_text(" ".join(filter(None, (given, family, suffix))))


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"The metadata file {path} cannot be read: {reason}.") from error
