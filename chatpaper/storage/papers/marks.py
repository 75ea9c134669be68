"""What readers think of papers, and the records of papers that their profiles name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chatpaper.domain import Paper
from chatpaper.storage.database import Database
from chatpaper.storage.rows import read_record, write_record

MarkKind = Literal["like", "hide", "read"]

# A paper that is liked is no longer hidden, and the other way round.
_OPPOSITES: dict[MarkKind, MarkKind] = {"like": "hide", "hide": "like"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader thinks of a paper."""

    profile: str
    arxiv_id: str
    kind: MarkKind


class Marks:
    """The marks of all profiles; the one without a name is that of the whole installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, marks: Iterable[Mark], now: datetime) -> None:
        """Set marks, in one step; each takes its opposite away."""
        with self._database.transaction() as connection:
            for mark in marks:
                connection.execute(
                    "DELETE FROM marks WHERE profile = ? AND arxiv_id = ? AND kind = ?",
                    (mark.profile, mark.arxiv_id, _OPPOSITES.get(mark.kind, "")),
                )
                connection.execute(
                    "INSERT INTO marks VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (mark.profile, mark.arxiv_id, mark.kind, now.isoformat()),
                )

    def remove(self, marks: Iterable[Mark]) -> int:
        """Take marks away, in one step; return how many there were."""
        with self._database.transaction() as connection:
            return sum(
                connection.execute(
                    "DELETE FROM marks WHERE profile = ? AND arxiv_id = ? AND kind = ?",
                    (mark.profile, mark.arxiv_id, mark.kind),
                ).rowcount
                for mark in marks
            )

    def of_profile(self, profile: str) -> tuple[Mark, ...]:
        """List the marks of a profile, by the ids of papers."""
        return self._database.fetch_all(
            Mark,
            "SELECT profile, arxiv_id, kind FROM marks WHERE profile = ? ORDER BY arxiv_id, kind",
            (profile,),
        )


class LibraryRecords:
    """The records of papers that profiles name and no run has found, by their ids."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, papers: Sequence[Paper]) -> None:
        """Remember papers, in one step."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO library_papers VALUES (?, ?)",
                [(paper.arxiv_id, write_record(paper)) for paper in papers],
            )

    def find(self, arxiv_id: str) -> Paper | None:
        """Return the record of a paper."""
        record = self._database.fetch_value(
            str, "SELECT record FROM library_papers WHERE arxiv_id = ?", (arxiv_id,)
        )
        return None if record is None else read_record(Paper, record, arxiv_id)
