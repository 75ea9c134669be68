"""The entries of papers that can be reused."""

from dataclasses import dataclass

from chatpaper.domain import PostEntry
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.storage.papers.entries import Entries


@dataclass(frozen=True, slots=True)
class EntryStore:
    """Keeps each entry with the version of the extractor that read its paper."""

    entries: Entries
    extractor_version: str = str(EXTRACTOR_VERSION)

    def save(self, topic: str | None, entry: PostEntry) -> None:
        """Save a paper as it is to stand in the post of a topic, or None for a paper alone."""
        self.entries.save(topic, self.extractor_version, entry)

    def load(self, arxiv_id: str) -> tuple[PostEntry, ...]:
        """Return the entries of a paper in all topics that can be reused.

        They are of the same version of the extractor, and their images are still there. Raises
        StoreError.
        """
        entries = self.entries.of_recipe(self.extractor_version, arxiv_id)
        return tuple(entry for entry in entries if _has_images(entry))


def _has_images(entry: PostEntry) -> bool:
    names = [figure.image for figure in entry.document.figures if figure.image]
    return not names or (
        entry.images is not None and all((entry.images / name).is_file() for name in names)
    )
