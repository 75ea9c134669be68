"""The database as it may be found: lost, damaged as a whole or in one row.

Nothing is paid for or posted twice.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import TONIGHT, Night, Publish, Terminal
from tests.cli.test_run import files_below
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

NEXT_DAY = "2026-11-23"
RUN = ("run", "--topic", "Diffusion Models", "--format", "daily", "--format", "card", "--date")


@pytest.fixture(scope="module")
def night(publish: Publish) -> Night:
    """Publish a topic and a single paper."""
    return publish((*RUN, TONIGHT), ("summarize", "2611.00004", "--date", TONIGHT))


@pytest.fixture
def tmp_path(night: Night) -> Path:
    """Go on from that night."""
    return night.restore()


@pytest.fixture
def database(online: Terminal) -> Path:
    """Return the path of the database."""
    return online.home / "state" / "chatpaper.db"


def lose(database: Path, *, backups: bool) -> None:
    for companion in database.parent.glob("chatpaper.db-*"):
        companion.unlink()
    if not backups:
        shutil.rmtree(database.parent / "backups")
    database.unlink()


def empty(database: Path, *, backups: bool) -> None:
    lose(database, backups=backups)
    database.touch()


@pytest.mark.parametrize(("loss", "backups"), [(lose, False), (empty, True)])
def test_a_database_that_was_lost_is_learned_from_the_posts(
    online: Terminal, gemini: FakeGemini, database: Path, loss: Callable[..., None], backups: bool
) -> None:
    posts, calls = files_below(online.posts), len(gemini.calls)
    loss(database, backups=backups)
    told = online.run("status")
    assert (told.exit_code, "is empty or missing though there are posts" in told.err) == (0, True)
    assert "FAIL database" in online.run("doctor").out
    next_day = online.run(*RUN, NEXT_DAY, "--json")
    assert "was empty or missing: " in next_day.err
    assert next_day.err.count("it was restored from ") >= 1
    (topic,) = next_day.report["topics"]
    assert (next_day.exit_code, topic["published"], topic["failed"]) == (0, 0, 0)
    same_day = online.run(*RUN, TONIGHT, "--json")
    assert (same_day.exit_code, same_day.report["topics"][0]["published"]) == (0, 3)
    assert online.run("summarize", "2611.00004", "--date", TONIGHT).exit_code == 0
    assert online.run("render").exit_code == 0
    assert {
        name: content
        for name, content in files_below(online.posts).items()
        if not name.endswith(".json")
    } == {name: content for name, content in posts.items() if not name.endswith(".json")}
    assert len(gemini.calls) == calls
    assert "was empty or missing" not in online.run(*RUN, NEXT_DAY).err


def test_a_file_is_known_by_its_contents_after_the_database_was_lost(
    online: Terminal, gemini: FakeGemini, library: Path
) -> None:
    stems = {"a": "step-budgets", "b": "leaf-shapes"}
    pdfs = [online.home / folder / "paper.pdf" for folder in stems]
    for pdf, stem in zip(pdfs, stems.values(), strict=True):
        pdf.parent.mkdir()
        shutil.copy(library / f"{stem}.pdf", pdf)
    assert online.run("summarize", *pdfs, "--date", TONIGHT).exit_code == 0
    posts, calls = files_below(online.posts), len(gemini.calls)
    lose(online.home / "state" / "chatpaper.db", backups=False)
    assert online.run("summarize", *reversed(pdfs), "--date", TONIGHT).exit_code == 0
    assert files_below(online.posts).keys() == posts.keys()
    assert len(gemini.calls) == calls


def test_doctor_fills_a_database_that_was_lost(
    online: Terminal, gemini: FakeGemini, database: Path
) -> None:
    lose(database, backups=False)
    mended = online.run("doctor", "--fix")
    assert mended.exit_code == 0, mended.out
    assert (
        f"done The database {database} was empty or missing: it was restored from the posts"
        in mended.out
    )
    calls = len(gemini.calls)
    assert online.run(*RUN, TONIGHT).exit_code == 0
    assert len(gemini.calls) == calls


def randomize(database: Path) -> None:
    """Overwrite all but the first page, as a disk does that goes bad."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(database.stat().st_size - 4096))


@pytest.mark.parametrize("backups", [True, False])
def test_random_bytes_are_told_and_mended(
    online: Terminal, gemini: FakeGemini, database: Path, backups: bool
) -> None:
    posts, calls = files_below(online.posts), len(gemini.calls)
    if not backups:
        shutil.rmtree(database.parent / "backups")
    randomize(database)
    for command in ((*RUN, NEXT_DAY), ("status",), ("summarize", "2611.00001")):
        done = online.run(*command)
        assert done.exit_code == 2, done.err
        assert "`chatpaper doctor --fix` repairs it" in done.err
        assert len(done.err.splitlines()) <= 3
    assert (online.run("doctor").exit_code, len(gemini.calls)) == (2, calls)
    mended = online.run("doctor", "--fix")
    assert mended.exit_code == 0, mended.out
    for day in (TONIGHT, NEXT_DAY):
        assert online.run(*RUN, day).exit_code == 0
    assert len(gemini.calls) == calls
    assert set(files_below(online.posts)) == posts.keys()


NO_TEXT = "CAST(x'ff2eff' AS TEXT)"


@pytest.mark.parametrize(
    "damage",
    [
        f"UPDATE outcomes SET reason = {NO_TEXT} WHERE arxiv_id = '2611.00001'",
        f"UPDATE night_papers SET reason = {NO_TEXT} WHERE arxiv_id = '2611.00001'",
        "UPDATE entries SET record = '{' WHERE arxiv_id = '2611.00001'",
        "UPDATE entries SET record = '{\"paper\": 1}' WHERE arxiv_id = '2611.00001'",
        f"UPDATE completions SET text = {NO_TEXT}",
        "UPDATE outcomes SET post_date = 'yesterday' WHERE arxiv_id = '2611.00001'",
        "UPDATE papers SET record = 'null' WHERE arxiv_id = '2611.00001'",
    ],
)
def test_one_bad_row_is_told_and_costs_itself_alone(
    online: Terminal, gemini: FakeGemini, database: Path, damage: str
) -> None:
    posts, calls = files_below(online.posts), len(gemini.calls)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(damage)
        (others,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    if "paper" not in damage.rpartition("SET")[2] and "null" not in damage:
        for command in ((*RUN, NEXT_DAY), ("status",)):
            done = online.run(*command)
            assert done.exit_code == 2, done.err
            assert "`chatpaper doctor --fix` repairs it" in done.err
    examined = online.run("doctor")
    assert examined.exit_code == 2
    assert "FAIL database" in examined.out
    mended = online.run("doctor", "--fix")
    assert mended.exit_code == 0, mended.out
    assert f"done removed from {database}: the row " in mended.out
    for day in (TONIGHT, NEXT_DAY):
        done = online.run(*RUN, day)
        assert done.exit_code == 0, done.err
    assert online.run("render").exit_code == 0
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (others,)
    assert len(gemini.calls) == calls
    assert files_below(online.posts).keys() == posts.keys()
    assert (online.posts / TONIGHT / "Diffusion_Models.md").read_bytes() == posts[
        f"{TONIGHT}/Diffusion_Models.md"
    ]


def test_a_row_that_a_command_meets_is_no_defect(
    online: Terminal, arxiv: FakeArxiv, database: Path
) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE entries SET record = '{\"paper\": 1}' WHERE arxiv_id = '2611.00001'"
        )
    done = online.run("render")
    assert done.exit_code == 2
    assert "2611.00001" in done.err
    assert "`chatpaper doctor --fix`" in done.err
