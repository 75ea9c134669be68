"""PDFs of arXiv papers that somebody has: in a folder, or in a bucket that fsspec can open.

They are looked for under the names of arXiv's own copies: `2103/2103.01234v2.pdf`, the same
without version, or without the folder of the month; old ids lose their slash.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatpaper.domain import Paper
from chatpaper.domain.atomic_files import replace_file
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError

REMOTE_MARK = "://"
_COPY_BYTES = 1 << 20


class PdfStore:
    """The PDFs below a folder or URL; those of a URL are copied to `{cache_dir}/pdf`."""

    def __init__(self, place: str, cache_dir: Path) -> None:
        """Open the store. Raises ConfigError where there is none."""
        self._place = resolve_place(place)
        self._cache = cache_dir / "pdf"
        self._remote = open_file_system(self._place) if REMOTE_MARK in place else None
        if self._remote is None and not Path(place).is_dir():
            raise ConfigError(f"{place} is no folder: --pdfs names the folder that holds the PDFs.")

    def fetch(self, paper: Paper) -> Path:
        """Return the PDF of a paper.

        Raises FetchError where the store has none, UpstreamError where it does not answer.
        """
        for name in _list_names(paper):
            if self._remote is None:
                path = Path(self._place, name)
                if path.is_file():
                    return path
            elif (copied := self._copy(name)) is not None:
                return copied
        raise FetchError(f"There is no PDF of {paper.idv} in {self._place}", url=self._place)

    def _copy(self, name: str) -> Path | None:
        """Copy a file of the bucket to the cache; None where there is none."""
        assert self._remote is not None
        path = self._cache / name.rpartition("/")[2]
        if path.is_file():
            return path
        system, root = self._remote
        source = f"{root}/{name}"
        try:
            if not system.exists(source):
                return None
            with (
                replace_file(path) as part,
                system.open(source, "rb") as body,
                part.open("wb") as copy,
            ):
                while piece := body.read(_COPY_BYTES):
                    copy.write(piece)
        except OSError as error:
            raise UpstreamError(f"{self._place}/{name} cannot be read: {error}") from error
        return path


def resolve_place(place: str) -> str:
    """Return a folder as an absolute path, which other processes know too; a URL as it is."""
    return (place if REMOTE_MARK in place else str(Path(place).absolute())).rstrip("/")


def open_file_system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path of the URL in it.

    Raises ConfigError where the library for it is not installed, or does not know such addresses.
    """
    try:
        from fsspec.core import url_to_fs

        system, root = url_to_fs(url)
    except ImportError as error:
        raise ConfigError(
            f"{url} needs a library that is not installed ({error}): pip install "
            "'chatpaper[dataset]', and s3fs or gcsfs for a bucket of Amazon or Google."
        ) from error
    except (ValueError, OSError) as error:
        raise ConfigError(f"{url} cannot be opened: {error}") from error
    return system, str(root).rstrip("/")


def _list_names(paper: Paper) -> Iterator[str]:
    month = paper.squashed_id.lstrip("abcdefghijklmnopqrstuvwxyz-.ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:4]
    version = f"v{paper.version}" if paper.version is not None else ""
    stems = dict.fromkeys((f"{paper.squashed_id}{version}", paper.squashed_id))
    for folder in (f"{month}/", ""):
        for stem in stems:
            yield f"{folder}{stem}.pdf"
