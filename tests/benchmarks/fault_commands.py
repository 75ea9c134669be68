"""Rows of the table of faults for machines, outputs and databases in real conditions.

Each is tried at the command line.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.benchmarks.fault_rows import (
    NEXT_DAY,
    RUN,
    Desk,
    Kind,
    Seen,
    counted,
    last_line,
    line_with,
    refused,
)
from tests.cli.conftest import TONIGHT, library_paper
from tests.cli.test_outputs import PdfSite, beside, edit, posted, put
from tests.cli.test_places import run_without, status_without_home, through_one_proxy
from tests.cli.test_state import empty, lose, randomize

# --- machines


def _through_socks(variable: str) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        asked = through_one_proxy(desk.terminal, desk.arxiv, desk.gemini, **{variable: ""})
        return Seen(
            "asked through it: "
            + ", ".join(sorted({"arxiv.invalid", "gemini.invalid"} & set(asked)))
        )

    return attempt


def _with_variables(**variables: str) -> Callable[[Desk], Seen]:
    return lambda desk: refused(desk.run(*RUN, TONIGHT, **variables))


def _narrow(encoding: str) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        done = desk.run(*RUN, TONIGHT, "--json", PYTHONIOENCODING=encoding)
        return Seen(f"exit {done.exit_code}, {counted(json.loads(done.out))}")

    return attempt


def _closed_streams(desk: Desk) -> Seen:
    done = run_without(desk.terminal, "0 1 2")
    return Seen(f"exit {done.returncode}, posts: {len(posted(desk.posts / TONIGHT))}")


def _without_home(desk: Desk) -> Seen:
    if os.geteuid() != 0:
        return Seen("exit 2", "This user has no home folder (tried by root alone)")
    done = status_without_home()
    return Seen(f"exit {done.returncode}", last_line(done.stderr))


def _settings(content: bytes) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        (desk.home / "chatpaper.toml").write_bytes(content)
        done = desk.run("topics", "list")
        return Seen(
            f"exit {done.exit_code}",
            last_line(done.err) if done.exit_code else line_with(done.out, "Mine"),
        )

    return attempt


OF_PLACES = (
    Kind(
        "places",
        "proxies",
        "ALL_PROXY=socks5://…",
        _through_socks("ALL_PROXY"),
        "asked through it: arxiv.invalid, gemini.invalid",
    ),
    Kind(
        "places",
        "proxies",
        "network.proxy = socks5://…",
        _through_socks("CHATPAPER_NETWORK__PROXY"),
        "asked through it: arxiv.invalid, gemini.invalid",
    ),
    Kind(
        "places",
        "proxies",
        "network.proxy without a scheme",
        _with_variables(CHATPAPER_NETWORK__PROXY="127.0.0.1:7890"),
        "exit 2",
        "must be an address such as socks5://127.0.0.1:7890",
    ),
    Kind(
        "places",
        "proxies",
        "ALL_PROXY=socks9://…",
        _with_variables(ALL_PROXY="socks9://127.0.0.1:7890", NO_PROXY=""),
        "exit 2",
        "ALL_PROXY names a proxy of the kind 'socks9'",
    ),
    Kind(
        "places",
        "encodings",
        "PYTHONIOENCODING=gbk",
        _narrow("gbk"),
        "exit 0, 1 published, 0 excluded, 0 failed",
    ),
    Kind(
        "places",
        "closed streams",
        "stdin, stdout and stderr closed",
        _closed_streams,
        "exit 0, posts: 1",
    ),
    Kind(
        "places",
        "no HOME",
        "a user without a home folder",
        _without_home,
        "exit 2",
        "This user has no home folder",
    ),
    Kind(
        "places",
        "certificates",
        "SSL_CERT_FILE names nothing",
        _with_variables(SSL_CERT_FILE="/nowhere/ca.pem"),
        "exit 2",
        "SSL_CERT_FILE names /nowhere/ca.pem, which is not there",
    ),
    Kind(
        "places",
        "BOM",
        "chatpaper.toml begins with a BOM",
        _settings(b'\xef\xbb\xbf[topics."Mine"]\r\nphrases = ["leaf"]\r\n'),
        "exit 0",
        "Mine",
    ),
    Kind(
        "places",
        "Windows paths",
        'output_dir = "D:\\Users\\posts"',
        _settings(b'output_dir = "D:\\Users\\posts"\n'),
        "exit 2",
        "single quotes",
    ),
)

# --- outputs


def _of_one_name(desk: Desk) -> Seen:
    first = put(desk.home / "a" / "paper.pdf", desk.library, "step-budgets")
    second = put(desk.home / "b" / "paper.pdf", desk.library, "leaf-shapes")
    for pdf in (first, second):
        desk.run("summarize", pdf, "--date", TONIGHT)
    return Seen(_papers(desk))


def _extracted(desk: Desk) -> Seen:
    first = put(desk.home / "a" / "paper.pdf", desk.library, "step-budgets")
    second = put(desk.home / "b" / "paper.pdf", desk.library, "leaf-shapes")
    output = ("--output", desk.home / "out")
    desk.run("extract", first, *output)
    record = desk.home / "out" / "paper.json"
    before = record.read_bytes()
    done = desk.run("extract", second, *output)
    kept = "kept" if record.read_bytes() == before else "lost"
    return Seen(
        f"exit {done.exit_code}, the first is {kept}",
        last_line(done.err).replace(str(desk.home), "…"),
    )


def _urls(desk: Desk) -> Seen:
    stems = {"id=a": "step-budgets", "id=b": "leaf-shapes"}
    papers = {query: (desk.library / f"{stem}.pdf").read_bytes() for query, stem in stems.items()}
    with PdfSite(papers) as site:
        desk.run("summarize", *(f"{site.url}/pdf?{query}" for query in papers), "--date", TONIGHT)
    return Seen(_papers(desk))


def _papers(desk: Desk) -> str:
    found = posted(desk.posts / TONIGHT)
    return f"papers: {len(set(found.values()))}, posts: {len(found)}"


def _spellings(desk: Desk) -> Seen:
    desk.run(
        "summarize",
        "2611.00001v1",
        "https://arxiv.org/abs/2611.00001",
        "arXiv:2611.00001",
        "--date",
        TONIGHT,
    )
    return Seen(_papers(desk))


def _versions(desk: Desk) -> Seen:
    desk.run("summarize", "2611.00001v1", "--date", TONIGHT)
    calls = desk.calls
    desk.arxiv.papers[0] = library_paper(
        desk.library, "leaf-shapes", 1, "Step Budgets, Revised", version=2
    )
    done = desk.run("summarize", "2611.00001", "--date", TONIGHT)
    return Seen(f"exit {done.exit_code}, {desk.calls - calls} calls", last_line(done.err))


def _edited(command: tuple[str, ...]) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        desk.run(*RUN, TONIGHT)
        post, calls = desk.posts / TONIGHT / "Diffusion_Models.md", desk.calls
        edited = edit(post)
        done = desk.run(*command)
        is_kept = post.read_bytes() == edited and beside(post).is_file()
        told = line_with(done.err, "was edited").replace(str(desk.home), "…")
        return Seen(f"{'kept' if is_kept else 'lost'}, {desk.calls - calls} calls", told)

    return attempt


OF_OUTPUTS = (
    Kind("outputs", "one name", "two PDFs of one name", _of_one_name, "papers: 2, posts: 2"),
    Kind(
        "outputs",
        "one name",
        "two PDFs of one name, extract twice",
        _extracted,
        "exit 2, the first is kept",
        "is the record of another PDF",
    ),
    Kind("outputs", "queries", "two URLs that differ in their query", _urls, "papers: 2, posts: 2"),
    Kind("outputs", "spellings", "one paper in three spellings", _spellings, "papers: 1, posts: 1"),
    Kind(
        "outputs",
        "versions",
        "a second version on one day",
        _versions,
        "exit 2, 0 calls",
        "choose another --date",
    ),
    Kind(
        "outputs",
        "edited posts",
        "an edited post, run",
        _edited((*RUN, TONIGHT)),
        "kept, 0 calls",
        "was edited",
    ),
    Kind(
        "outputs",
        "edited posts",
        "an edited post, render",
        _edited(("render",)),
        "kept, 0 calls",
        "was edited",
    ),
)

# --- databases


def _lost(loss: Callable[[Path], None]) -> Callable[[Desk], Seen]:
    """Lose the database; the next night learns it from the posts."""

    def attempt(desk: Desk) -> Seen:
        desk.run(*RUN, TONIGHT)
        calls = desk.calls
        loss(desk.database)
        done = desk.run(*RUN, NEXT_DAY, "--json")
        told = line_with(done.err, "it was restored from ").replace(str(desk.home), "…")
        return Seen(f"{counted(done.report)}, {desk.calls - calls} calls", told)

    return attempt


def _damaged(damage: Callable[[Path], None]) -> Callable[[Desk], Seen]:
    """Damage the database: a run reports it, doctor mends it, and the next run goes on."""

    def attempt(desk: Desk) -> Seen:
        desk.run(*RUN, TONIGHT)
        calls = desk.calls
        damage(desk.database)
        told = desk.run(*RUN, NEXT_DAY)
        mended = desk.run("doctor", "--fix")
        done = desk.run(*RUN, NEXT_DAY, "--json")
        exits = f"exit {told.exit_code}, mended: exit {mended.exit_code}"
        says = last_line(told.err).replace(str(desk.home), "…")
        return Seen(f"{exits}, {counted(done.report)}, {desk.calls - calls} calls", says)

    return attempt


def _no_json(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE entries SET record = '{'")


_LEARNED = "0 published, 1 excluded, 0 failed, 0 calls"
_MENDED = f"exit 2, mended: exit 0, {_LEARNED}"
OF_STATE = (
    Kind(
        "state",
        "zero bytes",
        "a database of zero bytes",
        _lost(lambda database: empty(database, backups=True)),
        _LEARNED,
        "it was restored from ",
    ),
    Kind(
        "state",
        "gone",
        "a database gone beside posts",
        _lost(lambda database: lose(database, backups=False)),
        _LEARNED,
        "it was restored from ",
    ),
    Kind(
        "state",
        "random bytes",
        "random bytes in the database",
        _damaged(randomize),
        _MENDED,
        "doctor --fix",
    ),
    Kind("state", "no JSON", "a row that is no JSON", _damaged(_no_json), _MENDED, "doctor --fix"),
)
