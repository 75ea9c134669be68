"""The answers of models, kept under a hash of everything that shaped them: none is paid for twice."""

from pydantic import TypeAdapter

from chatpaper.domain import Completion
from chatpaper.storage.database import Database
from chatpaper.storage.rows import read_row

_COMPLETION = TypeAdapter(Completion)


class Completions:
    """The completions in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> Completion | None:
        """The completion kept under `key`."""
        rows = self._database.rows("SELECT * FROM completions WHERE key = ?", (key,))
        return read_row(_COMPLETION, rows)

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion from the moment it arrived; nothing is written where it is kept
        already.
        """
        if self.get(key) == completion:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO completions VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                (
                    key,
                    completion.text,
                    completion.model,
                    completion.input_tokens,
                    completion.output_tokens,
                    completion.cached_input_tokens,
                ),
            )
