"""Which notices people were sent on which day, so that they are sent once."""

from collections.abc import Iterable
from datetime import date

from chatpaper.storage.database import Database

# A kind of notice and what it is about: the topic of an alert, or the paper of a digest.
Notice = tuple[str, str]


class NoticeLog:
    """The notices that were sent, by day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def was_sent(self, day: date, notice: Notice) -> bool:
        """Return whether a notice was sent on a day."""
        return self._database.exists(
            "SELECT 1 FROM notices WHERE day = ? AND kind = ? AND subject = ?",
            (day.isoformat(), *notice),
        )

    def record(self, day: date, notices: Iterable[Notice]) -> None:
        """Remember that notices were sent on a day, all in one step."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO notices VALUES (?, ?, ?)",
                [(day.isoformat(), *notice) for notice in notices],
            )
