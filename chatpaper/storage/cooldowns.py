"""Services that throttled us, and until when they are left alone: remembered across runs."""

from datetime import datetime

from chatpaper.storage.database import Database


class CooldownStore:
    """The pauses in the database, by host."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def until(self, host: str) -> datetime | None:
        """Until when a host is not to be asked; the time may be over."""
        rows = self._database.rows("SELECT not_before FROM pauses WHERE host = ?", (host,))
        return datetime.fromisoformat(rows[0]["not_before"]) if rows else None

    def begin(self, host: str, until: datetime, reason: str) -> None:
        """Leave a host alone until then."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO pauses VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET not_before = excluded.not_before, "
                "reason = excluded.reason",
                (host, until.isoformat(), reason),
            )
