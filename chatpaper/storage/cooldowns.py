"""Hosts that limited the rate of our requests, and until when they are left alone."""

from datetime import datetime

from chatpaper.storage.database import Database


class CooldownStore:
    """The cooldowns of hosts, remembered across runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def until(self, host: str) -> datetime | None:
        """Return until when a host is not to be contacted; the time may have passed."""
        return self._database.fetch_value(
            datetime, "SELECT not_before FROM pauses WHERE host = ?", (host,)
        )

    def begin(self, host: str, until: datetime, reason: str) -> None:
        """Leave a host alone until then."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO pauses VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                "not_before = excluded.not_before, reason = excluded.reason",
                (host, until.isoformat(), reason),
            )
