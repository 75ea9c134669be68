"""Entries -> posts on disk, by way of the store, so that a post that was begun is always finished."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from chatpaper.catalogue import Catalogue
from chatpaper.domain import Entry, Post
from chatpaper.durable import clear_parts
from chatpaper.errors import ConfigError
from chatpaper.pipeline.licensing import with_license
from chatpaper.pipeline.revisions import records_of, with_versions
from chatpaper.store import PostKey, Store
from chatpaper.write.formats import PostFormat, load_format
from chatpaper.write.listing import Listing
from chatpaper.write.posts import post_place, write_post
from chatpaper.write.render import PostStyle

log = logging.getLogger(__name__)

_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes posts from what the store holds; what it writes depends on nothing else.

    `load` gives the format of a name, and raises ConfigError where there is none.
    """

    store: Store
    style: PostStyle
    listing: Listing
    load: Callable[[str], PostFormat] = load_format

    def keep(self, topic: str, recipe: str, entry: Entry) -> None:
        """Remember a paper as it is to stand in the post of a topic ('' for a paper alone)."""
        with self.store.transaction():
            self.store.save_entry(topic, entry.paper.arxiv_id, recipe, _ENTRY.dump_json(entry).decode())
            Catalogue(self.store).keep(topic, entry)

    def kept(self, arxiv_id: str, recipe: str) -> tuple[Entry, ...]:
        """The entries of a paper in all topics that the same recipe made and whose images are still there."""
        records = [record for made_by, record in self.store.entries_of(arxiv_id) if made_by == recipe]
        return tuple(entry for entry in map(_ENTRY.validate_json, records) if _has_images(entry))

    def entries(self, key: PostKey) -> tuple[Entry, ...]:
        """The papers of a post, in the order in which it shows them."""
        entries = [_ENTRY.validate_json(record) for record in records_of(self.store, key).values()]
        licensed = [replace(entry, paper=with_license(entry.paper, self.store)) for entry in entries]
        complete = [with_versions(entry, key, self.store) for entry in licensed]
        return tuple(sorted(complete, key=lambda entry: entry.paper.place))

    def lacking(self, key: PostKey) -> tuple[Entry, ...]:
        """The papers of a post that were never asked what its format shows."""
        try:
            post_format = self.load(key.format)
        except ConfigError:
            return ()
        return tuple(entry for entry in self.entries(key) if not _answers_all(entry, post_format))

    def write(self, key: PostKey, beside: Collection[PostKey] = ()) -> Path | None:
        """Put one post on disk, along with those `beside` it; None where it would be empty. Raises WriteError.

        A paper that was never asked what the format shows is left out of it: it did not say nothing about it.
        """
        try:
            post_format = self.load(key.format)
        except ConfigError as error:
            log.warning("the post of %s on %s cannot be written: %s", key.topic or key.arxiv_id, key.post_date, error)
            return None
        entries = self.entries(key)
        answered = tuple(entry for entry in entries if _answers_all(entry, post_format))
        for entry in (entry for entry in entries if entry not in answered):
            log.warning("%s is left out of the format %s, for which it was not asked", entry.paper.idv, key.format)
        if not answered:
            return None
        linked = tuple(self._linked(entry, key, post_format, beside) for entry in answered)
        return write_post(Post(key.post_date, key.topic, linked), post_format, self.style, Path(key.output_dir))

    def clear_up(self, keys: Sequence[PostKey]) -> None:
        """Remove what a process that was killed left half-written where these posts go."""
        for folder in {Path(key.output_dir) / key.post_date.isoformat() for key in keys}:
            clear_parts(folder)

    def _linked(self, entry: Entry, key: PostKey, post_format: PostFormat, beside: Collection[PostKey]) -> Entry:
        """The entry with the way to the post of an earlier version, where that is in the same folder and format."""
        earlier = entry.earlier
        if earlier is None:
            return entry
        target = replace(key, post_date=earlier.date)
        if target not in beside and not self.store.has_post(target):
            return entry
        post = Post(key.post_date, key.topic, (entry,))
        place = post_place(Path(), post, post_format.scope).file(post_format.name, ".md")
        up = "../" * (len(place.parts) - 1)
        address = Path(earlier.date.isoformat(), *place.parts[1:]).as_posix()
        return replace(entry, earlier=replace(earlier, address=up + address))

    def write_all(self, keys: Sequence[PostKey], output_dir: Path | None = None) -> dict[PostKey, Path]:
        """Put posts on disk, then index and feed of their folders and of `output_dir`, and say where the posts are.

        Only then are they no longer pending: what a kill cuts short, the next run does again. Raises WriteError.
        """
        self.clear_up(keys)
        beside = frozenset(keys)
        paths = {key: self.write(key, beside) for key in keys}
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

    def keys_since(self, since: date | None, formats: Sequence[PostFormat], output_dir: Path) -> tuple[PostKey, ...]:
        """The posts from a day on, in `formats` or, without any, in those that they have."""
        keys = [replace(key, output_dir=str(output_dir.absolute())) for key in self.store.posts_since(since)]
        if formats:
            keys = [other for key in keys for chosen in formats for other in self._in_format(key, chosen)]
        return tuple(dict.fromkeys(keys))

    def _in_format(self, key: PostKey, post_format: PostFormat) -> list[PostKey]:
        """The post, or the posts, that have the same papers in another format."""
        if not key.topic:
            return [replace(key, format=post_format.name)]
        of_the_day = replace(key, arxiv_id="", format=post_format.name)
        if post_format.scope == "day":
            return [of_the_day]
        return [replace(of_the_day, arxiv_id=arxiv_id) for arxiv_id in records_of(self.store, of_the_day)]


def _answers_all(entry: Entry, post_format: PostFormat) -> bool:
    return all(name in entry.summary.answers for name in post_format.fields)


def _has_images(entry: Entry) -> bool:
    names = [figure.image for figure in entry.document.figures if figure.image]
    return not names or (entry.images is not None and all((entry.images / name).is_file() for name in names))
