"""`backfill` takes in years of a topic from a metadata snapshot and a folder of PDFs."""

import json
import re
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_snapshot import SnapshotPaper, make_papers, write_pdfs, write_snapshot
from tests.fakes.gemini import FakeGemini

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"
TOPIC = "Diffusion Models"
PAPERS = 10
OFF_TOPIC = json.dumps(
    {
        "id": "2103.99999",
        "title": "Gas in Leaves",
        "abstract": "Gas diffuses.",
        "categories": "q-bio.TO",
        "versions": [{"version": "v1", "created": "Mon, 1 Mar 2021 19:18:42 GMT"}],
        "authors_parsed": [["Lovelace", "Ada", ""]],
    }
)


@pytest.fixture
def papers(library: Path) -> list[SnapshotPaper]:
    return make_papers(library, PAPERS)


@pytest.fixture
def lab(terminal: Terminal, papers: list[SnapshotPaper], papers_read: Path) -> Terminal:
    """Return a terminal with a snapshot and PDFs, which were all read before."""
    shutil.copytree(papers_read, terminal.home / "cache", dirs_exist_ok=True)
    write_snapshot(terminal.home / "snapshot.json", papers, [OFF_TOPIC, "{broken"])
    write_pdfs(terminal.home / "pdfs", papers)
    return terminal


def command(*more: str, since: str = "2021") -> tuple[str, ...]:
    given = ("--topic", TOPIC, "--since", since, "--backend", "extractive")
    return ("backfill", *given, "--metadata", "snapshot.json", "--pdfs", "pdfs", *more)


def published(terminal: Terminal) -> dict[str, list[str]]:
    """Return the papers of the posts by day."""
    return {
        path.parent.name: [paper["arxiv_id"] for paper in json.loads(path.read_text())["papers"]]
        for path in sorted(terminal.posts.glob("*/*.json"))
    }


def test_each_paper_stands_in_the_post_of_its_day_of_submission(
    lab: Terminal, papers: list[SnapshotPaper]
) -> None:
    done = lab.run(*command("--yes", "--json"))
    assert done.exit_code == 0, done.err
    report = done.report
    assert [(each["month"], each["found"], each["published"]) for each in report["months"]] == [
        ("2021-02", 4, 4),
        ("2021-03", 6, 6),
    ]
    assert "could not be read, and are left out: 1; the first is line 2" in done.err
    expected: dict[str, list[str]] = {}
    for paper in reversed(papers):
        expected.setdefault(f"{paper.published:%Y-%m-%d}", []).append(paper.arxiv_id)
    assert published(lab) == expected
    # The index names each day once, and the nightly runs know nothing of it all.
    index = (lab.posts / "index.md").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"2021-\d\d-\d\d", index))) == sorted(expected)
    (topic,) = lab.run("status", "--json").report["topics"]
    assert (topic["published"], topic["pending"], topic["failed"]) == (PAPERS, 0, 0)
    # A second time there is nothing to do.
    again = lab.run(*command("--yes", "--json"))
    assert (again.exit_code, again.report["estimate"]["papers"]) == (0, 0)


def test_the_plan_is_shown_and_nothing_is_begun_without_consent(lab: Terminal) -> None:
    planned = lab.run(*command("--dry-run"))
    assert planned.exit_code == 0
    assert "2021-03: 6 found, 0 published, 0 excluded, 0 set aside, 6 waiting" in planned.out
    assert "Papers waiting: 10\nHours needed: about 0.1, limited by reading PDFs" in planned.out
    refused = lab.run(*command())
    assert refused.exit_code == 2
    assert "add --yes" in refused.err
    assert not lab.posts.exists()
    march = lab.run(*command("--yes", "--until", "2021-02", "--json"))
    assert [each["published"] for each in march.report["months"]] == [4]


def test_what_cannot_be_read_is_set_aside_with_its_reason(
    lab: Terminal, papers: list[SnapshotPaper]
) -> None:
    poison, missing = papers[0], papers[1]
    (lab.home / "pdfs" / "2102" / f"{poison.arxiv_id}v2.pdf").write_bytes(b"%PDF-1.7 broken")
    (lab.home / "pdfs" / "2102" / f"{missing.arxiv_id}v2.pdf").unlink()
    done = lab.run(*command("--yes", "--json"))
    assert done.exit_code == 3
    report = done.report
    assert [each["arxiv_id"] for each in report["set_aside"]] == [poison.arxiv_id]
    assert report["months"][0] | {"month": ""} == {
        "month": "",
        "found": 4,
        "published": 2,
        "excluded": 0,
        "set_aside": 1,
        "waiting": 1,
    }
    write_pdfs(lab.home / "pdfs", [poison, missing])
    mended = lab.run(*command("--yes", "--again", "--json"))
    assert mended.exit_code == 0, mended.err
    assert [each["published"] for each in mended.report["months"]] == [4, 6]


def test_a_kill_costs_nothing(lab: Terminal, papers: list[SnapshotPaper]) -> None:
    whole = Terminal(
        lab.home / "whole",
        lab.environment | {"CHATPAPER_STATE_DIR": str(lab.home / "other")},
        lab.forker,
    )
    whole.home.mkdir()
    for name in ("snapshot.json", "pdfs"):
        (whole.home / name).symlink_to(lab.home / name)
    for stop in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        with lab.start(*command("--yes")) as process:
            database = lab.home / "state" / "chatpaper.db"
            until = time.monotonic() + 60
            count = settled(database)
            while process.poll() is None and settled(database) < count + 2:
                assert time.monotonic() < until
                time.sleep(0.01)
            process.send_signal(stop)
    done = lab.run(*command("--yes", "--json"))
    assert done.exit_code == 0, done.err
    assert whole.run(*command("--yes")).exit_code == 0
    assert tree(lab.posts) == tree(whole.posts)


def test_the_budget_ends_it_and_the_rest_stays(
    online: Terminal, papers: list[SnapshotPaper]
) -> None:
    write_snapshot(online.home / "snapshot.json", papers)
    write_pdfs(online.home / "pdfs", papers)
    online.environment["CHATPAPER_LLM__CONCURRENCY"] = "1"
    asked = [each for each in command("--yes", "--json") if each not in ("--backend", "extractive")]
    done = online.run(*asked, "--max-usd", "0.011", "--until", "2021-02")
    assert done.exit_code == 5, done.err
    report = done.report
    assert "budget.max_usd" in report["stopped_by"]
    assert report["spent_usd"] <= 0.011
    assert report["estimate"]["usd"] == pytest.approx(2 * report["estimate"]["usd_batch"], abs=0.01)
    (month,) = report["months"]
    assert 0 < month["published"] < month["found"]
    assert month["published"] + month["waiting"] == month["found"]
    # What waits for a backfill does not wait for the next night.
    (topic,) = online.run("status", "--json").report["topics"]
    assert (topic["pending"], topic["failed"]) == (0, 0)
    rest = online.run(*asked, "--until", "2021-02")
    assert rest.exit_code == 0, rest.err
    assert rest.report["published_now"] == month["waiting"]


def test_with_batches_one_call_sends_and_the_next_publishes(
    online: Terminal, gemini: FakeGemini, papers: list[SnapshotPaper]
) -> None:
    write_snapshot(online.home / "snapshot.json", papers)
    write_pdfs(online.home / "pdfs", papers)
    online.environment["CHATPAPER_LLM__BATCH"] = "always"
    asked = [each for each in command("--yes", "--json") if each not in ("--backend", "extractive")]
    sent = online.run(*asked, "--until", "2021-02")
    assert sent.exit_code == 7, sent.err
    assert [each["waiting"] for each in sent.report["months"]] == [4]
    assert [len(each.requests) for each in gemini.batch_service.batches.values()] == [4]
    collected = online.run(*asked, "--until", "2021-02")
    assert collected.exit_code == 0, collected.err
    assert [each["published"] for each in collected.report["months"]] == [4]
    assert gemini.calls == []
    assert len(gemini.batch_service.batches) == 1


def settled(database: Path) -> int:
    """Count the papers that are published so far."""
    if not database.exists():
        return 0
    try:
        with closing(sqlite3.connect(database)) as connection:
            query = "SELECT count(*) FROM backfill_papers WHERE state = 'published'"
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_without_a_snapshot_arxiv_lists_the_papers_page_by_page(
    online: Terminal, arxiv: FakeArxiv, papers: list[SnapshotPaper]
) -> None:
    arxiv.papers[:] = [
        FakePaper(
            each.arxiv_id,
            each.title,
            each.abstract,
            ('Maren K\\"ohler (TU Delft)', "Oğuzhan Yıldız and Ada Lovelace"),
            each.version,
            each.published,
            # A record that changed later is listed under the month of its change.
            each.published + timedelta(days=500) if number == 2 else None,
            ("stat.ML", "cs.LG"),
            pdf=each.pdf.read_bytes(),
        )
        for number, each in enumerate(papers)
    ]
    asked = ("backfill", "--topic", TOPIC, "--since", "2021-02", "--until", "2021-03")
    first = online.run(*asked, "--dry-run", "--json")
    assert first.exit_code == 0, first.err
    assert [each["waiting"] for each in first.report["months"]] == [4, 6]
    lists = [each.query for each in arxiv.requests if each.query.get("verb") == "ListRecords"]
    assert sum("resumptionToken" in each for each in lists) == 2
    assert {each["set"] for each in lists if "set" in each} >= {"cs", "stat"}
    done = online.run(*asked, "--yes", "--json", "--backend", "extractive")
    assert done.exit_code == 0, done.err
    assert [each["published"] for each in done.report["months"]] == [4, 6]
    again = [each.query for each in arxiv.requests if each.query.get("verb") == "ListRecords"]
    # Only the month of today is asked for again, and PDFs come from arXiv.
    assert len(again) - len(lists) == len({each["set"] for each in lists if "set" in each})
    # A token that was kept for too long begins its month anew.
    with closing(sqlite3.connect(online.home / "state" / "chatpaper.db")) as database, database:
        database.execute("UPDATE backfill_listings SET is_done = 0, place = 'old'")
    assert online.run(*asked, "--dry-run").exit_code == 0
    post = json.loads((online.posts / "2021-02-28" / "Diffusion_Models.json").read_text())
    assert post["papers"][0]["authors"][1:] == ["Oğuzhan Yıldız", "Ada Lovelace"]


def test_the_data_set_is_read_by_other_engines(lab: Terminal, papers: list[SnapshotPaper]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    poison = papers[5]
    (lab.home / "pdfs" / "2103" / f"{poison.arxiv_id}v2.pdf").write_bytes(b"%PDF-1.7 broken")
    # A URL, as of a bucket.
    place = ("--dataset", f"file://{lab.home}/data")
    done = lab.run(*command("--yes", *place))
    assert done.exit_code == 3, done.err
    first = tree(lab.home / "data")
    assert sorted(first)[:3] == [
        "claims/month=2021-02/00001.parquet",
        "claims/month=2021-03/00000.parquet",
        "figures/month=2021-02/00001.parquet",
    ]
    with closing(duckdb.connect()) as connection:
        rows = connection.sql(
            f"SELECT month, count(*), count(*) FILTER (state = 'published') "
            f"FROM read_parquet('{lab.home}/data/papers/*/*.parquet', hive_partitioning = true) "
            "GROUP BY month ORDER BY month"
        ).fetchall()
        assert rows == [("2021-02", 4, 4), ("2021-03", 6, 5)]
        ((supported, page),) = connection.sql(
            f"SELECT c.text, c.page FROM '{lab.home}/data/claims/*/*.parquet' AS c "
            f"JOIN '{lab.home}/data/sections/*/*.parquet' AS s USING (arxiv_id) "
            "WHERE c.supported AND contains(s.text, c.quote) AND c.quote <> '' LIMIT 1"
        ).fetchall()
        assert supported
        assert page > 0
        (aside,) = connection.sql(
            f"SELECT arxiv_id, title, reason FROM '{lab.home}/data/papers/*/*.parquet' "
            "WHERE state = 'set_aside'"
        ).fetchall()
        assert aside[0] == poison.arxiv_id
        assert aside[2]
        # The query of the documentation, here of a word that these papers have.
        (query,) = re.findall(
            r"(?m)^    SELECT .*?;$", SCALE.read_text(encoding="utf-8"), re.DOTALL
        )
        query = query.replace("'data/", f"'{lab.home}/data/").replace("FID", "sampling")
        found = connection.sql(query.rstrip(";")).fetchall()
        assert found
        assert {len(row) for row in found} == {4}
    # Lost and written again, without a cache, it has the same bytes.
    shutil.rmtree(lab.home / "data")
    shutil.rmtree(lab.home / "cache")
    assert lab.run(*command("--yes", *place, "--until", "2021-02")).exit_code == 0
    assert tree(lab.home / "data") == {
        name: content for name, content in first.items() if "2021-02" in name
    }


def test_a_shard_is_read_by_one_plain_command_on_whatever_machine(
    lab: Terminal, papers: list[SnapshotPaper]
) -> None:
    (lab.home / "pdfs" / "2102" / f"{papers[0].arxiv_id}v2.pdf").write_bytes(b"%PDF-1.7 broken")
    february = ("--until", "2021-02", "--shards", "store")
    planned = lab.run(*command("--dry-run", *february))
    assert planned.exit_code == 0, planned.err
    store = lab.home / "store" / "Diffusion_Models"
    assert f"Shards to read: 1 (0); their plans are in {store.relative_to(lab.home)}" in planned.err
    read = ("backfill", "read", "--shards", str(store), "--pdfs", "pdfs")
    (number,) = (int(path.stem) for path in store.glob("plan/*.json"))
    # A Kubernetes indexed Job and an array of Slurm say by the environment which one.
    first = lab.run(*read, JOB_COMPLETION_INDEX=str(number))
    assert first.exit_code == 0, first.err
    (result,) = store.glob("read/*.parquet")
    content = result.read_bytes()
    # Others may read it as they may read any new file.
    (lab.home / "file").touch()
    assert result.stat().st_mode == (lab.home / "file").stat().st_mode
    again = lab.run(*read, SLURM_ARRAY_TASK_ID=str(number))
    assert "was read before" in again.out
    result.unlink()
    assert lab.run(*read, "--shard", str(number)).exit_code == 0
    assert result.read_bytes() == content
    assert lab.run(*read, "--shard", "7").exit_code == 2
    # The driver takes in what stands there: it has neither PDFs nor documents of its own.
    alone = Terminal(
        lab.home / "driver",
        lab.environment | {"CHATPAPER_CACHE_DIR": str(lab.home / "empty")},
        lab.forker,
    )
    (alone.home / "pdfs").mkdir(parents=True)
    shutil.copytree(lab.home / "state", alone.home / "state")
    alone.environment["CHATPAPER_STATE_DIR"] = str(alone.home / "state")
    shutil.copy(lab.home / "snapshot.json", alone.home)
    taken = alone.run(*command("--yes", "--until", "2021-02", "--shards", str(store.parent)))
    assert taken.exit_code == 3, taken.err
    assert f"{papers[0].arxiv_id} is set aside" in taken.err
    assert lab.run(*command("--yes", "--until", "2021-02")).exit_code == 3
    assert tree(alone.posts) == tree(lab.posts)
