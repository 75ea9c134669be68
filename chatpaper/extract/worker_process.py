"""What runs inside a worker process: set limits, read one PDF, return values.

Imports nothing of the PDF library by itself: the parent imports this module to name its functions.
"""

import errno
import importlib
import math
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chatpaper.domain import Document
from chatpaper.domain.errors import ExtractError
from chatpaper.extract import DISK_FAULT
from chatpaper.extract.pdf.highlights import PageImage
from chatpaper.extract.process_environment import sanitize_environment

_T = TypeVar("_T")

# Text and crops of one document: a hundred full-page crops at a megabyte each are far beyond any
# paper.
MAXIMUM_OUTPUT_BYTES = 200_000_000
# Processor time may pass the timeout by this before the kernel ends a worker whose parent no longer
# can.
_GRACE_SECONDS = 10

# Imported in workers only.
_READER = "chatpaper.extract.document"
# PyMuPDF loads these parts wherever they are installed, and numpy and onnxruntime with them: most
# of the time and memory that a worker takes to start, for layout models that are never used here.
UNUSED_PARTS = ("pymupdf.layout", "pymupdf4llm")

# Errors of the disk or its permissions, not of the document.
_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a worker returns instead of a value; exceptions with keyword arguments are not pickled.

    `trace` is the traceback of an internal error: a worker has no log of its own.
    """

    reason: str
    message: str
    trace: str = ""


def prepare_worker(memory_bytes: int) -> None:
    """Set the limits that hold for a worker's whole life, and import the PDF library under them."""
    sanitize_environment()
    if sys.platform != "win32":
        import resource

        # A service manager sends SIGTERM to all processes of a service at once; the parent still
        # wants what is being read.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAXIMUM_OUTPUT_BYTES, MAXIMUM_OUTPUT_BYTES))
        if sys.platform == "linux":
            # Data, not address space: libraries map much more than they use.
            resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    # Python refuses to import a module that is None here, as if it were not installed.
    modules: dict[str, Any] = vars(sys)["modules"]
    modules.update(dict.fromkeys(UNUSED_PARTS))
    importlib.import_module(_READER)


def run_guarded(work: Callable[[], _T], pdf: Path, timeout_seconds: float) -> _T | Failure:
    """Call `work`, which concerns one PDF, and return its value or its failure."""
    _limit_processor_time(timeout_seconds)
    try:
        return work()
    except ExtractError as error:
        return Failure(error.reason, str(error).removeprefix(f"{pdf}: "))
    except MemoryError:
        return Failure("memory", "needs more memory than allowed")
    except OSError as error:
        if error.errno not in _DISK_FAULTS:
            return Failure("crashed", f"its reader failed: {error}", traceback.format_exc())
        return Failure(DISK_FAULT, f"its images cannot be written: {error.strerror}")
    except Exception as error:
        if _is_out_of_memory(error):
            return Failure("memory", "needs more memory than allowed")
        return Failure(
            "crashed", f"its reader failed: {type(error).__name__}: {error}", traceback.format_exc()
        )


def read_document(pdf: Path, image_folder: Path) -> Document:
    """Read a document and write its images.

    Raises ExtractError as the reader does, and with reason "output" if text and images together
    exceed `MAXIMUM_OUTPUT_BYTES`.
    """
    from chatpaper.extract import document as reader

    document = reader.read_document(pdf, image_folder)
    written = sum(file.stat().st_size for file in image_folder.iterdir())
    if written + _count_characters(document) > MAXIMUM_OUTPUT_BYTES:
        limit = f"would give more than {MAXIMUM_OUTPUT_BYTES // 1_000_000} MB"
        raise ExtractError(f"{pdf}: {limit}", path=str(pdf), reason="output")
    return document


def render_page(pdf: Path, page_number: int, passage: str, value: str, cropped: bool) -> PageImage:
    """Render a page with a passage and a value marked in it, see `render_marked_page`."""
    from chatpaper.extract.pdf.rendering import render_marked_page

    return render_marked_page(pdf, page_number, passage, value, cropped=cropped)


def count_pages(pdf: Path) -> int:
    """Count the pages of a PDF."""
    from chatpaper.extract.pdf import reader

    return reader.count_pages(pdf)


def _limit_processor_time(timeout_seconds: float) -> None:
    """Let the kernel end a task that nobody watches; the limit counts from the worker's start."""
    if sys.platform != "win32":
        import resource

        times = os.times()
        soft = math.ceil(times.user + times.system + timeout_seconds + _GRACE_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _is_out_of_memory(error: Exception) -> bool:
    """Tell whether the PDF library ran out of memory; it has no class of exception for that."""
    text = str(error).lower()
    return "bad_alloc" in text or "out of memory" in text or ("alloc" in text and "failed" in text)


def _count_characters(document: Document) -> int:
    texts = [section.text for section in document.sections] + [
        hidden.text for hidden in document.hidden_text
    ]
    return sum(len(text) for text in texts)
