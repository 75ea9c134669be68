"""A cache of completions in memory."""

from chatpaper.domain import Completion


class MemoryCache(dict[str, Completion]):
    """Keeps completions in a dictionary."""

    def find(self, key: str) -> Completion | None:
        """Return the completion under this key."""
        return self.get(key)

    def save(self, key: str, completion: Completion) -> None:
        """Keep a completion."""
        self[key] = completion
