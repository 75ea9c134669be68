"""What an output folder holds, read from the JSON beside its posts.

These files are the truth: they outlive the database, and several output folders may share one
database. What an index needs of each is kept in the cache, a file a year, so that of a thousand
days only the posts that changed are read again.
"""

import hashlib
import json
import logging
import os
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from chatpaper.domain.errors import WriteError
from chatpaper.domain.overviews.overview import OVERVIEW
from chatpaper.write.files import write_atomically
from chatpaper.write.post_paths import BESIDE, SiteLayout

log = logging.getLogger(__name__)

# Days whose papers are named one by one in the index. GitHub shows no Markdown above 512 KB, and a
# year of titles is more than that.
DAYS_WITH_TITLES = 30
# Papers are told apart by so many bytes of a digest of their keys: a million of them take 8 MB.
_DIGEST_BYTES = 8
DIGESTS = 1 << 8 * _DIGEST_BYTES
# Raised when what is kept of a post changes its meaning.
_CACHE_VERSION = 2


def _none_if_empty(topic: str | None) -> str | None:
    """Return the topic of a post's JSON, which has an empty one for a paper asked for alone."""
    return topic or None


@dataclass(frozen=True, slots=True)
class PublishedPost:
    """One post of an output folder.

    `path` is that of its JSON in the folder of such, with slashes. `papers` holds the key and the
    title of each paper, in their order in the post, where the index may name them: of older posts
    only `digests` of the keys are kept.
    """

    path: str
    date: date
    topic: Annotated[str | None, BeforeValidator(_none_if_empty)]
    format: str
    papers: tuple[tuple[str, str], ...]
    digests: str = ""

    @property
    def keys(self) -> Sequence[int]:
        """The digests of the papers' keys in ascending order, see `digest_key`."""
        if self.digests:
            return array("Q", b64decode(self.digests))
        return array("Q", sorted(digest_key(key) for key, _ in self.papers))

    @property
    def paper_count(self) -> int:
        """The number of its papers, which is that of `keys`."""
        return len(self.papers) or len(self.digests) * 3 // 4 // _DIGEST_BYTES

    def shortened(self) -> "PublishedPost":
        """Return the post with digests in place of its papers."""
        if not self.papers:
            return self
        return replace(self, papers=(), digests=b64encode(array("Q", self.keys)).decode())

    @property
    def markdown(self) -> str:
        """The path of the post itself, relative to the folder."""
        return f"{self.path.removesuffix('.json')}.md"

    @property
    def is_overview(self) -> bool:
        """Whether it is an overview of papers that have posts of their own."""
        return self.format == OVERVIEW

    @property
    def single(self) -> bool:
        """Whether it is a post of one paper by its nature.

        Such a paper was asked for alone, or the format has one paper in each post.
        """
        return self.topic is None or self.path.count("/") > 1


@dataclass(frozen=True, slots=True)
class _Seen:
    """A post as it was when it was last read; None where the file is no post."""

    modified_ns: int
    size: int
    post: PublishedPost | None


def digest_key(key: str) -> int:
    """Return a number for the key of a paper, by which papers are told apart."""
    digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES)
    return int.from_bytes(digest.digest())


_SEEN = TypeAdapter(dict[str, _Seen])
_POST = TypeAdapter(PublishedPost)


class PostFolder:
    """The posts of one output folder.

    Where JSON has a folder of its own, other output folders may share it: only what has its post in
    this one belongs here.
    """

    def __init__(self, output_dir: Path, cache_dir: Path, layout: SiteLayout = BESIDE) -> None:
        self._output_dir = output_dir
        self._json_dir = layout.json_dir or output_dir
        folders = dict.fromkeys((str(output_dir.absolute()), str(self._json_dir.absolute())))
        name = hashlib.sha256("\n".join(folders).encode()).hexdigest()[:32]
        self._cache = cache_dir / "archives" / f"{name}-{_CACHE_VERSION}"

    def posts(self) -> tuple[PublishedPost, ...]:
        """Return all posts, newest day first, then by path.

        Files that are no posts of ours are left out.
        """
        posts: list[PublishedPost] = []
        days_with_posts = 0
        for year, days in groupby(_list_days(self._json_dir), key=_year):
            before, seen = self._remembered(year), dict[str, _Seen]()
            for day in days:
                of_day = {
                    path: self._seen(path, state, before.get(path))
                    for path, state in _json_files_of_day(str(self._json_dir), day)
                }
                kept = self._keep(of_day.values(), titles=days_with_posts < DAYS_WITH_TITLES)
                seen |= of_day
                for post in kept:
                    if post is not of_day[post.path].post:
                        seen[post.path] = replace(of_day[post.path], post=post)
                posts += kept
                days_with_posts += bool(kept)
            if seen != before:
                self._remember(year, seen)
        posts.sort(key=lambda post: (-post.date.toordinal(), post.path))
        return tuple(posts)

    def _keep(self, of_day: Iterable[_Seen], *, titles: bool) -> list[PublishedPost]:
        """Return the posts of a day with their papers where the index may name them.

        That is where it names the `titles` of the day, and beside posts of single papers.
        """
        posts = [found.post for found in of_day if found.post and self._is_here(found.post)]
        with_own = {post.topic for post in posts if post.single}
        return [
            self._complete(post) if titles or post.topic in with_own else post.shortened()
            for post in posts
        ]

    def _complete(self, post: PublishedPost) -> PublishedPost:
        """Return the post with its papers."""
        if not post.digests:
            return post
        return _read_post(self._json_dir, post.path) or post

    def records(self, post: PublishedPost) -> tuple[Mapping[str, Any], ...]:
        """Return the papers of a post, as its JSON has them; an overview tells of none anew."""
        if post.is_overview:
            return ()
        content = json.loads((self._json_dir / post.path).read_bytes())
        return tuple(content["papers"])

    def _is_here(self, post: PublishedPost) -> bool:
        beside = self._json_dir == self._output_dir
        return beside or (self._output_dir / post.markdown).is_file()

    def _seen(self, path: str, state: os.stat_result, before: _Seen | None) -> _Seen:
        if before is not None and (before.modified_ns, before.size) == (
            state.st_mtime_ns,
            state.st_size,
        ):
            return before
        return _Seen(state.st_mtime_ns, state.st_size, _read_post(self._json_dir, path))

    def _remembered(self, year: str) -> dict[str, _Seen]:
        try:
            return _SEEN.validate_json((self._cache / f"{year}.json").read_bytes())
        except (OSError, ValidationError):
            return {}

    def _remember(self, year: str, seen: dict[str, _Seen]) -> None:
        try:
            write_atomically(self._cache / f"{year}.json", _SEEN.dump_json(seen))
        except WriteError as error:
            log.warning("%s Posts of %s will be read again the next time.", error, year)


def _list_days(folder: Path) -> list[str]:
    """Return the names of the folders of days, newest first."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        days = [entry.name for entry in found if _is_day(entry.name) and entry.is_dir()]
    return sorted(days, reverse=True)


def _year(day: str) -> str:
    return day.partition("-")[0]


def _json_files_of_day(
    root: str, folder: str, depth: int = 1
) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each JSON file in the folder of a day, or of a topic in it, with its size and time."""
    with os.scandir(f"{root}/{folder}") as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(".json") and not name.startswith(".") and entry.is_file():
                yield f"{folder}/{name}", entry.stat()
            elif depth and entry.is_dir(follow_symlinks=False):
                yield from _json_files_of_day(root, f"{folder}/{name}", depth - 1)


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _read_post(json_dir: Path, path: str) -> PublishedPost | None:
    try:
        content = json.loads((json_dir / path).read_bytes())
        papers = [(paper["arxiv_id"], paper["title"]) for paper in content["papers"]]
        known = {name: content[name] for name in ("date", "topic", "format")}
        return _POST.validate_python({"path": path, "papers": papers, **known})
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning(
            "%s is not the JSON of a post and is left out of index and feed (%s)",
            json_dir / path,
            error,
        )
        return None
