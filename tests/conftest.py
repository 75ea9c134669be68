"""What all tests share: no test talks to anything but this machine."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from chatpaper.cli.lint import TEXT_CHECKS
from chatpaper.domain import Paper
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.worker_process import UNUSED_PARTS
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.storage.store import Store
from chatpaper.write.lint import lint_post
from tests.cli.forked import Forker
from tests.contracts.validation import find_violations_in
from tests.fakes.disk import wait_for_no_disk

# A busy machine is no fault of the code, and a test that fails must fail again.
settings.register_profile("chatpaper", deadline=None, derandomize=True)
settings.load_profile("chatpaper")

# All libraries are loaded here at once, and stay: to look through them for unreachable cycles after
# every 700 new objects takes a tenth of the tests' time.
gc.set_threshold(50_000, 20, 20)

# Tests wait for servers and processes a fifth of their time: with one more worker than there are
# cores all of them take 253 s in place of 295 s on two.
WORKERS_BESIDE_CORES = 1

REPOSITORY = Path(__file__).parent.parent
LIBRARY = REPOSITORY / "examples" / "library"
AUTHORITY = REPOSITORY / "tests" / "fakes" / "authority.pem"


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests where nobody says how many."""
    return (os.cpu_count() or 1) + WORKERS_BESIDE_CORES


@pytest.fixture(scope="session")
def library() -> Path:
    """Return the folder of the example papers."""
    return LIBRARY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new store, and close it behind the test."""
    with Store(tmp_path / "state") as opened:
        yield opened


@pytest.fixture(scope="session")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker | None]:
    """Begin a process that runs commands; those of all workers are forked from one."""
    if not hasattr(os, "fork"):
        yield None
        return
    first = shared_folder(tmp_path_factory) / "forker"
    with FileLock(first.with_suffix(".lock")):
        begun = Forker(first.read_text("utf-8") if first.exists() else "")
        if not begun.is_fork:
            first.write_text(begun.address, "utf-8")
    with begun:
        yield begun


def read_ahead(library: Path, cache: Path) -> Path:
    """Fill a cache folder with what is read of the library."""
    from chatpaper.extract.document import read_document

    loader = DocumentLoader(cache, read_document)
    for pdf in library.glob("*.pdf"):
        with suppress(ExtractError):  # one is a scan
            loader.load(Paper("2611.00001", pdf.stem), pdf, None, is_own=True)
    return cache


@pytest.fixture(scope="session")
def papers_read(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read the library once into a cache folder; reading PDFs is what takes longest in a run.

    Workers that test side by side share what was read.
    """
    cache = shared_folder(tmp_path_factory) / "library-read"
    with FileLock(cache.with_suffix(".lock")):
        return cache if cache.is_dir() else read_ahead(library, cache)


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder that workers which test side by side have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def pytest_configure(config: pytest.Config) -> None:
    # Commands that tests start would compile everything anew where this is set.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # And each worker the tests, whose assertions pytest rewrites.
    sys.dont_write_bytecode = False
    wait_for_no_disk()
    # Every client of a service reads all authorities, some hundred, before it asks, also where the
    # environment names them; the servers of tests speak HTTP alone.
    os.environ["SSL_CERT_FILE"] = str(AUTHORITY)
    os.environ.pop("SSL_CERT_DIR", None)
    # As in the processes that read PDFs: the library loads models that nobody here asks.
    loaded: dict[str, Any] = vars(sys)["modules"]
    loaded.update(dict.fromkeys(UNUSED_PARTS))
    config.addinivalue_line(
        "markers", "unlinted(reason): posts of this test break rules of lint on purpose"
    )
    config.addinivalue_line(
        "markers", "off_schema(reason): JSON files of this test are not as published on purpose"
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _every_post_is_clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check that `chatpaper lint` finds nothing wrong with any post that a test has written.

    A post, in whatever format, is a Markdown file with its JSON beside it, or an index of posts.
    """
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is None or request.node.get_closest_marker("unlinted"):
        return
    found = [
        f"{file.relative_to(folder)}:{violation.line}: {violation.rule}: {violation.message}"
        for file in sorted(folder.rglob("*.md"))
        if file.with_suffix(".json").is_file() or file.name == "index.md"
        for violation in lint_post(file, file.read_bytes().decode(), TEXT_CHECKS)
    ]
    assert not found, "a post breaks rules of lint:\n" + "\n".join(found[:20])


@pytest.fixture(autouse=True)
def _every_json_is_as_published(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold the JSON files that a test wrote against their published schemas.

    These are the files beside posts, run reports and what `chatpaper extract` writes.
    """
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is None or request.node.get_closest_marker("off_schema"):
        return
    found = list(find_violations_in(folder))
    assert not found, "a JSON file is not as its schema says:\n" + "\n".join(found[:20])
