"""Entries -> posts on disk, by way of the store, so that a post that was begun is always finished."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from chatpaper.domain import Entry, Post
from chatpaper.durable import clear_parts
from chatpaper.pipeline.licensing import with_license
from chatpaper.store import PostKey, Store
from chatpaper.write.formats import PostFormat, load_format
from chatpaper.write.listing import Listing
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle

_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes posts from what the store holds; what it writes depends on nothing else."""

    store: Store
    style: PostStyle
    listing: Listing

    def keep(self, topic: str, recipe: str, entry: Entry) -> None:
        """Remember a paper as it is to stand in the post of a topic ('' for a paper alone)."""
        self.store.save_entry(topic, entry.paper.arxiv_id, recipe, _ENTRY.dump_json(entry).decode())

    def kept(self, topic: str, arxiv_id: str, recipe: str) -> Entry | None:
        """The entry of a paper, if nothing that shaped it has changed and its images are still there."""
        found = self.store.entry(topic, arxiv_id)
        if found is None or found[0] != recipe:
            return None
        entry = _ENTRY.validate_json(found[1])
        return entry if _has_images(entry) else None

    def entries(self, key: PostKey) -> tuple[Entry, ...]:
        """The papers of a post, newest first."""
        ids = (key.arxiv_id,) if key.arxiv_id else self.store.published_on(key.topic, key.post_date)
        records = [self.store.entry(key.topic, arxiv_id) for arxiv_id in ids]
        entries = [_ENTRY.validate_json(record[1]) for record in records if record is not None]
        licensed = [replace(entry, paper=with_license(entry.paper, self.store)) for entry in entries]
        return tuple(sorted(licensed, key=_newest_first))

    def write(self, key: PostKey) -> Path | None:
        """Put one post on disk; None where it has no papers. Raises WriteError."""
        entries = self.entries(key)
        if not entries:
            return None
        post = Post(key.post_date, key.topic, entries)
        return write_post(post, load_format(key.format), self.style, Path(key.output_dir))

    def clear_up(self, keys: Sequence[PostKey]) -> None:
        """Remove what a process that was killed left half-written where these posts go."""
        for folder in {Path(key.output_dir) / key.post_date.isoformat() for key in keys}:
            clear_parts(folder)

    def write_all(self, keys: Sequence[PostKey], output_dir: Path | None = None) -> dict[PostKey, Path]:
        """Put posts on disk, then index and feed of their folders and of `output_dir`, and say where the posts are.

        Only then are they no longer pending: what a kill cuts short, the next run does again. Raises WriteError.
        """
        self.clear_up(keys)
        paths = {key: self.write(key) for key in keys}
        written = {key: path for key, path in paths.items() if path is not None}
        folders = [Path(key.output_dir) for key in written] + ([output_dir.absolute()] if output_dir else [])
        for folder in dict.fromkeys(folders):
            self.listing.refresh(folder)
        for key in written:
            self.store.post_written(key)
        return written

    def pending(self) -> tuple[PostKey, ...]:
        """The posts that a run which was killed had settled but not yet written."""
        return self.store.pending_posts()

    def write_again(self, since: date | None, formats: Sequence[PostFormat], output_dir: Path) -> dict[PostKey, Path]:
        """Write all posts from a day on once more, in `formats` or, without any, in those that they have."""
        keys = [replace(key, output_dir=str(output_dir.absolute())) for key in self.store.posts_since(since)]
        if formats:
            keys = [replace(key, format=chosen.name) for key in keys for chosen in formats]
        return self.write_all(tuple(dict.fromkeys(keys)))


def _newest_first(entry: Entry) -> tuple[float, str]:
    published = entry.paper.published
    return (-published.timestamp() if published else 0.0, entry.paper.arxiv_id)


def _has_images(entry: Entry) -> bool:
    names = [figure.image for figure in entry.document.figures if figure.image]
    return not names or (entry.images is not None and all((entry.images / name).is_file() for name in names))
