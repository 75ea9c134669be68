"""Nights of readers who are played by public lists of papers.

Somebody who keeps a list of papers on a subject has read what was announced, and has written down
what belongs to it. The list plays a reader: its papers up to some day are the library, and on the
night after that the papers that were listed later are what the reader wants to find among as many
others of the same categories as make up the night. What a list lacks counts as not wanted, so that
precision is told too low, for every way of ranking alike.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain import Paper

LIBRARY_PAPERS, NIGHT_PAPERS, MOST_WANTED, HISTORY_PAPERS = 30, 300, 20, 1000
# With fewer in the list there is no telling how well its papers are found.
LEAST_WANTED = 6

_ID = re.compile(r"(?<![\d.])\d{4}\.\d{5}(?!\d)")


@dataclass(frozen=True)
class Record:
    """A paper, and the day on which it was announced."""

    paper: Paper
    day: str


@dataclass(frozen=True)
class ReaderNight:
    """What one reader has, what there is on a night, and which of that the reader wants."""

    reader: str
    library: tuple[Paper, ...]
    history: tuple[Paper, ...]
    papers: tuple[Paper, ...]
    wanted: frozenset[str]
    days: Mapping[str, str]


def read_records(folder: Path) -> dict[str, Record]:
    """Read records, one a line, of JSON with `id`, `title`, `summary` and `day`."""
    records: dict[str, Record] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            each = json.loads(line)
            paper = Paper(
                each["id"],
                each["title"],
                tuple(each.get("authors") or ()),
                each["summary"],
                comment=each.get("comment") or "",
                categories=tuple(each.get("categories") or ()),
            )
            records.setdefault(paper.arxiv_id, Record(paper, each["day"]))
    return records


def make_nights(lists: Path, records: Mapping[str, Record]) -> Iterator[ReaderNight]:
    """Make a night of each list that names enough papers of which there are records."""
    by_day = sorted(records.values(), key=lambda each: (each.day, each.paper.arxiv_id))
    for file in sorted(lists.iterdir()):
        ids = set(_ID.findall(file.read_text("utf-8")))
        listed = [each for each in by_day if each.paper.arxiv_id in ids]
        wanted = listed[-min(MOST_WANTED, len(listed) // 3) :] if listed else []
        if len(wanted) >= LEAST_WANTED:
            yield _make_night(file.stem, listed, wanted, by_day)


def _make_night(
    reader: str, listed: Sequence[Record], wanted: Sequence[Record], by_day: Sequence[Record]
) -> ReaderNight:
    first, last = wanted[0].day, wanted[-1].day
    own = {each.paper.arxiv_id for each in listed}
    others = [each for each in by_day if each.paper.arxiv_id not in own]
    categories = Counter(_category(each) for each in wanted)
    during = [each for each in others if first <= each.day <= last]
    before = [each for each in others if each.day < first]
    night = _draw(during, categories, NIGHT_PAPERS - len(wanted), reader)
    history = _draw(before[-20 * HISTORY_PAPERS :], categories, HISTORY_PAPERS, reader)
    library = [each for each in listed if each.day < first][-LIBRARY_PAPERS:]
    papers = [*wanted, *night]
    return ReaderNight(
        reader,
        tuple(each.paper for each in library),
        tuple(each.paper for each in history),
        tuple(each.paper for each in papers),
        frozenset(each.paper.arxiv_id for each in wanted),
        {each.paper.arxiv_id: each.day for each in papers},
    )


def _draw(
    records: Iterable[Record], categories: Counter[str], most: int, seed: str
) -> list[Record]:
    """Draw records so that their categories have the shares of those that are wanted."""
    shuffled = sorted(records, key=lambda each: make_lot(each.paper.arxiv_id, seed))
    total = sum(categories.values())
    room = {name: round(most * count / total) for name, count in categories.items()}
    drawn = []
    for each in shuffled:
        if room.get(_category(each), 0) > 0:
            room[_category(each)] -= 1
            drawn.append(each)
    return drawn


def _category(record: Record) -> str:
    return record.paper.categories[0] if record.paper.categories else ""


def make_lot(key: str, seed: str) -> str:
    """Return a text that orders keys by chance, and in the same order every time."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
