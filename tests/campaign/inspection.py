"""What must hold after every night, whatever happened in it; each breach is one sentence."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from chatpaper.cli.lint import TEXT_CHECKS
from chatpaper.write.lint import lint_post
from tests.campaign.model import Call
from tests.campaign.world import SHANGHAI, Announced

QUIET = frozenset({"done", "nothing_announced"})
FAULTY = frozenset({"upstream_fault", "stale_upstream"})
Key = tuple[str, str]


@dataclass(frozen=True)
class Outcome:
    """What the database says of a paper in a topic."""

    status: str
    reason: str
    post_date: date | None


@dataclass(frozen=True)
class Books:
    """The state of things after a night, read from disk."""

    outcomes: dict[Key, Outcome]
    nights: tuple[dict[str, Any], ...]
    papers_of_nights: Counter[Key]
    answers: frozenset[str]
    pending_posts: int

    def of(self, night: date) -> list[dict[str, Any]]:
        """Return the rows of the topics for one post date."""
        return [row for row in self.nights if row["post_date"] == night.isoformat()]

    def queued(self) -> list[Key]:
        return [
            key for key, outcome in self.outcomes.items() if outcome.status in ("queued", "failed")
        ]


def read_books(database: Path) -> Books:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row

        def rows(query: str) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(query)]

        return Books(
            {
                (row["topic"], row["arxiv_id"]): Outcome(
                    row["status"],
                    row["reason"],
                    date.fromisoformat(row["post_date"]) if row["post_date"] else None,
                )
                for row in rows("SELECT * FROM outcomes")
            },
            tuple(rows("SELECT * FROM nights")),
            Counter(
                (row["topic"], row["post_date"])
                for row in rows("SELECT topic, post_date FROM night_papers")
            ),
            frozenset(row["text"] for row in rows("SELECT text FROM completions WHERE text <> ''")),
            rows("SELECT count(*) AS pending FROM posts WHERE pending")[0]["pending"],
        )


def kept_answers(database: Path) -> frozenset[str]:
    """Return the models' answers in the database, which need not exist yet."""
    if not database.exists():
        return frozenset()
    with closing(sqlite3.connect(database)) as connection:
        try:
            return frozenset(
                row[0]
                for row in connection.execute("SELECT text FROM completions WHERE text <> ''")
            )
        except sqlite3.OperationalError:
            return frozenset()  # killed before the first table was there


def breaches_of_ledger(books: Books, night: date) -> Iterator[str]:
    """Yield where the ledger does not add up, or tonight's rows do not say how the night ended."""
    for row in books.nights:
        name = f"{row['topic']} on {row['post_date']}"
        if row["found"] != row["published"] + row["excluded"] + row["failed"]:
            yield f"the ledger of {name} does not add up"
        if books.papers_of_nights[row["topic"], row["post_date"]] != row["found"] - row["repeated"]:
            yield f"the ledger of {name} counts other papers than it names"
    for row in books.of(night):
        if row["state"] is None:
            yield f"the night of {row['topic']} has no end"


def breaches_of_exit(
    books: Books, night: date, exit_code: int, allowed: Iterable[int]
) -> Iterator[str]:
    """Yield where the exit code is not one of those promised, or disagrees with the ledger."""
    states = {row["state"] for row in books.of(night)}
    if exit_code not in allowed:
        yield f"the exit code is {exit_code}"
    if exit_code == 0 and not states <= QUIET:
        yield f"the exit code is 0, but the night ended as {sorted(states)}"
    if states and states <= QUIET and exit_code not in (0, 3):
        yield f"the night ended as {sorted(states)}, but with exit code {exit_code}"
    if exit_code == 5 and not states & {"budget", *FAULTY}:
        yield f"the exit code is 5, but the night ended as {sorted(states)}"
    if exit_code == 4 and not states & FAULTY:
        yield f"the exit code is 4, but the night ended as {sorted(states)}"


def breaches_of_announcements(
    books: Books, night: date, shown: Iterable[Announced]
) -> Iterator[str]:
    """Yield announced papers that are unknown to a topic which says that all was taken in.

    A topic that says that its night was quiet must know them too.
    """
    rows = {row["topic"]: row for row in books.of(night)}
    for each in shown:
        for topic in each.topics:
            if (topic, each.paper.arxiv_id) in books.outcomes:
                continue
            row = rows.get(topic)
            if row is None:
                yield f"there is no night of {topic}"
            elif row["state"] in QUIET or row["covered_until"] is not None:
                how = f"{row['state']} by {row['source']}"
                yield f"{each.paper.arxiv_id}, announced on {each.evening}, is unknown: {how}"


def breaches_of_calls(
    calls: Iterable[Call], kept: frozenset[str], text_by_digest: dict[str, str], killed: bool
) -> Iterator[str]:
    """Yield calls for an answer that was kept, or that the same run was given before."""
    given: set[str] = set()
    for call in calls:
        if text_by_digest.get(call.digest) in kept:
            yield f"an answer that was kept is asked for again: {call.digest[:12]}"
        if call.digest in given and not killed:
            yield f"one run asked twice for the same answer: {call.digest[:12]}"
        if call.text is not None:
            given.add(call.digest)
            text_by_digest[call.digest] = call.text


class PostReader:
    """Reads the posts in a folder; what has not changed since the last night is not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[tuple[int, int], list[Key], list[str]]] = {}
        self.abstract_alone: set[Key] = set()
        self.marked: set[Key] = set()

    def breaches(self, books: Books) -> Iterator[str]:
        """Yield what is wrong with posts: broken, ill-formed, repetitive, or other than recorded.

        Posts must have what the database says that they have.
        """
        standing: Counter[Key] = Counter()
        dates: dict[Key, str] = {}
        for file in sorted(self._folder.rglob("*")):
            if file.suffix == ".part":
                yield f"{file} is left"
            if file.suffix not in (".json", ".md", ".xml") or not file.is_file():
                continue
            stat = file.stat()
            look = (stat.st_mtime_ns, stat.st_size)
            if self._seen.get(file, ((0, 0), [], []))[0] != look:
                self._seen[file] = (look, *self._read(file))
            _, keys, faults = self._seen[file]
            yield from faults
            standing.update(keys)
            dates |= dict.fromkeys(keys, file.parent.name)
        published = {
            key: str(o.post_date) for key, o in books.outcomes.items() if o.status == "published"
        }
        yield from (
            f"{key} stands in {count} posts" for key, count in standing.items() if count > 1
        )
        yield from (
            f"{key} is published, and in no post" for key in published.keys() - standing.keys()
        )
        yield from (
            f"{key} is in a post, and not published" for key in standing.keys() - published.keys()
        )
        yield from (
            f"{key} is in the post of {dates[key]}, not of {day}"
            for key, day in published.items()
            if key in dates and dates[key] != day
        )
        if books.pending_posts:
            yield f"{books.pending_posts} posts are pending"

    def _read(self, file: Path) -> tuple[list[Key], list[str]]:
        if file.suffix == ".md":
            found = lint_post(file, file.read_text("utf-8"), TEXT_CHECKS)
            return [], [
                f"{file.name}:{each.line}: {each.rule}: {each.message}" for each in found[:3]
            ]
        if file.suffix == ".xml":
            etree.parse(file)
            return [], []
        record = json.loads(file.read_text("utf-8"))
        if not file.with_suffix(".md").is_file():
            return [], [f"{file} has no Markdown beside it"]
        keys = [(record["topic"], paper["arxiv_id"]) for paper in record["papers"]]
        for key, paper in zip(keys, record["papers"], strict=True):
            (self.abstract_alone.add if paper["abstract_only"] else self.abstract_alone.discard)(
                key
            )
            is_marked = paper["checks"]["marked"] + paper["checks"]["left_out"] > 0
            (self.marked.add if is_marked else self.marked.discard)(key)
        return keys, []


def night_of(moment: datetime) -> date:
    """Return the post date of a run."""
    return moment.astimezone(SHANGHAI).date()
