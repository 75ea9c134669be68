"""Simulate a backfill of 2.7 million papers: hours, dollars and repeated work, event by event.

`python -m tests.benchmarks.simulate_backfill` prints the tables of docs/scale.md. Nothing is asked
and nothing is read: machines that fail, services with quotas, batches that expire and answers that
cannot be used are drawn from the rates below, with a seed, so that the same tables come out again.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

# arXiv holds about so many papers, and a month adds some 30,000.
ALL_PAPERS = 2_700_000
MONTH_PAPERS = 30_000
SHARD_PAPERS = 400
HOUR = 3600.0
DAY = 24 * HOUR
# Spend caps are by calendar month.
MONTH = 30 * DAY
SEED = 20211101


@dataclass(frozen=True)
class Paper:
    """Means of a paper, measured on 44 papers of arXiv with 674 pages, on one core."""

    pages: float = 17.2
    pages_deviation: float = 14.0
    seconds_per_page: float = 0.041
    pdf_bytes: float = 919_000
    # Prompt and answer of the format `daily` with what it shows.
    input_tokens: int = 11_200
    output_tokens: int = 2_500


@dataclass(frozen=True)
class Poison:
    """Shares of PDFs that harm their reader.

    Counted in reports of large conversions (ar5iv, S2ORC): some in ten thousand.
    """

    hangs: float = 2e-4
    memory: float = 1e-4
    crashes: float = 2e-4
    damaged: float = 1e-3
    # extract.timeout_seconds; memory is full and a process gone sooner.
    hang_seconds: float = 120.0
    memory_seconds: float = 20.0


@dataclass(frozen=True)
class Machines:
    """What reads.

    The mean time between failures is that of spot machines; a laboratory's own do not fail within
    hours. A shard begins with its process and the download of its PDFs from a bucket nearby.
    """

    name: str
    nodes: int
    cores: int
    hours_between_failures: float | None = None
    replacement_seconds: float = 600.0
    start_seconds: float = 5.0
    bytes_per_second: float = 50e6


@dataclass(frozen=True)
class Service:
    """A service with batches: limits of Gemini's tiers for a Flash-Lite model, as documented.

    Batches are done after two hours as a rule, though 24 are promised, and given up after 48.
    """

    name: str
    enqueued_tokens: int
    usd_a_month: float
    input_usd: float = 0.30
    output_usd: float = 2.50
    batch_factor: float = 0.5
    jobs: int = 100
    median_hours: float = 2.0
    sigma: float = 1.3
    dead_after_hours: float = 48.0


@dataclass(frozen=True)
class Answers:
    """Shares of answers; errors, losses and exchanges as users of batches report them.

    Those that cannot be used and those that need a repair are our own nights' shares.
    """

    errors: float = 0.01
    lost: float = 0.0005
    exchanged: float = 0.0005
    unusable: float = 0.02
    repaired: float = 0.15
    attempts: int = 4
    file_papers: int = 2000


TIERS = (
    Service("tier 1", 10_000_000, 250),
    Service("tier 2", 500_000_000, 2_000),
    Service("tier 3", 1_000_000_000, 20_000),
)
SITES = (
    Machines("one machine, 2 cores", 1, 2),
    Machines("a laboratory, 3 x 16 cores", 3, 16),
    Machines("40 spot machines x 8 cores", 40, 8, hours_between_failures=12),
    Machines("the same, failing each hour", 40, 8, hours_between_failures=1),
)


@dataclass
class ReadingResult:
    """How long reading took, and what was done again; core-hours, of which some were lost."""

    hours: float = 0.0
    core_hours: float = 0.0
    lost_core_hours: float = 0.0
    shards_again: int = 0
    most_tries: int = 1
    set_aside: int = 0


class ReadingSimulation:
    """Cores take shards from one queue; a node that fails gives those of its cores back."""

    def __init__(self, papers: int, site: Machines, rng: np.random.Generator) -> None:
        self._site, self._rng = site, rng
        self._queue = deque(enumerate(self._draw_shards(papers, Paper(), Poison())))
        self._left = len(self._queue)
        self._tries: dict[int, int] = {}
        self._work: dict[tuple[int, int], tuple[int, float, float]] = {}
        self._lives = [0] * site.nodes
        self._events: list[tuple[float, int, str, int, int, int]] = []
        self._number = 0

    def _draw_shards(self, papers: int, paper: Paper, poison: Poison) -> list[float]:
        """Return the seconds that each shard takes one core."""
        sizes = np.full(-(-papers // SHARD_PAPERS), SHARD_PAPERS)
        sizes[-1] = papers - SHARD_PAPERS * (len(sizes) - 1)
        pages = np.maximum(
            sizes, self._rng.normal(sizes * paper.pages, np.sqrt(sizes) * paper.pages_deviation)
        )
        hangs = self._rng.binomial(sizes, poison.hangs)
        eaters = self._rng.binomial(sizes, poison.memory)
        others = self._rng.binomial(sizes, poison.crashes + poison.damaged)
        self.set_aside = int(hangs.sum() + eaters.sum() + others.sum())
        seconds = (
            self._site.start_seconds
            + sizes * paper.pdf_bytes / self._site.bytes_per_second
            + pages * paper.seconds_per_page
            + hangs * poison.hang_seconds
            + eaters * poison.memory_seconds
        )
        return [float(each) for each in seconds]

    def run(self) -> ReadingResult:
        """Run until every shard is read."""
        result = ReadingResult(set_aside=self.set_aside)
        for node in range(self._site.nodes):
            self._start(node, 0.0)
        while self._left:
            now, _, kind, node, core, life = heapq.heappop(self._events)
            if life != self._lives[node]:
                continue
            if kind == "read":
                _, _, seconds = self._work.pop((node, core))
                result.core_hours += seconds / HOUR
                result.hours = now / HOUR
                self._left -= 1
                self._take(node, core, now)
            elif kind == "fails":
                self._lives[node] += 1
                for key in [key for key in self._work if key[0] == node]:
                    shard, began, seconds = self._work.pop(key)
                    result.lost_core_hours += (now - began) / HOUR
                    result.shards_again += 1
                    self._queue.appendleft((shard, seconds))
                self._push(now + self._site.replacement_seconds, "starts", node, 0)
            elif kind == "idle":
                self._take(node, core, now)
            else:
                self._start(node, now)
        result.most_tries = max(self._tries.values())
        return result

    def _start(self, node: int, now: float) -> None:
        if self._site.hours_between_failures is not None:
            lives = self._rng.exponential(self._site.hours_between_failures * HOUR)
            self._push(now + float(lives), "fails", node, 0)
        for core in range(self._site.cores):
            self._take(node, core, now)

    def _take(self, node: int, core: int, now: float) -> None:
        if not self._queue:
            # A shard that a failing node gives back is taken by the next core that is free.
            if self._left:
                self._push(now + 30.0, "idle", node, core)
            return
        shard, seconds = self._queue.popleft()
        self._tries[shard] = self._tries.get(shard, 0) + 1
        self._work[node, core] = (shard, now, seconds)
        self._push(now + seconds, "read", node, core)

    def _push(self, at: float, kind: str, node: int, core: int) -> None:
        self._number += 1
        heapq.heappush(self._events, (at, self._number, kind, node, core, self._lives[node]))


@dataclass
class AskingResult:
    """What asking took.

    `again` are requests that were sent once more, `paid_for_nothing` calls whose answer could not
    be used.
    """

    days: float = 0.0
    usd: float = 0.0
    calls: int = 0
    jobs: int = 0
    dead_jobs: int = 0
    again: int = 0
    paid_for_nothing: int = 0
    published: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class _Batch:
    """Papers in one file, by how many attempts they have had; some are asked for a repair."""

    papers: int
    attempts: int = 0
    repair: bool = False


@dataclass
class AskingSimulation:
    """One driver sends files of requests, as many as tokens, jobs and money allow."""

    papers: int
    service: Service
    rng: np.random.Generator
    answers: Answers = field(default_factory=Answers)
    now: float = 0.0
    spent: float = 0.0
    reserved: float = 0.0
    enqueued: int = 0
    running: list[tuple[float, int, _Batch, bool]] = field(default_factory=list)
    result: AskingResult = field(default_factory=AskingResult)

    def __post_init__(self) -> None:
        paper = Paper()
        self.tokens = paper.input_tokens
        service = self.service
        self.usd = service.batch_factor * (
            (paper.input_tokens * service.input_usd + paper.output_tokens * service.output_usd)
            / 1e6
        )
        # A quarter of what may be enqueued, so that some files run while others are filled.
        most = service.enqueued_tokens // (4 * self.tokens)
        self.file_papers = min(self.answers.file_papers, most)
        self.waiting: dict[tuple[int, bool], int] = {(0, False): self.papers}
        self.month = 0
        self.number = 0

    def run(self) -> AskingResult:
        """Run until each paper is published or given up."""
        while self.running or any(self.waiting.values()):
            while (batch := self._next_batch()) is not None:
                self._send(batch)
            if self.running and self.running[0][0] <= self._month_end:
                self.now, _, batch, is_dead = heapq.heappop(self.running)
                self._take_in(batch, is_dead)
            else:
                self.now, self.spent = self._month_end, 0.0
                self.month += 1
        self.result.days = self.now / DAY
        if self.result.published + self.result.given_up != self.papers:
            raise AssertionError(f"papers were lost: {self.result}")
        return self.result

    @property
    def _month_end(self) -> float:
        return (self.month + 1) * MONTH

    def _next_batch(self) -> _Batch | None:
        """Return the next file: whole, or what is left where nothing runs that could fill it."""
        for (attempts, repair), papers in sorted(self.waiting.items()):
            batch = _Batch(min(papers, self.file_papers), attempts, repair)
            is_whole = batch.papers == self.file_papers or not self.running
            fits = (
                len(self.running) < self.service.jobs
                and self.enqueued + batch.papers * self.tokens <= self.service.enqueued_tokens
                and self.spent + self.reserved + batch.papers * self.usd <= self.service.usd_a_month
            )
            if papers and is_whole and fits:
                return batch
        return None

    def _send(self, batch: _Batch) -> None:
        self.waiting[batch.attempts, batch.repair] -= batch.papers
        self.enqueued += batch.papers * self.tokens
        self.reserved += batch.papers * self.usd
        hours = self.service.median_hours * float(self.rng.lognormal(0.0, self.service.sigma))
        is_dead = hours > self.service.dead_after_hours
        self.number += 1
        self.result.jobs += 1
        until = self.now + HOUR * min(hours, self.service.dead_after_hours)
        heapq.heappush(self.running, (until, self.number, batch, is_dead))

    def _take_in(self, batch: _Batch, is_dead: bool) -> None:
        answers, result = self.answers, self.result
        self.enqueued -= batch.papers * self.tokens
        self.reserved -= batch.papers * self.usd
        if is_dead:
            result.dead_jobs += 1
            self._wait(batch, batch.papers, batch.attempts)
            return
        # Errors and losses are not paid for, and are no attempt.
        free = int(self.rng.binomial(batch.papers, answers.errors + answers.lost))
        paid = batch.papers - free
        refused = int(self.rng.binomial(paid, answers.exchanged + answers.unusable))
        repairs = 0 if batch.repair else int(self.rng.binomial(paid - refused, answers.repaired))
        self.spent += paid * self.usd
        result.usd += paid * self.usd
        result.calls += paid
        result.paid_for_nothing += refused
        result.published += paid - refused - repairs
        self._wait(batch, free, batch.attempts)
        if batch.attempts + 1 >= answers.attempts:
            result.given_up += refused
        else:
            self._wait(batch, refused, batch.attempts + 1)
        key = (batch.attempts, True)
        self.waiting[key] = self.waiting.get(key, 0) + repairs

    def _wait(self, batch: _Batch, papers: int, attempts: int) -> None:
        key = (attempts, batch.repair)
        self.waiting[key] = self.waiting.get(key, 0) + papers
        self.result.again += papers


def simulate_reading(papers: int, site: Machines, seed: int = SEED) -> ReadingResult:
    """Simulate the reading of so many papers."""
    return ReadingSimulation(papers, site, np.random.default_rng(seed)).run()


def simulate_asking(
    papers: int, service: Service, answers: Answers | None = None, seed: int = SEED
) -> AskingResult:
    """Simulate asking about so many papers in batches."""
    rng = np.random.default_rng(seed)
    return AskingSimulation(papers, service, rng, answers or Answers()).run()


def write_tables() -> str:
    """Return the tables of docs/scale.md."""
    return "\n".join([*_reading_table(), "", *_asking_table(), "", *_what_if_table()]) + "\n"


def _reading_table() -> Iterator[str]:
    yield "| reading 2.7 million papers | hours | core-hours | lost | shards again | most tries |"
    yield "|---|---|---|---|---|---|"
    for site in SITES:
        done = simulate_reading(ALL_PAPERS, site)
        yield (
            f"| {site.name} | {done.hours:,.1f} | {done.core_hours:,.0f} | "
            f"{done.lost_core_hours:,.1f} | {done.shards_again} | {done.most_tries} |"
        )


def _asking_table() -> Iterator[str]:
    yield "| asking in batches | tier 1 | tier 2 | tier 3 | cost |"
    yield "|---|---|---|---|---|"
    for papers in (MONTH_PAPERS, 10 * MONTH_PAPERS, ALL_PAPERS):
        done = [simulate_asking(papers, service) for service in TIERS]
        days = " | ".join(f"{each.days:,.1f} days" for each in done)
        yield f"| {papers:,} papers | {days} | ${done[-1].usd:,.0f} |"


def _what_if_table() -> Iterator[str]:
    tier = TIERS[-1]
    cases: dict[str, tuple[Service, Answers]] = {
        "as above": (tier, Answers()),
        "a slow service, 12 hours as a rule": (replace(tier, median_hours=12.0), Answers()),
        "5 % unusable, 30 % repaired": (tier, Answers(unusable=0.05, repaired=0.3)),
        "files of 500": (tier, Answers(file_papers=500)),
        "files of 10,000": (tier, Answers(file_papers=10_000)),
        "at the full price": (replace(tier, batch_factor=1.0), Answers()),
    }
    yield (
        "| 2.7 million papers, tier 3 | days | dollars | batches | expired | asked again | "
        "paid for nothing | given up |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name, (service, answers) in cases.items():
        done = simulate_asking(ALL_PAPERS, service, answers)
        yield (
            f"| {name} | {done.days:,.1f} | {done.usd:,.0f} | {done.jobs:,} | {done.dead_jobs} | "
            f"{done.again:,} | {done.paid_for_nothing:,} | {done.given_up} |"
        )


if __name__ == "__main__":
    print(write_tables(), end="")
