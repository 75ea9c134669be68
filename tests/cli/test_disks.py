"""A full or read-only disk, or a locked database: one sentence, the right exit code, nothing lost.

The disks are real: small file systems in memory, mounted in a name space of their own, which Linux
also grants to users without any rights, unless it is configured not to.
"""

import shlex
import sqlite3
import subprocess
import threading
import time

import pytest

from chatpaper.storage.store import Store
from tests.cli.conftest import TONIGHT, Outcome, Terminal
from tests.fakes.gemini import FakeGemini

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)
# Long enough for a run to find the database locked, on a busy machine too.
_LOCKED_SECONDS = 1.5
_MOUNTED = """
set -e
mount -t tmpfs -o size={size} tmpfs {folder}
cp -a {before}/. {folder}
{then}
code=0
{program} {arguments} || code=$?
cp -a {folder}/. {after}
exit $code
"""


def _may_mount() -> bool:
    try:
        asked = subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
        )
    except FileNotFoundError:
        return False
    return asked.returncode == 0


needs_mounts = pytest.mark.skipif(
    not _may_mount(), reason="this system lets nobody mount a file system"
)


def run_on_disk(
    terminal: Terminal, name: str, *, size: str = "100m", then: str = "true", **environment: str
) -> Outcome:
    """Run with a folder of the terminal on a disk of its own, and copy it back afterwards."""
    folder = terminal.home / name
    before, after = terminal.home / "before", terminal.home / "after"
    for each in (folder, before, after):
        each.mkdir(exist_ok=True)
    script = _MOUNTED.format(
        size=size,
        folder=folder,
        before=before,
        after=after,
        then=then.format(folder=folder),
        program=shlex.join(terminal.as_program()),
        arguments=shlex.join(RUN),
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=terminal.home,
        env=terminal.variables({}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    subprocess.run(["cp", "-a", f"{after}/.", folder], check=True)
    return Outcome(done.returncode, done.stdout, done.stderr)


def assert_told(done: Outcome, *words: str) -> None:
    """Assert that the fault of the disk is reported in one sentence."""
    assert done.exit_code == 2, done.err
    (told,) = {line for line in done.err.splitlines() if line.startswith("chatpaper: ")}
    assert all(word in told for word in words), told
    assert "Traceback" not in done.err


def assert_nothing_lost(terminal: Terminal, gemini: FakeGemini) -> None:
    """Assert that the same command publishes all on a disk with space, and repeats no call."""
    answered = len(gemini.calls)
    done = terminal.run(*RUN, "--json")
    assert done.exit_code == 0, done.err
    assert done.report["topics"][0]["published"] == 3
    assert answered + done.report["totals"]["llm_calls"] == len(gemini.calls) == 3
    assert not list(terminal.home.glob("*/**/.*.part"))


@needs_mounts
def test_a_full_output_folder(online: Terminal, gemini: FakeGemini) -> None:
    """All are summarized, and their post waits until it can be written."""
    done = run_on_disk(online, "posts", size="24k")
    assert_told(done, "posts", "No space left on device")
    assert len(gemini.calls) == 3
    assert_nothing_lost(online, gemini)


@needs_mounts
def test_a_full_cache(online: Terminal, gemini: FakeGemini) -> None:
    """No paper is made to do with its abstract because there is no room for its figures."""
    done = run_on_disk(online, "cache", size="400k")
    assert_told(done, "cache", "No space left on device", "cache_dir")
    assert_nothing_lost(online, gemini)


@needs_mounts
def test_a_full_state_folder(online: Terminal, gemini: FakeGemini) -> None:
    """No model is asked for what could not be kept."""
    done = run_on_disk(online, "state", size="1m")
    assert_told(done, "state", "MB are free")
    assert gemini.calls == []
    assert_nothing_lost(online, gemini)


@needs_mounts
@pytest.mark.parametrize("folder", ["state", "cache", "posts"])
def test_a_folder_that_takes_nothing(online: Terminal, gemini: FakeGemini, folder: str) -> None:
    done = run_on_disk(online, folder, then="mount -o remount,ro {folder}")
    assert_told(done, folder, "Read-only file system")
    # A paper that has no PDF needs no cache, and may have been asked about before another one did.
    assert folder == "cache" or gemini.calls == []


def test_a_database_that_another_program_uses_for_a_while(
    online: Terminal, gemini: FakeGemini
) -> None:
    """A backup or somebody with a shell is waited for."""
    Store(online.home / "state").close()
    connection = sqlite3.connect(online.home / "state" / "chatpaper.db", check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    release = threading.Timer(_LOCKED_SECONDS, connection.rollback)
    release.start()
    began = time.monotonic()
    assert online.run(*RUN).exit_code == 0
    assert time.monotonic() - began > _LOCKED_SECONDS / 2
    release.join()
    connection.close()
    assert len(gemini.calls) == 3
    assert len(list(online.posts.rglob("Diffusion_Models.md"))) == 1
