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

    def save(self, key: str, completion: Completion, arxiv_id: str = "") -> None:
        """Keep a completion, from now on; one that is kept already is not written again.

        It is forgotten with the paper `arxiv_id`, also where only an earlier call named that.
        """
        if self.find(key) == completion:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO completions (key, text, model, input_tokens, output_tokens, "
                "cached_input_tokens, batched, arxiv_id, created) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) "
                "ON CONFLICT DO UPDATE SET text = excluded.text, model = excluded.model, "
                "input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, "
                "cached_input_tokens = excluded.cached_input_tokens, "
                "batched = excluded.batched, created = excluded.created, "
                "arxiv_id = ifnull(nullif(excluded.arxiv_id, ''), arxiv_id)",
                (
                    key,
                    completion.text,
                    completion.model,
                    completion.input_tokens,
                    completion.output_tokens,
                    completion.cached_input_tokens,
                    completion.batched,
                    arxiv_id,
                ),
            )
