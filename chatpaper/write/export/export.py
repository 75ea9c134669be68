"""Export the papers of posts to other programs.

There is BibTeX and RIS for reference managers, JSON lines for scripts, CSV for tables, and a note a
paper for Obsidian and Notion.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import Field

from chatpaper.domain.json_model import Day
from chatpaper.write.export.bibtex import render_bibliography
from chatpaper.write.export.ris import render_ris
from chatpaper.write.post_models import PaperJson
from chatpaper.write.site.post_folder import PostFolder, PublishedPost, digest_key

# Excel takes a file without this sign for one in the code page of its country, and spoils all
# Chinese in it.
BYTE_ORDER_MARK = "\ufeff"

# Spreadsheets take what begins so for a formula and compute it, in full width too (OWASP, "CSV
# Injection"). An apostrophe before it makes it text; since a text may begin with one itself, that
# gets another: the first is ours.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠'")

# Posts of one day in other formats stand beside it, and have the same papers.
_POSTS_IN_MEMORY = 4
_PARTS = 8

COLUMNS = (
    *(
        "arxiv_id",
        "version",
        "latest_version",
        "date",
        "topics",
        "title",
        "translated_title",
        "authors",
    ),
    *(
        "published",
        "updated",
        "primary_category",
        "categories",
        "comment",
        "journal_ref",
        "doi",
        "abs_url",
        "pdf_url",
    ),
    *("links", "keywords", "summary", "key_takeaways", "posts"),
)


class ExportedPaperJson(PaperJson):
    """A line of `chatpaper export --format jsonl`.

    Papers of posts that earlier versions wrote have fewer keys: only those without a default.
    """

    date: Day = Field(description="Date of the newest post of the paper")
    topics: tuple[str, ...] = Field(description="Topics of its posts, sorted")
    posts: tuple[str, ...] = Field(description="Posts relative to the output folder, newest first")


@dataclass(frozen=True, slots=True)
class ExportedPaper:
    """A paper with the posts in which it appears, newest first.

    `record` is that of the newest version, with the answers of all its posts.
    """

    record: Mapping[str, Any]
    posts: tuple[PublishedPost, ...]

    @property
    def full_record(self) -> dict[str, Any]:
        """The record, with where it was posted."""
        return {
            **self.record,
            "date": self.posts[0].date.isoformat(),
            "topics": sorted({post.topic for post in self.posts if post.topic is not None}),
            "posts": [post.markdown for post in self.posts],
        }


def collect_papers(
    archive: PostFolder, since: date | None, until: date | None, topics: Sequence[str]
) -> Iterator[ExportedPaper]:
    """Yield the papers of the posts from `since` to `until`, both included, each paper once.

    The posts are those of these topics, or of all where none is given; they are read one after the
    other.
    """
    posts = [
        post
        for post in archive.posts()
        if not post.is_overview
        and (since is None or since <= post.date)
        and (until is None or post.date <= until)
        and (not topics or post.topic in topics)
    ]
    repeated = _find_repeated(posts)

    @lru_cache(_POSTS_IN_MEMORY)
    def read(place: int) -> tuple[Mapping[str, Any], ...]:
        return archive.records(posts[place])

    for place in range(len(posts)):
        done: set[int] = set()
        for record in read(place):
            key = digest_key(record["arxiv_id"])
            places = repeated.get(key, (place,))
            if places[0] != place or key in done:
                continue
            done.add(key)
            versions = (
                other
                for each in dict.fromkeys(places)
                for other in read(each)
                if other["arxiv_id"] == record["arxiv_id"]
            )
            united = record if len(places) == 1 else unite_records(tuple(versions))
            yield ExportedPaper(united, tuple(posts[each] for each in places))


def unite_records(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the record of the newest version, with the answers that other posts of it have.

    Posts of one paper in several formats have each the answers that it shows. Answers in another
    language stay where they are.
    """
    newest = max(records, key=_version)
    united = dict(newest)
    for other in records:
        if _version(other) != _version(newest) or other.get("language") != newest.get("language"):
            continue
        known = united.get("summary", {})
        answers = other.get("summary", {})
        added = [name for name in answers if answers[name] and not known.get(name)]
        if not added:
            continue
        united["summary"] = {**known, **{name: answers[name] for name in added}}
        united["evidence"] = [
            *united.get("evidence", ()),
            *(each for each in other.get("evidence", ()) if each["field"] in added),
        ]
        made = other.get("answered_by", {})
        united["answered_by"] = {
            **united.get("answered_by", {}),
            **{name: made[name] for name in added if name in made},
        }
    return united


def _find_repeated(posts: Sequence[PublishedPost]) -> dict[int, tuple[int, ...]]:
    """Find the papers of several posts: the places of these by the digest of the paper's key.

    A part of the papers is looked at after the other, so that few are in memory at once.
    """
    repeated: dict[int, tuple[int, ...]] = {}
    for part in range(_PARTS):
        first: dict[int, int] = {}
        for place, post in enumerate(posts):
            for key in post.keys:
                if key % _PARTS != part:
                    continue
                if key in first:
                    repeated[key] = (*repeated.get(key, (first[key],)), place)
                else:
                    first[key] = place
    return repeated


def _version(record: Mapping[str, Any]) -> int:
    return record.get("version") or 0


def as_bibtex(papers: Iterable[ExportedPaper]) -> Iterator[str]:
    """Yield one BibTeX entry for each paper, in ASCII where LaTeX has a name for a character."""
    yield render_bibliography([paper.full_record for paper in papers])


def as_ris(papers: Iterable[ExportedPaper]) -> Iterator[str]:
    """Yield one record of RIS for each paper."""
    for paper in papers:
        yield render_ris(paper.full_record)


def as_json_lines(papers: Iterable[ExportedPaper]) -> Iterator[str]:
    """Yield the papers as JSON, one on each line."""
    for paper in papers:
        yield json.dumps(paper.full_record, ensure_ascii=False) + "\n"


def as_csv(papers: Iterable[ExportedPaper]) -> Iterator[str]:
    """Yield the rows of a table (RFC 4180) that begins with a byte order mark.

    What a spreadsheet would compute has an apostrophe before it.
    """
    yield BYTE_ORDER_MARK + _csv_row(COLUMNS)
    for paper in papers:
        yield _csv_row([escape_formula(cell) for cell in _row(paper.full_record)])


def _csv_row(cells: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _row(record: Mapping[str, Any]) -> list[str]:
    answers = record.get("summary", {})
    own = {
        "translated_title": answers.get("title"),
        "keywords": answers.get("keywords"),
        "summary": answers.get("summary"),
        "key_takeaways": "\n".join(answers.get("key_takeaways", ())),
    }
    return [_cell({**record, **own}.get(column)) for column in COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


EXPORT_FORMATS: Mapping[str, Callable[[Iterable[ExportedPaper]], Iterator[str]]] = {
    "bibtex": as_bibtex,
    "jsonl": as_json_lines,
    "csv": as_csv,
    "ris": as_ris,
}
