"""A machine that nobody watches: what it tells, keeps and mends, from the outside."""

import json
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

from chatpaper.storage.store import Store
from tests.cli.conftest import TONIGHT, Terminal, submitted
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply
from tests.fakes.webhook import FakeWebhook

# A Thursday with arXiv announcements on each of the evenings before it: no holiday is near.
NOW = datetime(2026, 10, 15, 10, tzinfo=UTC)
RUN = ("run", "--topic", "Diffusion Models", "--date")
# Above the largest process id that Linux gives.
NO_PROCESS = 2**22 + 1
SMALL_CACHE = {"CHATPAPER_CACHE__MAX_GIGABYTES": "0"}


@pytest.fixture
def webhook() -> Iterator[FakeWebhook]:
    with FakeWebhook() as server:
        yield server


@pytest.fixture
def online(online: Terminal) -> Terminal:
    online.now = NOW
    return online


def day(nights_ago: int) -> str:
    """Return the post date of so many nights before `NOW`.

    In all of these tests it is the evening of `NOW`; alerts look at the last nights.
    """
    return (
        NOW.astimezone(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=nights_ago)
    ).isoformat()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def damage(database: Path) -> None:
    """Overwrite all but the first page, as a disk does that goes bad."""
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(database.stat().st_size - 4096))


def test_status_tells_of_nights_and_of_what_needs_a_person(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    submitted(arxiv, timedelta(days=3), NOW)
    assert online.run(*RUN, day(2)).exit_code == 0
    fine = online.run("status")
    assert fine.exit_code == 0, fine.out
    assert f"date {day(2)}, topic Diffusion Models, ended done, found 3, published 3" in fine.out
    arxiv.always(faults.status(503))
    assert online.run(*RUN, day(1)).exit_code == 4
    assert online.run(*RUN, day(0)).exit_code == 4
    needy = online.run("status", "--json")
    assert needy.exit_code == 3
    assert needy.report.keys() == {
        *("topics", "waiting", "given_up", "days", "nights", "alerts", "batches")
    }
    assert [(night["date"], night["state"]) for night in needy.report["nights"]] == [
        (day(0), "upstream_fault"),
        (day(1), "upstream_fault"),
        (day(2), "done"),
    ]
    (alert,) = needy.report["alerts"]
    assert (alert["kind"], alert["topic"], alert["since"]) == (
        "unquiet",
        "Diffusion Models",
        day(1),
    )
    told = online.run("status").out.splitlines()[0]
    assert told.startswith(
        "ALERT Diffusion Models: arXiv did not answer, 2 nights in a row (since "
    )
    assert "FAIL alert: Diffusion Models: arXiv did not answer" in online.run("doctor").out


def test_status_draws_a_table_on_a_terminal(online: Terminal) -> None:
    assert online.run(*RUN, day(0)).exit_code == 0
    shown = online.on_a_terminal("status", COLUMNS="100", NO_COLOR="1")
    assert "┃" in shown
    assert "Diffusion Models" in shown


def test_each_alert_is_sent_once_a_day_and_tried_again_until_somebody_took_it(
    online: Terminal, arxiv: FakeArxiv, webhook: FakeWebhook
) -> None:
    settings = online.home / "chatpaper.toml"
    settings.write_text(f'[notify]\nurls = ["{webhook.address}"]\n')
    arxiv.always(faults.status(503))
    online.run(*RUN, day(1))
    assert webhook.messages == []
    webhook.script(Reply(status=500))
    refused = online.run("-vv", *RUN, day(0), "--json")
    assert refused.exit_code == 4
    assert "notify.urls[0] did not accept the message" in refused.err
    assert len(webhook.messages) == 1
    for _ in range(2):
        assert online.run(*RUN, day(0)).exit_code == 4
    assert len(webhook.messages) == 2
    title, text = webhook.messages[1]
    assert title == "chatpaper: 1 thing needs a person"
    assert text.startswith("Diffusion Models: arXiv did not answer, 2 nights in a row")
    written = (
        refused.out
        + refused.err
        + "".join(p.read_text() for p in (online.home / "state" / "runs").iterdir())
    )
    assert webhook.secret not in written


def test_a_digest_tells_of_each_paper_once(
    online: Terminal, arxiv: FakeArxiv, webhook: FakeWebhook
) -> None:
    online.environment |= {
        "CHATPAPER_NOTIFY__URLS": json.dumps([webhook.address]),
        "CHATPAPER_NOTIFY__DIGEST": "true",
    }
    submitted(arxiv, timedelta(days=3), NOW)
    held_back = arxiv.papers.pop(0)
    assert online.run(*RUN, day(0)).exit_code == 0
    arxiv.papers.append(held_back)
    for _ in range(2):
        assert online.run(*RUN, day(0)).exit_code == 0
    first, second = webhook.messages
    assert first[0] == f"chatpaper {day(0)}: 2 new papers"
    assert "Diffusion Models: 2 found, 2 published, 0 excluded" in first[1]
    assert "- A Withdrawn Diffusion Model http" in first[1]
    assert " USD" in first[1]
    assert second[0] == f"chatpaper {day(0)}: 1 new papers"
    assert "- Step Budgets for Diffusion Models http" in second[1]
    assert "Withdrawn" not in second[1]


def test_the_cache_keeps_to_its_bound_and_posts_are_written_again_all_the_same(
    online: Terminal, gemini: FakeGemini
) -> None:
    cache = online.home / "cache"
    assert online.run(*RUN, TONIGHT, **SMALL_CACHE).exit_code == 0
    assert not [path for path in cache.glob("*/*") if path.exists()]
    before, calls = files_below(online.posts), len(gemini.calls)
    (online.posts / TONIGHT / "Diffusion_Models.md").unlink()
    assert online.run("render").exit_code == 0
    assert files_below(online.posts) == before
    assert online.run(*RUN, TONIGHT).exit_code == 0
    assert files_below(online.posts) == before
    assert len(gemini.calls) == calls


def test_figures_that_are_nowhere_else_stay_in_the_cache(online: Terminal) -> None:
    assert online.run(*RUN, TONIGHT).exit_code == 0
    before = files_below(online.posts)
    shutil.rmtree(online.posts)
    mended = online.run("doctor", "--fix", **SMALL_CACHE)
    assert "LEFT the cache is " in mended.out
    assert mended.exit_code == 3
    assert online.run("render").exit_code == 0
    assert files_below(online.posts) == before


def test_a_damaged_database_is_restored_and_no_paper_is_posted_twice(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    state = online.home / "state"
    held_back = arxiv.papers.pop(0)
    assert online.run(*RUN, "2026-11-21").exit_code == 0
    (backup,) = (state / "backups").iterdir()
    arxiv.papers.append(held_back)
    assert online.run(*RUN, TONIGHT).exit_code == 0  # no second backup on one day
    posts, calls = files_below(online.posts), len(gemini.calls)
    for companion in state.glob("chatpaper.db-*"):
        companion.unlink()
    damage(state / "chatpaper.db")
    assert online.run("status").exit_code in (2, 3)
    examined = online.run("doctor")
    assert examined.exit_code == 2
    assert "FAIL database" in examined.out
    assert f"`chatpaper doctor --fix` restores {backup}" in examined.out
    mended = online.run("doctor", "--fix")
    assert mended.exit_code == 0, mended.out
    assert f"restored {backup}; the damaged file is {state / 'chatpaper.db.damaged-'}" in mended.out
    assert "restored from the posts what was published since; papers: 1" in mended.out
    again = online.run(*RUN, "2026-11-23", "--json").report["topics"][0]
    assert (again["found"], again["published"]) == (3, 0)
    assert (files_below(online.posts), len(gemini.calls)) == (posts, calls)


def test_a_damaged_database_without_a_backup_is_set_aside(online: Terminal) -> None:
    (online.home / "state").mkdir()
    database = online.home / "state" / "chatpaper.db"
    database.write_text("no database" * 100)
    mended = online.run("doctor", "--fix")
    assert mended.exit_code == 0, mended.out
    assert "there is no sound backup: the damaged file is " in mended.out
    (aside,) = database.parent.glob("chatpaper.db.damaged-*")
    assert aside.read_text() == "no database" * 100


def test_doctor_mends_what_a_killed_run_left_and_says_what(online: Terminal) -> None:
    settings = online.home / "chatpaper.toml"
    settings.write_text('[llm]\napi_key = "fake-key"\n')
    settings.chmod(0o644)
    assert online.run(*RUN, TONIGHT).exit_code == 0
    post = online.posts / TONIGHT / "Diffusion_Models.md"
    text = post.read_bytes()
    post.unlink()
    with Store(online.home / "state") as store, store.database.transaction() as connection:
        connection.execute("UPDATE posts SET pending = 1")
    part, novel = (
        online.posts / TONIGHT / f".a.md.{NO_PROCESS}.abcd.part",
        online.posts / "novel.part",
    )
    for file in (part, novel):
        file.write_text("half")
    (online.home / "state" / "chatpaper.db").chmod(0o400)
    mended = online.run(
        "doctor", "--fix", CHATPAPER_OUTPUT_DIR=str(online.posts), CHATPAPER_CACHE_DIR="new/cache"
    )
    assert mended.exit_code == 0, mended.out
    assert post.read_bytes() == text
    assert (part.exists(), novel.exists()) == (False, True)
    assert "done created cache_dir: new/cache" in mended.out
    assert f"done wrote {post}, which a killed run had left unwritten" in mended.out
    assert "done removed unfinished files: 1" in mended.out
    assert "readable to its owner only" in mended.out
    assert settings.stat().st_mode & 0o077 == 0
    assert (online.home / "state" / "chatpaper.db").stat().st_mode & 0o200
    assert "done" not in online.run("doctor", "--fix", CHATPAPER_CACHE_DIR="new/cache").out


def test_doctor_mends_nothing_beside_a_run(online: Terminal) -> None:
    (online.home / "state").mkdir()
    with FileLock(online.home / "state" / "run.lock"):
        assert online.run("doctor", "--fix").exit_code == 6
        assert online.run("doctor").exit_code == 0


def test_a_date_that_is_forgotten_is_refused_before_its_post_loses_papers(online: Terminal) -> None:
    assert online.run(*RUN, TONIGHT).exit_code == 0
    before = files_below(online.posts)
    with Store(online.home / "state") as store, store.database.transaction() as connection:
        connection.execute("DELETE FROM entries")
    refused = online.run(*RUN, TONIGHT)
    assert refused.exit_code == 2
    assert "choose another --date" in refused.err
    assert files_below(online.posts) == before
