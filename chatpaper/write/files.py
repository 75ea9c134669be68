"""Names and bytes on disk: file-safe names, files that are whole or not there."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatpaper.domain.atomic_files import (
    create_part,
    make_folder,
    put_in_place,
    share,
    sync,
)
from chatpaper.domain.errors import WriteError

# Neither POSIX nor Windows (NTFS) takes these in a file name. White space would have to be escaped
# in every address of a blog, and brackets, `#` and `%` in some.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\s<>:"/\\|?*#%\[\]()]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# ext4, APFS and NTFS allow 255 bytes or characters; a suffix like ".bilingual.json.part" has to fit
# too.
MAX_NAME_BYTES = 200


def make_safe_filename(name: str) -> str:
    """Turn the name of a topic or paper into a file name that cannot leave its folder.

    Letters stay as they are.
    """
    safe = _UNSAFE.sub("_", name).strip("_.")
    safe = safe.encode()[:MAX_NAME_BYTES].decode(errors="ignore").rstrip("_.")
    if not safe or _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    return safe


def write_atomically(path: Path, content: bytes, *, sync_folder: bool = True) -> None:
    """Put a file in place, whole, also where the machine stops half-way. Raises WriteError.

    `sync_folder` as for `put_in_place`.
    """
    with _reported(path):
        make_folder(path.parent)
        if path.is_file() and path.read_bytes() == content:
            return
        _write_part(path, [content], sync_folder=sync_folder)


def write_parts_atomically(path: Path, parts: Iterable[bytes]) -> None:
    """Put a file in place as `write_atomically` does, whose parts are made one after the other."""
    with _reported(path):
        make_folder(path.parent)
        _write_part(path, parts)


def _write_part(path: Path, parts: Iterable[bytes], *, sync_folder: bool = True) -> None:
    part = create_part(path)
    try:
        with part.open("wb") as file:
            file.writelines(parts)
        share(part)
        put_in_place(part, path, sync_folder=sync_folder)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Turn errors of the file system into a WriteError that says which file it was."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{path} cannot be written: {error.strerror}. Make room there, or choose another "
            "folder with --output.",
            path=str(path),
        ) from error


def sync_written(folder: Path) -> None:
    """Force the names of files that were written with `sync_folder=False` to the disk.

    Raises WriteError.
    """
    try:
        sync(folder)
    except OSError as error:
        raise WriteError(
            f"{folder} cannot be written: {error.strerror}.", path=str(folder)
        ) from error


def check_writable(folder: Path) -> None:
    """Check that a folder can be written; raise WriteError now, not after the work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise WriteError(
            f"The folder {folder} cannot be written: {error.strerror}. "
            "Choose another with --output.",
            path=str(folder),
        ) from error


def measure_free_bytes(folder: Path) -> int:
    """Measure the space left on the disk of a folder that may not exist yet, in bytes."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
