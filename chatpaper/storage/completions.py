"""The answers of models, so that none is paid for twice."""

from chatpaper.domain import Completion
from chatpaper.storage.database import Database


class Completions:
    """Completions by a hash of everything that shaped them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str) -> Completion | None:
        """Return the completion that is kept under a key."""
        return self._database.fetch_one(
            Completion, "SELECT * FROM completions WHERE key = ?", (key,)
        )

    def save(self, key: str, completion: Completion) -> None:
        """Keep a completion, from now on; one that is kept already is not written again."""
        if self.find(key) == completion:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO completions "
                "VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                (
                    key,
                    completion.text,
                    completion.model,
                    completion.input_tokens,
                    completion.output_tokens,
                    completion.cached_input_tokens,
                ),
            )
