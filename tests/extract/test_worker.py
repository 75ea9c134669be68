"""What crashes, hangs and bombs cost: the one document that was being read."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatpaper.domain.errors import ConfigError, ExtractError
from chatpaper.extract.worker import Extractor
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page
from tests.fakes.poison import pdf_of

# The PDF library takes some 50 MB before it reads anything.
SMALL_MEMORY_BYTES = 500_000_000
SHORT_SECONDS = 3.0
# Longer than any test may wait for a process to appear.
PATIENCE_SECONDS = 60.0


def figure_page(page: PaperPage) -> None:
    page.plot(80, 80, 270, 200)
    page.text(54, 220, "Figure 1: A plot.", 9)
    page.table(330, 90, 545, 6)
    page.text(318, 186, "Table 1: A table.", 9)
    page.prose(LEFT_COLUMN, 240, 30)
    page.prose(RIGHT_COLUMN, 240, 30)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return draw(tmp_path / "paper.pdf", figure_page, text_page)


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """Write a small file that takes many seconds to interpret."""
    path = tmp_path / "endless.pdf"
    path.write_bytes(pdf_of(b"0 0 m 9 9 l S\n" * 3_000_000))
    return path


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """Write a small file with more text than fits in memory."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(
        pdf_of(
            b"BT /F 10 Tf 50 700 Td\n" + b"(abcdefghijklmnopqrstuvwxyz) Tj\n" * 1_000_000 + b"ET"
        )
    )
    return path


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=1, timeout_seconds=PATIENCE_SECONDS) as shared:
        yield shared


def test_a_document_comes_back_with_its_images(
    extractor: Extractor, paper: Path, tmp_path: Path
) -> None:
    document = extractor.extract(paper, tmp_path / "images")

    assert [figure.image for figure in document.figures] == ["figure-1.png", "table-1.png"]
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == [
        "figure-1.png",
        "table-1.png",
    ]
    assert (tmp_path / "images" / "figure-1.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_left_beside_the_images(
    extractor: Extractor, paper: Path, tmp_path: Path
) -> None:
    extractor.extract(paper, tmp_path / "out" / "paper")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["paper"]


def test_a_file_that_is_no_pdf_is_named_so(extractor: Extractor, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_text("<html>not found</html>")

    with pytest.raises(ExtractError) as caught:
        extractor.extract(page, tmp_path / "images")

    assert caught.value.reason == "not a PDF"
    assert caught.value.path == str(page)
    assert str(caught.value).count(page.name) == 1
    assert not (tmp_path / "images").exists()


def test_many_documents_at_once_each_get_their_own_answer(
    extractor: Extractor, paper: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.pdf"
    futures = [
        extractor.submit(path, tmp_path / f"out-{n}")
        for n, path in enumerate([paper, missing, paper])
    ]

    assert [type(future.exception()).__name__ for future in futures] == [
        "NoneType",
        "ExtractError",
        "NoneType",
    ]


def test_a_killed_worker_costs_one_document(endless: Path, paper: Path, tmp_path: Path) -> None:
    with Extractor(workers=1, timeout_seconds=PATIENCE_SECONDS) as extractor:
        doomed = extractor.submit(endless, tmp_path / "endless")
        following = extractor.submit(paper, tmp_path / "paper")
        _kill_worker_that_reads()

        with pytest.raises(ExtractError) as caught:
            doomed.result(PATIENCE_SECONDS)
        assert caught.value.reason == "crashed"
        assert len(following.result(PATIENCE_SECONDS).figures) == 2


def test_a_document_that_takes_too_long_is_given_up(
    endless: Path, paper: Path, tmp_path: Path
) -> None:
    with Extractor(workers=1, timeout_seconds=SHORT_SECONDS) as extractor:
        with pytest.raises(ExtractError) as caught:
            extractor.extract(endless, tmp_path / "images")

        assert caught.value.reason == "timeout"
        assert len(extractor.extract(paper, tmp_path / "paper").figures) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["endless.pdf", "paper", "paper.pdf"]


def test_a_document_that_wants_too_much_memory_is_given_up(
    bomb: Path, paper: Path, tmp_path: Path
) -> None:
    with Extractor(
        workers=1, timeout_seconds=PATIENCE_SECONDS, memory_bytes=SMALL_MEMORY_BYTES
    ) as extractor:
        with pytest.raises(ExtractError) as caught:
            extractor.extract(bomb, tmp_path / "images")

        assert caught.value.reason == "memory"
        assert len(extractor.extract(paper, tmp_path / "paper").figures) == 2


def test_workers_that_cannot_start_are_told_of(paper: Path, tmp_path: Path) -> None:
    """The memory allowed is less than the PDF library takes."""
    with (
        Extractor(
            workers=1, timeout_seconds=PATIENCE_SECONDS, memory_bytes=20_000_000
        ) as extractor,
        pytest.raises(ConfigError, match="No process for reading PDFs could be started"),
    ):
        extractor.extract(paper, tmp_path / "images")

    assert [path.name for path in tmp_path.iterdir()] == ["paper.pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")
@pytest.mark.parametrize("script", ["exit 3", None])
def test_workers_that_never_answer_are_given_up_with_the_reason(
    paper: Path, tmp_path: Path, script: str | None
) -> None:
    """The interpreter of the workers is missing, or in a folder of another user."""
    interpreter = tmp_path / "python"
    if script is not None:
        interpreter.write_text(f"#!/bin/sh\n{script}\n")
        interpreter.chmod(0o755)
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            EXTRACT_WITH_OTHER_INTERPRETER,
            str(interpreter),
            str(paper),
            str(tmp_path / "images"),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert told.stdout.startswith("ConfigError: No process for reading PDFs could be started ("), (
        told.stderr
    )


# In a process of its own, since all of a process share what starts their workers.
EXTRACT_WITH_OTHER_INTERPRETER = """
import sys
from multiprocessing import spawn
from pathlib import Path
from typing import Any
from chatpaper.extract.worker import Extractor

spawn.set_executable(sys.argv[1])
with Extractor(start_timeout_seconds=2) as extractor:
    try:
        extractor.extract(Path(sys.argv[2]), Path(sys.argv[3]))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
"""


def _kill_worker_that_reads() -> None:
    """Kill the one worker when it uses the processor: before, it has not begun to read."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for child in multiprocessing.active_children():
            if child.pid and _reading_seconds(child.pid) > SHORT_SECONDS:
                os.kill(child.pid, signal.SIGKILL)
                return
        time.sleep(0.1)
    raise AssertionError("no worker began to read")


def _reading_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_workers_that_die_with_nothing_to_do_are_replaced(paper: Path, tmp_path: Path) -> None:
    with Extractor(workers=1, timeout_seconds=PATIENCE_SECONDS) as extractor:
        extractor.extract(paper, tmp_path / "before")
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()

        assert len(extractor.extract(paper, tmp_path / "after").figures) == 2


def test_a_task_that_a_pool_takes_only_after_it_broke_goes_to_another(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Extractor(workers=1, timeout_seconds=PATIENCE_SECONDS) as extractor:
        extractor.extract(paper, tmp_path / "before")
        pool = extractor._pool
        take = pool._pool_manager.schedule
        is_broken = threading.Event()

        def take_late(task: Any) -> None:
            """Take a task once the idle worker has died and the pool knows of it."""
            is_broken.wait(PATIENCE_SECONDS)
            take(task)

        monkeypatch.setattr(pool._pool_manager, "schedule", take_late)
        reading = extractor.submit(paper, tmp_path / "after")
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
        assert pool._pool_manager_loop is not None
        pool._pool_manager_loop.join(PATIENCE_SECONDS)
        is_broken.set()

        assert len(reading.result(timeout=PATIENCE_SECONDS).figures) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_request_to_end_that_reaches_the_readers_too_costs_no_document(
    library: Path, tmp_path: Path
) -> None:
    """A service manager sends SIGTERM to all processes; the parent decides what is still done."""
    with Extractor() as extractor:
        # Who has read a paper has made its preparations.
        assert extractor.extract(library / "step-budgets.pdf", tmp_path / "first").figures
        reading = extractor.submit(library / "step-budgets.pdf", tmp_path / "again")
        for reader in multiprocessing.active_children():
            assert reader.pid is not None
            os.kill(reader.pid, signal.SIGTERM)
        assert reading.result(timeout=60).figures
