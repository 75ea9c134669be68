"""Files that outlast a kill and a power cut: what stands under a name is whole, and stays there.

A file is written beside its place under the name of a part, forced to the disk and renamed; then
its folder is forced to the disk too, because the new name is an entry of the folder. A part bears
the number of the process that writes it, so that a later one can tell whether anybody still does.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = 0o077

_PART = re.compile(r"\..+\.(\d+)\.[^.]+\.part")


def create_part(path: Path) -> Path:
    """Create an empty file beside `path`, to be put in its place. Raises OSError."""
    handle, part = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.{os.getpid()}.", suffix=".part"
    )
    os.close(handle)
    return Path(part)


def create_part_folder(path: Path) -> Path:
    """Create an empty folder beside `path`. Raises OSError."""
    return Path(
        tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.", suffix=".part")
    )


def put_in_place(part: Path, path: Path, *, sync_folder: bool = True) -> None:
    """Give a part its name, whatever stood there before. Raises OSError.

    Who puts several files into one folder may force the folder to the disk once, behind the last.
    """
    sync(part)
    part.replace(path)
    if sync_folder:
        sync(path.parent)


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Yield a part to be filled, which takes the place of `path` unless an error is raised.

    The folder is created where it is missing, and no part is left behind. Raises OSError.
    """
    make_folder(path.parent)
    part = create_part(path)
    try:
        yield part
        put_in_place(part, path)
    finally:
        with suppress(OSError):
            part.unlink()


def sync(path: Path) -> None:
    """Force a file or a folder to the disk. Raises OSError."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders; NTFS keeps the order of renames by itself
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create a folder with all above it, so that it is there after a power cut too.

    Raises OSError.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync(each.parent)


def share(part: Path) -> None:
    """Let others read a part as they may read any new file. Raises OSError.

    `mkstemp` makes files that only their owner can read.
    """
    mask = os.umask(0)
    os.umask(mask)
    part.chmod(0o666 & ~mask)


def restrict_to_owner(path: Path) -> None:
    """Take a file or folder out of the reach of all but its owner.

    What is another user's is left as it is.
    """
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)


def compute_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear_parts(folder: Path, *, below: bool = True) -> int:
    """Remove the parts in a folder and below it whose writers were killed; return how many.

    What cannot go is left.
    """
    removed = 0
    for part in folder.rglob(".*.part") if below else folder.glob(".*.part"):
        found = _PART.fullmatch(part.name)
        if found is None or _is_alive(int(found[1])):
            continue
        with suppress(OSError):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
            removed += 1
    return removed


def _is_alive(process_id: int) -> bool:
    if process_id == os.getpid():
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
