"""Rebuild the index and the feed of an output folder whenever one of its posts is written."""

import logging
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.errors import WriteError
from chatpaper.write.files import write_atomically
from chatpaper.write.render import PostStyle
from chatpaper.write.site.feed import (
    FEED_MARK,
    FeedStyle,
    collect_entries,
    render_feed,
)
from chatpaper.write.site.index import INDEX_MARK, render_index
from chatpaper.write.site.post_folder import PostFolder

log = logging.getLogger(__name__)

INDEX_NAME = "index.md"
FEED_NAME = "feed.xml"

# Both marks stand near the top of what we write.
_MARK_WITHIN_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SiteStyle:
    """Settings of index and feed; without `site_url` links are relative to the output folder."""

    site_url: str = ""
    page_suffix: str = ".md"
    feed_entries: int = 100
    index: bool = True


@dataclass(frozen=True, slots=True)
class SiteIndex:
    """Keeps `index.md` and `feed.xml` of output folders."""

    style: SiteStyle
    post_style: PostStyle
    zone: tzinfo
    cache_dir: Path

    def refresh(self, output_dir: Path) -> None:
        """Make both files what the posts in the folder call for. Raises WriteError.

        They depend on the posts and the settings alone, so that the same posts give the same bytes.
        In a site that has listings of its own, those that we wrote before it was known are removed:
        it would take them for posts.
        """
        clear_parts(output_dir, below=False)
        archive = PostFolder(output_dir, self.cache_dir, self.post_style.layout)
        posts = archive.posts()
        index, feed = output_dir / INDEX_NAME, output_dir / FEED_NAME
        if self.style.index and (posts or index.exists()):
            _write_own(
                index,
                render_index(posts, self.post_style.labels).encode(),
                INDEX_MARK,
                "post.index = false",
            )
        if self.style.feed_entries and (posts or feed.exists()):
            style = FeedStyle(
                self.post_style, self.style.site_url, self.style.page_suffix, self.zone
            )
            entries = collect_entries(archive, posts, self.style.feed_entries)
            _write_own(feed, render_feed(entries, style), FEED_MARK, "post.feed_entries = 0")
        if self.post_style.layout.site and not self.style.index:
            _remove_own(index, INDEX_MARK)
        if self.post_style.layout.site and not self.style.feed_entries:
            _remove_own(feed, FEED_MARK)


def _write_own(path: Path, content: bytes, mark: str, setting: str) -> None:
    """Write a file, but never over one that somebody else made."""
    if path.is_file() and not _is_own(path, mark):
        log.warning(
            "%s was not made by chatpaper and is left as it is: move it, or set %s.", path, setting
        )
        return
    write_atomically(path, content)


def _remove_own(path: Path, mark: str) -> None:
    """Remove a file that we wrote. Raises WriteError."""
    try:
        if path.is_file() and _is_own(path, mark):
            path.unlink()
    except OSError as error:
        raise WriteError(
            f"{path} cannot be removed: {error.strerror}. Remove it.", path=str(path)
        ) from error


def _is_own(path: Path, mark: str) -> bool:
    with path.open("rb") as file:
        return mark.encode() in file.read(_MARK_WITHIN_BYTES)
