"""The cache within its bounds."""

import os
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.operations.cache import DAY_SECONDS, CacheItem, prune_cache, select_evictions

NOW = 1_800_000_000.0
MEGABYTE = 1_000_000

ITEMS = st.lists(
    st.builds(
        CacheItem,
        st.integers(0, 99).map(lambda n: Path(f"pdf/{n}.pdf")),
        st.integers(0, 50),
        st.floats(0, 100),
    ),
    unique_by=lambda item: item.path,
    max_size=12,
)


@given(ITEMS, st.sets(st.integers(0, 99)), st.integers(0, 300), st.floats(0, 100))
def test_what_is_needed_stays_and_the_rest_keeps_to_the_bounds(
    items: list[CacheItem], needed_numbers: set[int], max_bytes: int, unused_since: float
) -> None:
    needed = {Path(f"pdf/{number}.pdf") for number in needed_numbers}
    removed = select_evictions(items, needed, max_bytes=max_bytes, unused_since=unused_since)
    left = [item for item in items if item not in removed]
    free = [item for item in left if item.path not in needed]
    assert not [item for item in removed if item.path in needed]
    assert sum(item.size_bytes for item in left) <= max_bytes or not free
    assert all(item.used >= unused_since for item in free)
    assert select_evictions(left, needed, max_bytes=max_bytes, unused_since=unused_since) == ()
    if removed:  # used longest ago first
        assert all((item.used, item.path) > (removed[-1].used, removed[-1].path) for item in free)
    if removed and removed[-1].used >= unused_since:  # and no more than had to go
        assert sum(item.size_bytes for item in (*left, removed[-1])) > max_bytes


def put(path: Path, size: int, days_ago: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (NOW - days_ago * DAY_SECONDS,) * 2)
    return path


def prune(cache: Path, needed: Collection[Path] = (), max_megabytes: float = 1000.0) -> list[str]:
    done = prune_cache(
        cache, lambda: needed, max_gigabytes=max_megabytes / 1000, max_days=90, now=NOW
    )
    return sorted(item.path.name for item in done.removed)


def test_a_document_goes_as_a_whole_and_counts_from_its_last_use(tmp_path: Path) -> None:
    for name, days_ago in (("old", 91), ("used", 2)):
        put(tmp_path / "documents" / name / "figure-1.png", MEGABYTE, 200)
        put(tmp_path / "documents" / name / "document.json", 10, days_ago)
    put(tmp_path / "pdf" / "2611.00001v1.pdf", MEGABYTE, 5)
    assert prune(tmp_path) == ["old"]
    assert sorted(path.name for path in (tmp_path / "documents").iterdir()) == ["used"]
    assert prune(tmp_path, max_megabytes=1.5) == ["2611.00001v1.pdf"]
    assert prune(tmp_path, max_megabytes=0) == ["used"]


def test_what_is_needed_is_not_asked_for_while_all_fits(tmp_path: Path) -> None:
    put(tmp_path / "pdf" / "a.pdf", 10, 1)

    def needed() -> Collection[Path]:
        raise AssertionError("nothing has to go")

    assert not prune_cache(tmp_path, needed, max_gigabytes=1, max_days=90, now=NOW).removed


def test_a_cache_of_what_is_needed_stays_and_is_told_of(tmp_path: Path) -> None:
    pdf = put(tmp_path / "pdf" / "a.pdf", MEGABYTE, 200)
    done = prune_cache(tmp_path, lambda: {pdf}, max_gigabytes=0.0004, max_days=90, now=NOW)
    assert (done.removed, done.excess_bytes) == ((), 600_000)
    assert pdf.is_file()


def test_a_cache_that_is_not_there_is_within_its_bounds(tmp_path: Path) -> None:
    assert prune(tmp_path / "nowhere", max_megabytes=0) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to the superuser")
def test_what_cannot_be_removed_is_left(tmp_path: Path) -> None:
    put(tmp_path / "pdf" / "a.pdf", 10, 200)
    (tmp_path / "pdf").chmod(0o555)
    try:
        assert prune(tmp_path) == []
    finally:
        (tmp_path / "pdf").chmod(0o755)


def test_what_is_being_written_is_not_of_the_cache(tmp_path: Path) -> None:
    part = put(tmp_path / "pdf" / ".2611.00002v1.pdf.4711.abcd.part", 10, 200)
    assert prune(tmp_path, max_megabytes=0) == []
    assert part.exists()
