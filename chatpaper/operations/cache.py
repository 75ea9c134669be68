"""The cache within its bounds: what was used longest ago goes first, and nothing that a paper or
post still needs.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1_000_000_000
DAY_SECONDS = 86_400

# What is being written, or removed, is neither of the cache yet nor any more.
_PART_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class CacheItem:
    """What the cache holds or gives up as a whole: a PDF, or the folder of a document with its
    images.

    `used` is when it was used last, in seconds since the epoch.
    """

    path: Path
    size_bytes: int
    used: float


@dataclass(frozen=True, slots=True)
class PruneResult:
    """What was removed, and how much more is in the cache than there should be, because it is still
    needed.
    """

    removed: tuple[CacheItem, ...] = ()
    excess_bytes: int = 0

    @property
    def removed_bytes(self) -> int:
        """The space that was gained."""
        return sum(item.size_bytes for item in self.removed)


def select_evictions(
    items: Iterable[CacheItem], needed: Collection[Path], *, max_bytes: float, unused_since: float
) -> tuple[CacheItem, ...]:
    """What has to go, used longest ago first, so that the rest keeps to `max_bytes` and to what was
    used since then.

    What is needed stays, even where it alone is too much.
    """
    by_use = sorted(items, key=lambda item: (item.used, item.path))
    excess = sum(item.size_bytes for item in by_use) - max_bytes
    chosen = []
    for item in by_use:
        if item.path in needed or (excess <= 0 and item.used >= unused_since):
            continue
        chosen.append(item)
        excess -= item.size_bytes
    return tuple(chosen)


def prune_cache(
    cache_dir: Path,
    needed: Callable[[], Collection[Path]],
    *,
    max_gigabytes: float,
    max_days: int,
    now: float,
) -> PruneResult:
    """Bring the cache within its bounds; `needed` is asked only where something would have to go."""
    bounds = {"max_bytes": max_gigabytes * GIGABYTE, "unused_since": now - max_days * DAY_SECONDS}
    items = tuple(cache_items(cache_dir))
    if not select_evictions(items, (), **bounds):
        return PruneResult()
    chosen = select_evictions(items, needed(), **bounds)
    removed = tuple(item for item in chosen if _remove(item.path))
    left = sum(item.size_bytes for item in items) - sum(item.size_bytes for item in removed)
    return PruneResult(removed, max(0, round(left - bounds["max_bytes"])))


def cache_items(cache_dir: Path) -> Iterator[CacheItem]:
    """Everything in the folders of the cache, but unfinished work."""
    for folder in _children(cache_dir):
        for path in _children(folder) if folder.is_dir() else ():
            if not path.name.endswith(_PART_SUFFIX):
                files = (
                    [path]
                    if path.is_file()
                    else [file for file in path.rglob("*") if file.is_file()]
                )
                yield _item(path, files)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _item(path: Path, files: Sequence[Path]) -> CacheItem:
    size, used = 0, 0.0
    for file in files:
        with suppress(OSError):  # another process may have taken it away
            status = file.stat()
            size, used = size + status.st_size, max(used, status.st_mtime)
    return CacheItem(path, size, used)


def _remove(path: Path) -> bool:
    """Take a file or folder out of the cache in one step, so that a kill leaves none that is half
    there.
    """
    try:
        if not path.is_dir():
            path.unlink()
            return True
        # The name of a part, which the next run clears away should this one be killed here.
        doomed = path.with_name(f".{path.name}.{os.getpid()}.removed{_PART_SUFFIX}")
        path.rename(doomed)
        shutil.rmtree(doomed)
    except OSError:
        return False
    return True
