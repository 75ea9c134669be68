"""PDFs of arXiv papers that somebody has: in a folder, or in a bucket that fsspec can open.

They are looked for under the names of arXiv's own copies: `2103/2103.01234v2.pdf`, the same
without version, or without the folder of the month; old ids lose their slash. Where there is none,
the tars of arXiv's bulk service are searched, `arXiv_pdf_2103_001.tar`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from chatpaper.domain import Paper
from chatpaper.domain.atomic_files import replace_file
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.fetch.bulk_tars import BulkTars, open_bucket, open_folder

REMOTE_MARK = "://"
_COPY_BYTES = 1 << 20


class PdfStore:
    """The PDFs below a folder or URL; those of a URL or a tar are copied to `{cache_dir}/pdf`."""

    def __init__(self, place: str, cache_dir: Path) -> None:
        """Open the store. Raises ConfigError where there is none."""
        self._place = resolve_place(place)
        self._cache = cache_dir / "pdf"
        self._remote = open_file_system(self._place) if REMOTE_MARK in place else None
        if self._remote is None and not Path(place).is_dir():
            raise ConfigError(f"{place} is no folder: --pdfs names the folder that holds the PDFs.")
        self._tars: BulkTars = (
            open_bucket(*self._remote) if self._remote else open_folder(Path(self._place))
        )

    def fetch(self, paper: Paper) -> Path:
        """Return the PDF of a paper.

        Raises FetchError where the store has none, UpstreamError where it does not answer,
        ConfigError for a tar that is damaged.
        """
        month, stems = _find_month(paper), _list_stems(paper)
        try:
            for name in (f"{folder}{stem}.pdf" for folder in (f"{month}/", "") for stem in stems):
                path = Path(self._place, name)
                if self._remote is not None:
                    if (copied := self._copy_file(*self._remote, name)) is not None:
                        return copied
                elif path.is_file():
                    return path
            for stem in stems:
                if (member := self._tars.find(month, stem)) is not None:
                    return self._keep(f"{stem}.pdf", lambda copy: self._tars.copy(member, copy))
        except OSError as error:
            raise UpstreamError(f"{self._place} cannot be read: {error}") from error
        raise FetchError(f"There is no PDF of {paper.idv} in {self._place}", url=self._place)

    def _copy_file(self, system: Any, root: str, name: str) -> Path | None:
        """Copy a file of the bucket to the cache; None where there is none. Raises OSError."""
        path = self._cache / name.rpartition("/")[2]
        if path.is_file():
            return path
        if not system.exists(f"{root}/{name}"):
            return None

        def copy_body(copy: IO[bytes]) -> None:
            with system.open(f"{root}/{name}", "rb") as body:
                shutil.copyfileobj(body, copy, _COPY_BYTES)

        return self._keep(path.name, copy_body)

    def _keep(self, name: str, write: Callable[[IO[bytes]], None]) -> Path:
        """Write a file of the cache, unless it is there. Raises OSError."""
        path = self._cache / name
        if not path.is_file():
            with replace_file(path) as part, part.open("wb") as copy:
                write(copy)
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


def _find_month(paper: Paper) -> str:
    """Return the month of an id, as arXiv's folders and tars are named: `2103`."""
    return paper.squashed_id.lstrip("abcdefghijklmnopqrstuvwxyz-.ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:4]


def _list_stems(paper: Paper) -> tuple[str, ...]:
    version = f"v{paper.version}" if paper.version is not None else ""
    return tuple(dict.fromkeys((f"{paper.squashed_id}{version}", paper.squashed_id)))
