"""Forget papers and posts: in the posts on disk, in index and feed, and in the database.

All is done in one transaction, which ends when the files are changed: a command that is killed
meanwhile has changed nothing in the database, and does all of it when it is started again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chatpaper.domain import PostEntry
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.post_names import Outputs
from chatpaper.pipeline.publish import Publisher
from chatpaper.storage.papers.forgetting import Showing
from chatpaper.storage.papers.outcomes import FORGOTTEN, Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from chatpaper.write.edit_protection import is_edited
from chatpaper.write.post_paths import PostPaths
from chatpaper.write.posts import remove_figures, remove_post
from chatpaper.write.site.post_folder import PostFolder, digest_key

EXCLUSION = "excluded by `chatpaper forget --never`"


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post that shows a paper that is to be forgotten, with its papers and its place."""

    key: PostKey
    entries: tuple[PostEntry, ...]
    place: PostPaths

    @property
    def markdown(self) -> Path:
        """The post itself."""
        return self.place.markdown(self.key.format)

    @property
    def record(self) -> Path:
        """The JSON beside it."""
        return self.place.record(self.key.format)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: posts that were written again, removed, or kept as somebody edited them.

    `left` are posts that still show a paper, since the database does not hold what it takes to
    write them again.
    """

    rewritten: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    edited: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


def list_posts(
    publisher: Publisher, store: Store, showings: Iterable[Showing]
) -> tuple[StoredPost, ...]:
    """List the posts that show papers and can be written again."""
    return tuple(_locate(publisher, store.forgetting.posts_with(showings)))


def find_post(publisher: Publisher, store: Store, name: str) -> tuple[Showing, ...]:
    """Return the papers of a post, which is meant in all its formats.

    Its name is a day, a slash, and the name of its file or topic. Raises ConfigError where there is
    no such post.
    """
    wanted = name.strip().removesuffix(".md").removesuffix(".json")
    names: dict[str, tuple[Showing, ...]] = {}
    for post in _locate(publisher, store.posts.since(None)):
        key, day = post.key, post.key.post_date.isoformat()
        showings = _list_shown(store, key)
        if key.topic is not None and not key.arxiv_id:
            names[f"{day}/{key.topic}"] = showings
        for path in (post.place.stem, post.markdown.with_suffix("")):
            names[path.relative_to(key.output_dir).as_posix()] = showings
    found = next((each for each in names if f"/{wanted}".endswith(f"/{each}")), None)
    if found is None:
        day = wanted.partition("/")[0]
        of_day = ", ".join(each for each in names if each.startswith(f"{day}/"))
        there_are = f"of that day there are {of_day}" if of_day else "name it like 2026-11-22/LLM"
        raise ConfigError(f"There is no post {name!r} that could be written again; {there_are}.")
    return names[found]


def forget(
    publisher: Publisher,
    store: Store,
    showings: Sequence[Showing],
    exclusions: Collection[tuple[str | None, str]],
    now: datetime,
) -> Forgotten:
    """Forget papers where they are shown.

    `exclusions` are topics (None: all of them) and papers that no run takes in again. A post that
    shows nothing else is removed, any other written again. Raises WriteError and StoreError.
    """
    with store.unit_of_work():
        posts = list_posts(publisher, store, showings)
        unwritable = {post.key for post in posts if not _is_writable(publisher, store, post)}
        edited = {
            post.key
            for post in posts
            if is_edited(post.markdown, post.record, _book_of(publisher, post.key))
        }
        store.forgetting.delete(showings)
        excluded = [
            Outcome(topic, arxiv_id, None, "excluded", FORGOTTEN, EXCLUSION)
            for topic, arxiv_id in exclusions
        ]
        store.outcomes.record(excluded, (), now)
        changed = [post for post in posts if post.key not in unwritable]
        written = publisher.write_all(
            [post.key for post in changed if _list_shown(store, post.key)]
        )
        emptied = [post for post in changed if post.key not in written]
        for post in emptied:
            _remove(publisher, store, post)
        _remove_figures(posts, showings, unwritable | edited)
        overviews = _remove_overviews(publisher, posts, showings)
        for folder in dict.fromkeys(Path(post.key.output_dir) for post in posts):
            for root in publisher.style.layout.list_folders(folder):
                _remove_empty_days(root, posts)
            publisher.listing.refresh(folder)
    return Forgotten(
        tuple(post.path for post in written.values() if post.kept is None),
        (*(post.markdown for post in emptied if post.key not in edited), *overviews),
        tuple(post.markdown for post in changed if post.key in edited),
        tuple(post.markdown for post in posts if post.key in unwritable),
    )


def find_old_posts(
    publisher: Publisher, store: Store, output_dir: Path, showings: Iterable[Showing]
) -> tuple[Path, ...]:
    """Find the posts of an output folder that show papers which the database does not know there.

    These are older than `store.keep_days`, or of another database.
    """
    forgotten = {(each.topic, each.arxiv_id) for each in showings}
    ids = {digest_key(arxiv_id): arxiv_id for _, arxiv_id in forgotten}
    known = {
        each for _, arxiv_id in forgotten for each in store.forgetting.showings_of_paper(arxiv_id)
    }
    folder = PostFolder(output_dir, publisher.listing.cache_dir, publisher.style.layout)
    return tuple(
        output_dir / post.markdown
        for post in folder.posts()
        for arxiv_id in (ids[key] for key in post.keys if key in ids)
        if (post.topic, arxiv_id) in forgotten
        and Showing(post.topic, arxiv_id, post.date) not in known
    )


def _list_shown(store: Store, key: PostKey) -> tuple[Showing, ...]:
    """List the papers that a post shows."""
    of_day = store.forgetting.showings_of_post(key.topic, key.post_date)
    return tuple(each for each in of_day if key.arxiv_id in ("", each.arxiv_id))


def _locate(publisher: Publisher, keys: Iterable[PostKey]) -> Iterator[StoredPost]:
    for key in keys:
        entries = publisher.contents.entries(key)
        if entries:
            yield StoredPost(key, entries, publisher.place_of(key, entries))


def _book_of(publisher: Publisher, key: PostKey) -> Outputs:
    return Outputs(publisher.names, Path(key.output_dir))


def _is_writable(publisher: Publisher, store: Store, post: StoredPost) -> bool:
    """Return whether a post can be written again without losing other papers."""
    try:
        publisher.load(post.key.format)
    except ConfigError:
        return False
    if post.key.arxiv_id:
        return True
    shown = store.outcomes.published_on(post.key.topic, post.key.post_date)
    return set(shown) <= {entry.paper.arxiv_id for entry in post.entries}


def _remove(publisher: Publisher, store: Store, post: StoredPost) -> None:
    if remove_post(post.markdown, post.record, _book_of(publisher, post.key)):
        store.forgetting.delete_post(post.key, [str(post.markdown.absolute())])
    else:
        store.forgetting.delete_post(post.key, [])


def _remove_figures(
    posts: Iterable[StoredPost], showings: Collection[Showing], kept: Collection[PostKey]
) -> None:
    """Remove the images of forgotten papers, but for those that a post which was kept may show."""
    shown = set(showings)
    doomed: dict[Path, PostEntry] = {}
    needed: set[Path] = set()
    for post in posts:
        for entry in post.entries:
            arxiv_id = entry.paper.arxiv_id
            folder = post.place.figure_folders[arxiv_id]
            if Showing(post.key.topic, arxiv_id, post.key.post_date) in shown:
                doomed[folder] = entry
            if post.key in kept:
                needed.add(folder)
    for folder, entry in doomed.items():
        if folder not in needed:
            remove_figures(entry, folder)


def _remove_overviews(
    publisher: Publisher, posts: Iterable[StoredPost], showings: Iterable[Showing]
) -> tuple[Path, ...]:
    """Remove the overviews that speak of forgotten papers; an edited one stays.

    `chatpaper overview` writes one anew, without them.
    """
    topics: dict[str | None, set[int]] = {}
    for each in showings:
        topics.setdefault(each.topic, set()).add(digest_key(each.arxiv_id))
    removed = []
    for folder in dict.fromkeys(Path(post.key.output_dir) for post in posts):
        layout = publisher.style.layout
        for found in PostFolder(folder, publisher.listing.cache_dir, layout).posts():
            if not found.is_overview or topics.get(found.topic, set()).isdisjoint(found.keys):
                continue
            markdown, record = folder / found.markdown, (layout.json_dir or folder) / found.path
            if remove_post(markdown, record, Outputs(publisher.names, folder)):
                removed.append(markdown)
    return tuple(removed)


def _remove_empty_days(root: Path, posts: Iterable[StoredPost]) -> None:
    """Remove the folders of days in which nothing is left."""
    for day in {post.key.post_date.isoformat() for post in posts}:
        with suppress(OSError):  # it holds something, or is not there
            (root / day).rmdir()
