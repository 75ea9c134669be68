"""Files of a folder or a bucket, each put there whole or not at all."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from chatpaper.domain.atomic_files import replace_file, share
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.pdf_store import REMOTE_MARK, open_file_system, resolve_place


class FileStore:
    """The files below a folder or a URL that fsspec opens; their names are relative paths."""

    def __init__(self, place: str) -> None:
        """Open the store. Raises ConfigError for a URL that cannot be opened."""
        self.place = resolve_place(place)
        self._remote = open_file_system(self.place) if REMOTE_MARK in place else None

    def exists(self, name: str) -> bool:
        """Return whether there is such a file. Raises UpstreamError where nobody can tell."""
        if self._remote is None:
            return Path(self.place, name).is_file()
        system, root = self._remote
        try:
            return bool(system.exists(f"{root}/{name}"))
        except OSError as error:
            raise UpstreamError(f"{self.place} does not answer: {error}") from error

    def put(self, path: Path, name: str) -> None:
        """Put a file into the store, in the place of what has its name.

        A bucket shows a file when all of it is there. Raises ConfigError where the folder cannot
        be written, UpstreamError where the bucket does not take it.
        """
        if self._remote is not None:
            system, root = self._remote
            try:
                system.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
                system.put_file(str(path), f"{root}/{name}")
            except OSError as error:
                raise UpstreamError(f"{self.place}/{name} cannot be written: {error}") from error
            return
        target = Path(self.place, name)
        try:
            with replace_file(target) as part:
                shutil.copyfile(path, part)
                share(part)
        except OSError as error:
            raise ConfigError(
                f"The folder {target.parent} cannot be written: {error.strerror}."
            ) from error

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the store. Raises as `put` does."""
        with TemporaryDirectory(prefix="chatpaper-") as folder:
            path = Path(folder, "content")
            path.write_bytes(content)
            self.put(path, name)

    def get(self, name: str, path: Path) -> None:
        """Copy a file of the store to `path`. Raises UpstreamError where that fails."""
        try:
            if self._remote is None:
                shutil.copyfile(Path(self.place, name), path)
            else:
                system, root = self._remote
                system.get_file(f"{root}/{name}", str(path))
        except OSError as error:
            raise UpstreamError(f"{self.place}/{name} cannot be read: {error}") from error
