"""Export the papers of posts to other programs.

There is BibTeX for reference managers, JSON lines for scripts and CSV for tables.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from chatpaper.domain.json_model import Day
from chatpaper.write.export.bibtex import render_bibliography
from chatpaper.write.post_models import PaperJson
from chatpaper.write.site.post_folder import PostFolder, PublishedPost

# Excel takes a file without this sign for one in the code page of its country, and spoils all
# Chinese in it.
BYTE_ORDER_MARK = "\ufeff"

# Spreadsheets take what begins so for a formula and compute it, in full width too (OWASP, "CSV
# Injection"). An apostrophe before it makes it text; since a text may begin with one itself, that
# gets another: the first is ours.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠'")

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

    `record` is that of the newest version.
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
) -> tuple[ExportedPaper, ...]:
    """Return the papers of the posts from `since` to `until`, both included, each paper once.

    The posts are those of these topics, or of all where none is given.
    """
    found: dict[str, ExportedPaper] = {}
    for post in archive.posts():
        in_time = (since is None or since <= post.date) and (until is None or post.date <= until)
        if not in_time or (topics and post.topic not in topics):
            continue
        for record in archive.records(post):
            known = found.get(record["arxiv_id"], ExportedPaper(record, ()))
            newest = max(known.record, record, key=lambda each: each.get("version") or 0)
            found[record["arxiv_id"]] = ExportedPaper(newest, (*known.posts, post))
    return tuple(found.values())


def as_bibtex(papers: Iterable[ExportedPaper]) -> str:
    """Return one BibTeX entry for each paper, in ASCII where LaTeX has a name for a character."""
    return render_bibliography([paper.record for paper in papers])


def as_json_lines(papers: Iterable[ExportedPaper]) -> str:
    """Return the papers as JSON, one on each line."""
    return "".join(json.dumps(paper.full_record, ensure_ascii=False) + "\n" for paper in papers)


def as_csv(papers: Iterable[ExportedPaper]) -> str:
    """Return a table (RFC 4180) that begins with a byte order mark.

    What a spreadsheet would compute has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([escape_formula(cell) for cell in _row(paper.full_record)] for paper in papers)
    return BYTE_ORDER_MARK + text.getvalue()


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


EXPORT_FORMATS: Mapping[str, Callable[[Iterable[ExportedPaper]], str]] = {
    "bibtex": as_bibtex,
    "jsonl": as_json_lines,
    "csv": as_csv,
}
