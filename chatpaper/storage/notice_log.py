"""What people were told on which day, in the database, so that they are told once."""

from collections.abc import Iterable
from datetime import date

from chatpaper.storage.database import Database

# A kind of notice and what it is about: the topic of an alert, or the paper of a digest.
Notice = tuple[str, str]


class NoticeLog:
    """The notices in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def was_sent(self, day: date, notice: Notice) -> bool:
        """Return whether a notice was sent on a day."""
        query = "SELECT 1 FROM notices WHERE day = ? AND kind = ? AND subject = ?"
        return bool(self._database.rows(query, (day.isoformat(), *notice)))

    def record(self, day: date, notices: Iterable[Notice]) -> None:
        """Remember that notices were sent on a day, all in one step."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO notices VALUES (?, ?, ?)",
                [(day.isoformat(), *notice) for notice in notices],
            )
