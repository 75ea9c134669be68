"""What a night costs with few papers behind it, and with a million.

`python -m tests.benchmarks.benchmark_history` runs one night of 20 papers against servers that play
arXiv and Gemini, and makes a history of it: the rows of that night again and again under other ids
and days, in every table that grows, with a post for each day and topic. Behind a history of each
length it runs

- `first`: a night that reads all posts for the first time, and makes a backup
- `night`: the night after that, with papers that nobody has seen, when no backup is due; it is
  the middle one of three
- `again`: the same night once more, when there is nothing to do
- `status`, `search` and `export --format jsonl`

and tells of each its own processor time (PDFs are read by other processes), its wall time and its
peak memory, as ratios to those of the shortest history. All is kept: `store.keep_days` is a
century. Ends with 0 where the bounds below hold.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_papers import library_papers, repeated
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.services import name_services

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
TOPICS = ("Diffusion Models", "Large Language Models")
PAPERS = 20
# A night of a laboratory that follows two topics: the days of the shortest history are more than
# those for which later versions are looked up.
PAPERS_A_NIGHT = 100
SIZES = (10_000, 100_000, 1_000_000)

MOST_OF_NIGHT = 1.3
MOST_STATUS_SECONDS = 1.0
MOST_EXPORT_MEGABYTES = 300.0

PATTERN_DAY, FIRST_DAY = date(2026, 11, 20), date(2026, 11, 23)
NIGHT_DAYS = (date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26))
MEGABYTE = 1_000_000
_PAPERS_A_TRANSACTION = 5_000

# Ends like the command itself, and leaves behind what time and memory the process took.
_METERED = """
import atexit, json, os, resource, sys
from pathlib import Path
meter = Path(sys.argv.pop())
def leave():
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    meter.write_text(json.dumps([sum(os.times()[:2]), memory]))
atexit.register(leave)
profile = os.environ.pop("HISTORY_PROFILE", "")
if profile:
    import cProfile
    profiler = cProfile.Profile()
    profiler.enable()
    atexit.register(lambda: (profiler.disable(), profiler.dump_stats(profile)))
from chatpaper.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: processor and wall time in seconds, and memory in megabytes."""

    own: float
    wall: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one installation."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "state" / "chatpaper.db"

    def run(self, services: Mapping[str, str], *command: str) -> Cost:
        """Run a command to its end."""
        meter = self.path / "meter.json"
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", _METERED, *command, str(meter)],
            env=self._environment(services, command[0]),
            cwd=self.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        wall = time.monotonic() - began
        # Alerts are no failure: the nights of a history are not those of these days.
        if done.returncode not in (0, 3):
            raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
        own, kilobytes = json.loads(meter.read_text())
        return Cost(own, wall, kilobytes * 1024 / MEGABYTE)

    def _environment(self, services: Mapping[str, str], command: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHATPAPER", "GEMINI", "GOOGLE", "HISTORY"))
        }
        profiles = os.environ.get("HISTORY_PROFILES", "")
        return {
            **kept,
            **({"HISTORY_PROFILE": f"{profiles}/{command}.prof"} if profiles else {}),
            **services,
            "HOME": str(self.path),
            "CHATPAPER_STATE_DIR": str(self.path / "state"),
            "CHATPAPER_CACHE_DIR": str(self.path / "cache"),
            "CHATPAPER_OUTPUT_DIR": str(self.path / "posts"),
            "CHATPAPER_STORE__KEEP_DAYS": "36500",
            "CHATPAPER_ARXIV__BACKOFF_SECONDS": "0",
            "GEMINI_API_KEY": VALID_KEY,
        }

    def run_night(self, day: date) -> Cost:
        """Run the night of a day, whose papers have numbers that no other day's have."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        papers = repeated(library_papers(LIBRARY), PAPERS, midnight)
        papers = [
            replace(
                paper,
                arxiv_id=f"2611.{day.day:02}9{number:02}",
                pdf=(paper.pdf or b"") + f"\n% {day}\n".encode(),
            )
            for number, paper in enumerate(papers)
        ]
        with FakeArxiv(papers) as arxiv, FakeGemini() as gemini:
            arxiv.announced = None
            arxiv.announcement_day = day - timedelta(1)
            options = ("--topic", TOPICS[0], "--date", day.isoformat(), "--max-papers", "100")
            return self.run(name_services(arxiv, gemini), "run", *options)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows and the post of one night, of which a history is made."""

    rows: Mapping[str, tuple[tuple[Any, ...], ...]]
    ids: tuple[str, ...]
    post: Mapping[str, Any]
    output_dir: str


def read_pattern(home: Home) -> Pattern:
    """Read the night of `PATTERN_DAY`, without what is long and says nothing of a history."""
    with closing(sqlite3.connect(home.database)) as connection:
        rows = {
            table: tuple(connection.execute(f"SELECT * FROM {table}").fetchall())
            for table in ("papers", "outcomes", "entries", "licenses", "calls", "completions")
        }
        rows["search"] = tuple(
            connection.execute("SELECT title, summary, takeaways FROM search").fetchall()
        )
    rows["entries"] = tuple((*row[:3], _shorten_entry(row[3])) for row in rows["entries"])
    (path,) = (home.path / "posts").glob(f"{PATTERN_DAY}/*.json")
    post = json.loads(path.read_text(encoding="utf-8"))
    post["papers"] = [
        {**paper, "figures": [], "evidence": [], "answered_by": {}} for paper in post["papers"]
    ]
    ids = tuple(row[1] for row in rows["outcomes"] if row[3] == "published")
    return Pattern(rows, ids, post, str((home.path / "posts").absolute()))


def _shorten_entry(record: str) -> str:
    entry = json.loads(record)
    entry["document"] |= {"figures": [], "asides": [], "algorithms": [], "bibliography": []}
    entry["summary"]["records"] = dict(list(entry["summary"]["records"].items())[:1])
    return json.dumps(entry, ensure_ascii=False)


def fill_history(home: Home, pattern: Pattern, papers: int) -> None:
    """Make a history of so many papers before the pattern's own night.

    Indices and triggers are made again behind it, and what triggers write is written here.
    """
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND type IN ('index', 'trigger')"
        ).fetchall()
        for kind, name, _ in schema:
            connection.execute(f"DROP {kind} {name}")
        nights = _nights(papers)
        while batch := tuple(islice(nights, _PAPERS_A_TRANSACTION // PAPERS_A_NIGHT)):
            connection.execute("BEGIN")
            for day, ids in batch:
                _add_night(connection, pattern, day, ids)
                _write_posts(home, pattern, day, ids)
            connection.execute("COMMIT")
        connection.execute("DELETE FROM usage_totals")
        connection.execute(
            "INSERT INTO usage_totals SELECT day, model, count(*), count(cost_usd), "
            "sum(input_tokens), sum(output_tokens), ifnull(sum(cost_usd), 0.0), 0 "
            "FROM calls GROUP BY day, model"
        )
        for _, _, sql in schema:
            connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _nights(papers: int) -> Iterator[tuple[date, Mapping[str, str]]]:
    """Yield the nights before the pattern's, latest first: their ids with those they copy."""
    used: dict[str, int] = {}
    for night in range(-(-papers // PAPERS_A_NIGHT)):
        day = PATTERN_DAY - timedelta(night + 1)
        month = f"{day:%y%m}"
        begin = used.get(month, 0)
        used[month] = begin + PAPERS_A_NIGHT
        yield (
            day,
            {
                f"{month}.{begin + number:05d}": str(number)
                for number in range(min(PAPERS_A_NIGHT, papers - night * PAPERS_A_NIGHT))
            },
        )


def _topic_of(number: str) -> str:
    return TOPICS[int(number) % len(TOPICS)]


def _add_night(
    connection: sqlite3.Connection, pattern: Pattern, day: date, ids: Mapping[str, str]
) -> None:
    """Add the rows of one night."""
    moment = f"{day.isoformat()}T03:00:00+00:00"
    run_id = f"{day:%Y%m%d}T030000Z-history"
    copied = {new: pattern.ids[int(number) % len(pattern.ids)] for new, number in ids.items()}
    connection.execute(
        "INSERT INTO runs (run_id, started, post_date, exit_code) VALUES (?, ?, ?, 0)",
        (run_id, moment, day.isoformat()),
    )
    papers = {row[0]: row for row in pattern.rows["papers"]}
    entries = {row[1]: row for row in pattern.rows["entries"]}
    calls: dict[str, list[tuple[Any, ...]]] = {}
    for row in pattern.rows["calls"]:
        calls.setdefault(row[3], []).append(row)
    answers = [row[1] for row in pattern.rows["completions"]]
    for place, (new, old) in enumerate(copied.items()):
        topic = _topic_of(ids[new])
        connection.execute(
            "INSERT INTO papers VALUES (?, 1, ?)", (new, papers[old][2].replace(old, new))
        )
        connection.execute(
            "INSERT INTO outcomes (topic, arxiv_id, version, status, post_date, updated, night) "
            "VALUES (?, ?, 1, 'published', ?, ?, ?)",
            (topic, new, day.isoformat(), moment, day.isoformat()),
        )
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?)",
            (topic, new, entries[old][2], entries[old][3].replace(old, new)),
        )
        connection.execute(
            "INSERT INTO night_papers VALUES (?, ?, ?, 'published', '', 0, NULL)",
            (topic, day.isoformat(), new),
        )
        connection.execute(
            "INSERT INTO licenses VALUES (?, 1, 'http://creativecommons.org/licenses/by/4.0/')",
            (new,),
        )
        connection.execute(
            "INSERT INTO completions (key, text, model, input_tokens, output_tokens, "
            "cached_input_tokens, created, arxiv_id) VALUES (?, ?, 'model', 1, 1, 0, ?, ?)",
            (f"history-{new}", answers[place % len(answers)][:500], f"{day}T03:00:00Z", new),
        )
        for call in calls.get(old, ()):
            connection.execute(
                f"INSERT INTO calls VALUES (NULL, {', '.join('?' * (len(call) - 1))})",
                (run_id, day.isoformat(), new, *call[4:]),
            )
        _index(connection, topic, new, pattern.rows["search"][place % len(pattern.rows["search"])])
    for topic in TOPICS:
        count = sum(_topic_of(number) == topic for number in ids.values())
        connection.execute(
            "INSERT INTO nights (topic, post_date, state, found, published, source, covered_until) "
            "VALUES (?, ?, 'done', ?, ?, 'arxiv', ?)",
            (topic, day.isoformat(), count, count, moment),
        )
        connection.execute(
            "INSERT INTO posts VALUES (?, ?, '', ?, 'daily', 0)",
            (pattern.output_dir, topic, day.isoformat()),
        )
        for suffix in (".md", ".json"):
            path = _stem(Path(pattern.output_dir), day, topic).with_suffix(suffix)
            connection.execute("INSERT INTO written VALUES (?, ?)", (str(path), "0" * 64))


def _index(
    connection: sqlite3.Connection, topic: str, arxiv_id: str, texts: tuple[str, ...]
) -> None:
    number = connection.execute(
        "INSERT INTO search_rows (topic, arxiv_id) VALUES (?, ?)", (topic, arxiv_id)
    ).lastrowid
    connection.execute(
        "INSERT INTO search (rowid, topic, arxiv_id, title, summary, takeaways) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (number, topic, arxiv_id, *texts),
    )


def _stem(output_dir: Path, day: date, topic: str) -> Path:
    return output_dir / day.isoformat() / topic.replace(" ", "_")


def _write_posts(home: Home, pattern: Pattern, day: date, ids: Mapping[str, str]) -> None:
    """Write the posts of one night: the JSON as it is, and a page in their Markdown's place."""
    by_id = {paper["arxiv_id"]: json.dumps(paper) for paper in pattern.post["papers"]}
    for topic in TOPICS:
        texts = []
        for new, number in ids.items():
            if _topic_of(number) == topic:
                old = pattern.ids[int(number) % len(pattern.ids)]
                texts.append(by_id[old].replace(old, new))
        head = {**pattern.post, "date": day.isoformat(), "topic": topic, "papers": None}
        before, after = json.dumps(head).split('"papers": null')
        stem = _stem(home.path / "posts", day, topic)
        stem.parent.mkdir(parents=True, exist_ok=True)
        stem.with_suffix(".json").write_text(
            f'{before}"papers": [{", ".join(texts)}]{after}', encoding="utf-8"
        )
        stem.with_suffix(".md").write_text(f"# {topic}\n", encoding="utf-8")


def measure(pattern_home: Home, pattern: Pattern, papers: int, home: Home) -> dict[str, Cost]:
    """Make a history in a copy of the pattern's folders, and run all commands behind it."""
    shutil.copytree(pattern_home.path, home.path, symlinks=True, dirs_exist_ok=True)
    moved = replace(pattern, output_dir=str((home.path / "posts").absolute()))
    with closing(sqlite3.connect(home.database)) as connection, connection:
        connection.execute("UPDATE posts SET output_dir = ?", (moved.output_dir,))
        connection.execute("UPDATE names SET output_dir = ?", (moved.output_dir,))
    fill_history(home, moved, papers)
    costs = {"first": home.run_night(FIRST_DAY)}
    nights = [home.run_night(day) for day in NIGHT_DAYS]
    costs["night"] = sorted(nights, key=lambda cost: cost.own)[len(nights) // 2]
    costs["again"] = home.run_night(NIGHT_DAYS[-1])
    costs["status"] = home.run({}, "status")
    costs["search"] = home.run({}, "search", "diffusion sampling")
    costs["export"] = home.run({}, "export", "--format", "jsonl", "--output", "papers.jsonl")
    return costs


def find_broken(few: Mapping[str, Cost], many: Mapping[str, Cost], papers: int) -> list[str]:
    """List the bounds that do not hold for the longest history."""
    ratio = many["night"].own / few["night"].own
    found = {
        f"a night takes {ratio:.2f} times as long": ratio > MOST_OF_NIGHT,
        f"status takes {many['status'].wall:.2f} s": many["status"].wall > MOST_STATUS_SECONDS,
        f"export takes {many['export'].megabytes:.0f} MB": (
            many["export"].megabytes > MOST_EXPORT_MEGABYTES
        ),
    }
    return [f"{papers:,} papers: {says}" for says, broken in found.items() if broken]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("papers", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--folder", type=Path, help="where the histories are made and stay")
    options = parser.parse_args(arguments)
    print(
        f"{'papers':>9} {'command':8} {'own s':>7} {'ratio':>6} "
        f"{'wall s':>7} {'MB':>6} {'ratio':>6}"
    )
    shortest: dict[str, Cost] = {}
    costs: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        pattern_home = Home(Path(folder) / "pattern")
        pattern_home.path.mkdir()
        pattern_home.run_night(PATTERN_DAY)
        pattern = read_pattern(pattern_home)
        for papers in options.papers:
            home = Home((options.folder or Path(folder)) / f"history-{papers}")
            costs = measure(pattern_home, pattern, papers, home)
            shortest = shortest or costs
            for name, cost in costs.items():
                first = shortest[name]
                print(
                    f"{papers:9} {name:8} {cost.own:7.2f} {cost.own / first.own:6.2f} "
                    f"{cost.wall:7.2f} {cost.megabytes:6.0f} "
                    f"{cost.megabytes / first.megabytes:6.2f}   load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
            if options.folder is None:
                shutil.rmtree(home.path)
    broken = find_broken(shortest, costs, options.papers[-1])
    print("\n".join(broken))
    return bool(broken)


if __name__ == "__main__":
    raise SystemExit(main())
