"""The lock of a state folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import RunLockedError, StoreError

LOCK_NAME = "run.lock"


@contextmanager
def hold_run_lock(settings: Settings) -> Iterator[None]:
    """Hold the lock under which one run at a time writes to a state folder.

    Raises RunLockedError while another process holds it, and StoreError where the folder cannot be
    written.
    """
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.state_dir / LOCK_NAME)
        lock.acquire(timeout=0)
    except Timeout:
        raise RunLockedError(
            f"Another run is at work in {settings.state_dir}: wait until it ends, or give this one "
            "its own state_dir."
        ) from None
    except OSError as error:
        raise StoreError(
            f"The folder {settings.state_dir} cannot be written: {error.strerror}. Choose another "
            "state_dir."
        ) from error
    try:
        yield
    finally:
        lock.release()
