"""Uploaded PDFs, kept within limits under names that only those who have the file can know."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.domain.atomic_files import create_part, make_folder, put_in_place
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.worker import Extractor
from chatpaper.operations.cache import DAY_SECONDS, cache_items, prune_cache
from chatpaper.web.jobs.folders import locate_uploads
from chatpaper.web.visitor_errors import VisitorError
from chatpaper.write.files import make_safe_filename

MEGABYTE = 1_000_000
# Readers accept a header within the first kilobyte (ISO 32000-1, annex H).
_MAGIC, _MAGIC_WITHIN_BYTES = b"%PDF-", 1024
_DIGEST_CHARACTERS = 32
_MAX_STEM_CHARACTERS = 60
# The largest file over a line of a megabit a second takes seven minutes.
UPLOAD_SECONDS = 600.0
# Pages are counted in milliseconds; a file that takes long is made to.
COUNT_SECONDS = 10.0
_DIGEST = re.compile(r"-[0-9a-f]{32}(?![0-9a-f])")
_UPLOAD_NAME = re.compile(r"[\w.-]{1,80}-[0-9a-f]{32}\.pdf")


class RefusedUploadError(VisitorError):
    """An upload that is too large, too long, or no PDF."""


# The words for a PDF that cannot be read, by the reason of the error; "pdf_damaged" for others.
_PDF_WORDS = {
    "encrypted": "pdf_locked",
    "timeout": "pdf_heavy",
    "memory": "pdf_heavy",
    "output": "pdf_heavy",
    "scanned": "pdf_text",
    "no_body_text": "pdf_text",
    "garbled_fonts": "pdf_text",
    "nothing to read": "pdf_missing",
}


def choose_pdf_words(reason: str) -> str:
    """Choose the name of the words for a PDF that cannot be read."""
    return _PDF_WORDS.get(reason, "pdf_damaged")


async def save_upload(
    chunks: AsyncIterator[bytes], file_name: str, folder: Path, *, max_megabytes: int
) -> str:
    """Save what a visitor sends, and return the name under which it is kept.

    No more than `max_megabytes` (of 1,000,000 bytes) are ever written. The name has a digest of the
    contents: two files of one name are two papers. Raises RefusedUploadError.
    """
    make_folder(folder)
    part = create_part(folder / "upload.pdf")
    try:
        digest, size = hashlib.sha256(), 0
        head = b""
        with part.open("wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > max_megabytes * MEGABYTE:
                    raise RefusedUploadError("upload_large", megabytes=max_megabytes)
                head = (
                    (head + chunk)[:_MAGIC_WITHIN_BYTES]
                    if len(head) < _MAGIC_WITHIN_BYTES
                    else head
                )
                digest.update(chunk)
                file.write(chunk)
        if _MAGIC not in head:
            raise RefusedUploadError("upload_type")
        stem = make_safe_filename(Path(file_name.replace("\\", "/")).stem)[
            :_MAX_STEM_CHARACTERS
        ].strip(".-_ ")
        safe = re.sub(r"[^\w.-]", "_", stem) or "paper"
        name = f"{safe}-{digest.hexdigest()[:_DIGEST_CHARACTERS]}.pdf"
        put_in_place(part, folder / name)
        return name
    finally:
        with suppress(OSError):
            part.unlink()


def count_allowed_pages(pdf: Path, workers: Extractor, max_pages: int) -> int:
    """Count the pages of a PDF, in a process of its own.

    Raises RefusedUploadError, and removes the file, where they are too many or it cannot be read.
    """
    try:
        pages = workers.count_pages(pdf)
    except ExtractError as error:
        pdf.unlink(missing_ok=True)
        raise RefusedUploadError(choose_pdf_words(error.reason)) from error
    if pages > max_pages:
        pdf.unlink(missing_ok=True)
        raise RefusedUploadError("upload_pages", pages=pages, most=max_pages)
    return pages


def build_page_counter(memory_bytes: int) -> Extractor:
    """Start the process that counts the pages of uploads.

    It is one of its own, so that no upload waits for papers being read.
    """
    return Extractor(workers=1, timeout_seconds=COUNT_SECONDS, memory_bytes=memory_bytes)


class UploadStore:
    """Saves uploads, one at a time of each visitor, and keeps their folder within limits."""

    def __init__(
        self,
        settings: Settings,
        counter: Extractor,
        needed: Callable[[], Collection[Path]],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Set up with the page's own settings; `needed` returns the files still to be read."""
        self._settings = settings
        self._counter = counter
        self._needed = needed
        self._clock = clock
        self._uploading: set[str] = set()

    async def accept(
        self, chunks: AsyncIterator[bytes], file_name: str, visitor: str
    ) -> tuple[str, int]:
        """Save a file; return the name under which it is kept, and its number of pages.

        Raises RefusedUploadError.
        """
        web, folder = self._settings.web, locate_uploads(self._settings)
        if visitor in self._uploading:
            raise RefusedUploadError("upload_busy")
        self._uploading.add(visitor)
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                kept = await save_upload(
                    chunks, file_name, folder, max_megabytes=web.max_upload_megabytes
                )
            pages = await asyncio.to_thread(
                count_allowed_pages, find_upload(kept, folder), self._counter, web.max_pages
            )
            await asyncio.to_thread(self.prune)
            return kept, pages
        except TimeoutError as error:
            raise RefusedUploadError(
                "upload_slow", duration=timedelta(seconds=UPLOAD_SECONDS)
            ) from error
        finally:
            self._uploading.discard(visitor)

    def prune(self) -> None:
        """Remove old uploads, and what exceeds the page's cache; never what is still needed."""
        now, needed = self._clock.now().timestamp(), self._needed()
        cache, web = self._settings.cache, self._settings.web
        oldest = now - web.upload_days * DAY_SECONDS
        for item in cache_items(self._settings.cache_dir):
            if (
                item.path.parent == locate_uploads(self._settings)
                and item.used < oldest
                and item.path not in needed
            ):
                with suppress(OSError):
                    item.path.unlink()
        prune_cache(
            self._settings.cache_dir,
            lambda: needed,
            max_gigabytes=cache.max_gigabytes,
            max_days=cache.max_days,
            now=now,
        )


def strip_digests(text: str) -> str:
    """Restore the names of uploaded files as their visitors know them in a text."""
    return _DIGEST.sub("", text)


def find_upload(name: str, folder: Path) -> Path:
    """Return an uploaded file by the name that its visitor was given.

    Raises VisitorError where there is none.
    """
    path = folder / name
    if not _UPLOAD_NAME.fullmatch(name) or not path.is_file():
        raise VisitorError("upload_gone")
    return path
