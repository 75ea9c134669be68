"""Keep the cache within its bounds.

What was used longest ago is removed first, and nothing that a paper or post still needs.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1_000_000_000
DAY_SECONDS = 86_400

# Of files and folders that are being written or removed, and do not count as cached.
_PART_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class CacheItem:
    """What is cached or removed as a whole: a PDF, or the folder of a document with its images.

    `used` is when it was used last, in seconds since the epoch.
    """

    path: Path
    size_bytes: int
    used: float


@dataclass(frozen=True, slots=True)
class PruneResult:
    """What was removed, and by how much the cache still exceeds its bound.

    It does so where what is still needed exceeds it.
    """

    removed: tuple[CacheItem, ...] = ()
    excess_bytes: int = 0

    @property
    def removed_bytes(self) -> int:
        """The size of what was removed."""
        return sum(item.size_bytes for item in self.removed)


def select_evictions(
    items: Iterable[CacheItem], needed: Collection[Path], *, max_bytes: float, unused_since: float
) -> tuple[CacheItem, ...]:
    """Select least recently used items to remove.

    The rest fits `max_bytes`, and was used at or after `unused_since`. Items that are needed are
    not selected, even where they alone are too much.
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
    """Remove what exceeds the bounds; `needed` is called only if something would be removed."""
    bounds = {"max_bytes": max_gigabytes * GIGABYTE, "unused_since": now - max_days * DAY_SECONDS}
    items = tuple(cache_items(cache_dir))
    if not select_evictions(items, (), **bounds):
        return PruneResult()
    chosen = select_evictions(items, needed(), **bounds)
    removed = tuple(item for item in chosen if _remove(item.path))
    left = sum(item.size_bytes for item in items) - sum(item.size_bytes for item in removed)
    return PruneResult(removed, max(0, round(left - bounds["max_bytes"])))


def cache_items(cache_dir: Path) -> Iterator[CacheItem]:
    """List everything in the folders of the cache, except what is unfinished."""
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
    """Remove a file or folder in one step, so that a kill leaves nothing incomplete."""
    try:
        if not path.is_dir():
            path.unlink()
            return True
        # The name of an unfinished file, which the next run removes if this one is killed.
        doomed = path.with_name(f".{path.name}.{os.getpid()}.removed{_PART_SUFFIX}")
        path.rename(doomed)
        shutil.rmtree(doomed)
    except OSError:
        return False
    return True
