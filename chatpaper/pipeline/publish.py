"""Write entries as posts on disk, through the store, so that a begun post is always finished."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import Post, PostEntry
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.post_contents import PostContents
from chatpaper.pipeline.post_names import Outputs
from chatpaper.storage.papers.post_names import PostNames
from chatpaper.storage.papers.posts import PostKey
from chatpaper.write.edit_protection import WrittenPost
from chatpaper.write.formats import PostFormat, Scope, load_format
from chatpaper.write.post_paths import PostPaths, find_relative_path, plan_post_paths
from chatpaper.write.posts import update_post
from chatpaper.write.render import PostStyle
from chatpaper.write.site.site_index import SiteIndex

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes posts from what the store holds; what it writes depends on nothing else.

    `load` gives the format of a name, and raises ConfigError where there is none. One that
    `overwrites` also writes over posts that somebody edited.
    """

    contents: PostContents
    names: PostNames
    style: PostStyle
    listing: SiteIndex
    load: Callable[[str], PostFormat] = load_format
    overwrites: bool = False

    def lacking(self, key: PostKey) -> tuple[PostEntry, ...]:
        """Return the papers of a post that were never asked what its format shows."""
        try:
            post_format = self.load(key.format)
        except ConfigError:
            return ()
        return tuple(
            entry for entry in self.contents.entries(key) if not _answers_all(entry, post_format)
        )

    def place_of(self, key: PostKey, entries: tuple[PostEntry, ...]) -> PostPaths:
        """Return where the files of a post go."""
        post = Post(key.post_date, key.topic, entries)
        folder = Path(key.output_dir)
        scope: Scope = "paper" if key.arxiv_id else "day"
        book = Outputs(self.names, folder)
        return plan_post_paths(folder, post, scope, book, self.style.layout)

    def write(self, key: PostKey, beside: Collection[PostKey] = ()) -> WrittenPost | None:
        """Put one post on disk, along with those `beside` it; None where it would be empty.

        Raises WriteError.

        A paper that was never asked what the format shows is left out of it: it did not say nothing
        about it.
        """
        try:
            post_format = self.load(key.format)
        except ConfigError as error:
            log.warning(
                "the post of %s on %s cannot be written: %s",
                key.topic or key.arxiv_id,
                key.post_date,
                error,
            )
            return None
        entries = self.contents.entries(key)
        answered = tuple(entry for entry in entries if _answers_all(entry, post_format))
        for entry in (entry for entry in entries if entry not in answered):
            log.warning(
                "%s is left out of the format %s, for which it was not asked",
                entry.paper.idv,
                key.format,
            )
        if not answered:
            return None

        cut = self.contents.cut(key)

        def post(entries: Iterable[PostEntry]) -> Post:
            linked = (self._linked(entry, key, beside) for entry in entries)
            return Post(key.post_date, key.topic, tuple(linked), cut)

        def before() -> Iterator[Post]:
            """Yield the post as it was before what is known of its papers was found out."""
            for entries in self.contents.earlier_entries(key):
                yield post(entry for entry in entries if _answers_all(entry, post_format))

        folder = Path(key.output_dir)
        book = Outputs(self.names, folder, self.overwrites)
        written = update_post(post(answered), post_format, self.style, folder, book, before)
        if written.warning:
            log.warning("%s", written.warning)
        return written

    def remove_temp_files(self, keys: Sequence[PostKey]) -> None:
        """Remove what a process that was killed left half-written where these posts go."""
        of_days = {
            folder / key.post_date.isoformat()
            for key in keys
            for folder in self.style.layout.list_folders(Path(key.output_dir))
        }
        for folder in of_days:
            clear_parts(folder)

    def _linked(self, entry: PostEntry, key: PostKey, beside: Collection[PostKey]) -> PostEntry:
        """Return the entry with the address of the post of an earlier version.

        It has one where that post is in the same folder and format.
        """
        earlier = entry.earlier
        if earlier is None:
            return entry
        target = replace(key, post_date=earlier.date)
        if target not in beside and not self.contents.posts.contains(target):
            return entry
        place, former = self.place_of(key, (entry,)), self.place_of(target, (entry,))
        address = find_relative_path(former.markdown(key.format), place.stem.parent)
        return replace(entry, earlier=replace(earlier, address=address))

    def write_all(
        self, keys: Sequence[PostKey], output_dir: Path | None = None
    ) -> dict[PostKey, WrittenPost]:
        """Put posts, then indexes and feeds, on disk, and return where the posts are.

        Indexes and feeds are those of the posts' folders and of `output_dir`. Only then are the
        posts no longer pending: what a kill cuts short, the next run does again. Raises WriteError.
        """
        written = self._write_files(keys)
        folders = [Path(key.output_dir) for key in written] + (
            [output_dir.absolute()] if output_dir else []
        )
        for folder in dict.fromkeys(folders):
            self.refresh_listing(folder)
        self._mark_written(written)
        return written

    def write_posts(self, keys: Sequence[PostKey]) -> dict[PostKey, WrittenPost]:
        """Put posts on disk without index and feed, which `refresh_listing` writes once for all.

        Raises WriteError.
        """
        written = self._write_files(keys)
        self._mark_written(written)
        return written

    def refresh_listing(self, folder: Path) -> None:
        """Make index and feed of a folder what its posts call for. Raises WriteError."""
        self.listing.refresh(folder.absolute())

    def _write_files(self, keys: Sequence[PostKey]) -> dict[PostKey, WrittenPost]:
        self.remove_temp_files(keys)
        beside = frozenset(keys)
        posts = {key: self.write(key, beside) for key in keys}
        return {key: post for key, post in posts.items() if post is not None}

    def _mark_written(self, keys: Iterable[PostKey]) -> None:
        for key in keys:
            self.contents.posts.mark_written(key)


def _answers_all(entry: PostEntry, post_format: PostFormat) -> bool:
    return all(name in entry.summary.answers for name in post_format.fields)
