"""What the processes that read PDFs know of this machine, and whom they tell."""

import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatpaper.extract.worker import Extractor

READ = """
import sys
from pathlib import Path
from chatpaper.extract.worker import Extractor

if __name__ == "__main__":
    with Extractor() as extractor:
        print(len(extractor.extract(Path(sys.argv[1]), Path(sys.argv[2])).sections))
"""
READ_TIMEOUT_SECONDS = 120
# Sockets of other kinds (AF_UNIX) stay on this machine.
INTERNET = re.compile(r"AF_INET6?\b")


def environment_at(home: Path, **more: str) -> dict[str, str]:
    dropped = ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY")
    return (
        {name: value for name, value in os.environ.items() if name not in dropped}
        | {"HOME": str(home)}
        | more
    )


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_readers_have_no_keys(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "GEMINI_API_KEY",
        "CHATPAPER_WEB__PASSWORD",
        "HTTPS_PROXY",
        "AWS_SECRET_ACCESS_KEY",
        "INVENTED",
    ):
        monkeypatch.setenv(name, "a-secret-of-the-owner")
    with Extractor() as extractor:
        extractor.extract(library / "pink-noise.pdf", tmp_path / "images")
        (reader,) = multiprocessing.active_children()
        assert b"a-secret-of-the-owner" not in Path(f"/proc/{reader.pid}/environ").read_bytes()
    assert os.environ["INVENTED"] == "a-secret-of-the-owner"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_readers_load_no_models_that_they_never_ask(library: Path, tmp_path: Path) -> None:
    with Extractor() as extractor:
        extractor.extract(library / "pink-noise.pdf", tmp_path / "images")
        (reader,) = multiprocessing.active_children()
        loaded = Path(f"/proc/{reader.pid}/maps").read_text()
    assert "pymupdf" in loaded
    assert not re.search("onnxruntime|numpy", loaded)


def test_what_readers_need_is_kept_and_all_else_is_gone(tmp_path: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import os; "
                "from chatpaper.extract.process_environment import sanitize_environment; "
                "sanitize_environment();"
                "print(sorted(os.environ))"
            ),
        ],
        env={
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(tmp_path),
            "OPENAI_API_KEY": "x",
            "MY_PATH": "x",
        },
        capture_output=True,
        text=True,
        timeout=READ_TIMEOUT_SECONDS,
        check=True,
    )
    assert told.stdout.strip() == "['LC_ALL', 'ORT_DISABLE_TELEMETRY', 'PATH', 'TMPDIR']"


@pytest.mark.parametrize("inherited", [{}, {"ORT_DISABLE_TELEMETRY": "0"}])
def test_reading_leaves_no_number_of_this_machine(
    library: Path, tmp_path: Path, inherited: dict[str, str]
) -> None:
    home, program = tmp_path / "home", tmp_path / "read.py"
    home.mkdir()
    program.write_text(READ)
    subprocess.run(
        [sys.executable, program, library / "pink-noise.pdf", tmp_path / "images"],
        env=environment_at(home, **inherited),
        check=True,
        timeout=READ_TIMEOUT_SECONDS,
    )
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_the_library_is_silent_wherever_it_is_loaded(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import chatpaper.extract.pdf.reader"],
        env=environment_at(tmp_path),
        check=True,
        timeout=READ_TIMEOUT_SECONDS,
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_readers_open_no_socket_to_anywhere(library: Path, tmp_path: Path) -> None:
    program, trace = tmp_path / "read.py", tmp_path / "trace"
    program.write_text(READ)
    command: list[str | Path] = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", trace]
    traced = subprocess.run(
        [*command, sys.executable, program, library / "pink-noise.pdf", tmp_path / "images"],
        env=environment_at(tmp_path),
        capture_output=True,
        text=True,
        timeout=READ_TIMEOUT_SECONDS,
    )
    if "ptrace" in traced.stderr:
        pytest.skip("this machine does not let processes be traced")
    assert traced.returncode == 0, traced.stderr
    assert INTERNET.findall(trace.read_text()) == []
