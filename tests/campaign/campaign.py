"""The campaign: each fault alone, then all of them mixed, with kills.

The mixed ones strike over many nights of a simulated year.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.campaign.inspection import (
    Key,
)
from tests.campaign.nightly import Kill, Nights
from tests.campaign.scenarios import SCENARIOS, Scenario
from tests.campaign.theatre import HEALTHY, Night, Theatre, at
from tests.campaign.world import World

# A Wednesday without holidays around it, for faults alone.
ALONE_ON = date(2026, 3, 11)
YEAR_BEGINS = date(2026, 1, 5)
# A paper that fails by itself is tried on four nights within a week.
_NIGHTS_TO_RECOVER = 9

Say = Callable[[str], None]


@dataclass
class Tally:
    """What a campaign saw. `breaches` tells of everything that must not be."""

    nights: int = 0
    faults: int = 0
    kills: int = 0
    papers: int = 0
    published: int = 0
    given_up: int = 0
    calls: int = 0
    requests: int = 0
    delayed: Counter[int] = field(default_factory=Counter)
    exits: Counter[int] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    def add(self, night: Night) -> None:
        self.nights += 1
        self.kills += night.kills
        self.calls += night.calls
        self.requests += night.requests
        self.exits[night.exit_code] += 1
        self.states.update(night.states)
        self.breaches += [f"{night.date}: {each}" for each in night.breaches]

    def summary(self) -> str:
        """Sum up the campaign in a few lines."""
        lost = sum("unknown" in each or "never" in each for each in self.breaches)
        doubled = sum("posts" in each and "stands in" in each for each in self.breaches)
        repeated = sum("asked" in each for each in self.breaches)
        late = sum(count for nights, count in self.delayed.items() if nights)
        return (
            f"nights {self.nights}, faults {self.faults}, kills {self.kills}, papers {self.papers} "
            f"(published {self.published}, given up {self.given_up}): lost {lost}, doubled "
            f"{doubled}, calls repeated {repeated}; breaches {len(self.breaches)}\n"
            f"requests {self.requests}, calls {self.calls}; exit codes "
            f"{dict(sorted(self.exits.items()))}; ends of topics' nights {dict(self.states)}\n"
            f"papers published on the first night that could {self.delayed[0]}, later {late}: "
            f"nights of delay {dict(sorted(self.delayed.items()))}"
        )


@dataclass(frozen=True)
class Row:
    """A fault alone: what the night made of it, and what it cost."""

    name: str
    did: str
    cost: str
    breaches: tuple[str, ...]


def alone(
    folder: Path,
    forked: Nights,
    scenarios: Sequence[Scenario] = SCENARIOS,
    say: Say = lambda line: None,
) -> list[Row]:
    """Play each fault on one night, followed by healthy ones until nothing is waiting."""
    world = World(seed=7, first=ALONE_ON - timedelta(4), days=30)
    rows = []
    with Theatre(folder, world, forked) as theatre:
        theatre.night(at(ALONE_ON - timedelta(1)), ())
        theatre.keep()
        healthy = _alone(theatre, HEALTHY)
        for scenario in scenarios:
            rows.append(_row(scenario, _alone(theatre, scenario), healthy, theatre))
            say(f"{rows[-1].name} | {rows[-1].did} | {rows[-1].cost}")
    return rows


def _alone(theatre: Theatre, scenario: Scenario) -> list[Night]:
    theatre.begin_anew()
    theatre.first = ALONE_ON - timedelta(1)
    nights = [theatre.night(at(ALONE_ON), [scenario])]
    while len(nights) < 2 or (nights[-1].found.queued() and len(nights) < _NIGHTS_TO_RECOVER):
        nights.append(theatre.night(at(ALONE_ON + timedelta(len(nights))), ()))
    return nights


def _row(
    scenario: Scenario, nights: Sequence[Night], healthy: Sequence[Night], theatre: Theatre
) -> Row:
    first, last = nights[0], nights[-1]
    breaches = [each for night in nights for each in night.breaches] + theatre.losses(last.found)
    if not first.played:
        breaches.append("the fault never struck")
    tonight = {key for key, due in theatre.due.items() if due == ALONE_ON}
    delays = [
        max(0, (outcome.post_date - ALONE_ON).days)
        for key in sorted(tonight)
        if (outcome := last.found.outcomes.get(key)) is not None and outcome.post_date is not None
    ]
    return Row(
        scenario.name,
        _what_we_did(first, last, tonight, theatre),
        _cost(nights, healthy, delays),
        tuple(f"{scenario.name}: {each}" for each in breaches),
    )


def _what_we_did(first: Night, last: Night, tonight: set[Key], theatre: Theatre) -> str:
    did = [f"exit {first.exit_code}", "/".join(dict.fromkeys(first.states))]
    stood_in = [
        source for source in dict.fromkeys(first.sources) if source and source != "arXiv API"
    ]
    did += [f"{source} stood in" for source in stood_in]
    if queued := len(first.found.queued()):
        did.append(f"{queued} queued")
    if unknown := len(tonight - first.found.outcomes.keys()):
        did.append(f"{unknown} not seen")
    if alone := len(theatre.posts.abstract_alone & tonight):
        did.append(f"{alone} from the abstract alone")
    if marked := len(theatre.posts.marked & tonight):
        did.append(f"{marked} with statements marked or left out")
    given_up = [
        key
        for key in tonight
        if key in last.found.outcomes and last.found.outcomes[key].status == "excluded"
    ]
    if given_up:
        did.append(f"{len(given_up)} given up")
    return ", ".join(did)


def _cost(nights: Sequence[Night], healthy: Sequence[Night], delays: Sequence[int]) -> str:
    usual = [healthy[min(number, 1)] for number in range(len(nights))]
    requests = sum(n.requests for n in nights) - sum(n.requests for n in usual[:2])
    calls = sum(n.calls for n in nights) - sum(n.calls for n in healthy[:2])
    late = [days for days in delays if days]
    told = f"{len(late)} of {len(delays)} later by {max(late)} night(s)" if late else "none later"
    return f"requests {requests:+d}, calls {calls:+d}, {told}"


@dataclass(frozen=True)
class Plan:
    """What a night of the mixed campaign has in store."""

    day: date
    hour: float
    scenarios: tuple[Scenario, ...]
    kills: tuple[Kill, ...] = ()
    is_missed: bool = False


def plans(seed: int, nights: int, kills: int) -> list[Plan]:
    """Plan the nights: a good third are healthy, outages last for days, and some nights are killed.

    There are also days on which the machine is off.
    """
    rng = random.Random(f"plan {seed}")
    days = [YEAR_BEGINS + timedelta(number) for number in range(nights)]
    struck = Counter(rng.choices(days, k=kills))
    planned: list[Plan] = []
    outage: tuple[Scenario, ...] = ()
    outage_left, missed_left = 0, 0
    for day in days:
        if outage_left == 0 and rng.random() < 0.03:
            outage, outage_left = (rng.choice(_OUTAGES),), rng.randint(2, 5)
        if missed_left == 0 and rng.random() < 0.02:
            missed_left = rng.randint(1, 3)
        scenarios = outage if outage_left else ()
        if not scenarios and rng.random() < 0.6:
            scenarios = tuple(rng.sample(SCENARIOS, rng.choice((1, 1, 2, 3))))
        is_missed = missed_left > 0 and not struck[day]
        hour = rng.uniform(15.5, 23.4)
        planned.append(
            Plan(
                day,
                hour,
                scenarios,
                tuple(_random_kill(rng) for _ in range(struck[day])),
                is_missed,
            )
        )
        outage_left, missed_left = max(0, outage_left - 1), max(0, missed_left - 1)
    return planned


_OUTAGES = tuple(
    each
    for each in SCENARIOS
    if each.name
    in (
        "API: 503, all night",
        "API: stale",
        "API, feed and listing: down",
        "API: no entries, all night",
        "arXiv: nothing works",
        "Model: 503, all night",
        "Model: 429, the day's quota",
    )
)


def _random_kill(rng: random.Random) -> Kill:
    """Choose a kill at any time, while a call is under way, or just after an answer."""
    kind = rng.choice(("start", "call", "answer"))
    if kind == "start":
        return Kill(kind, 1, rng.uniform(0.05, 0.8))
    return Kill(kind, rng.randint(1, 2), rng.uniform(0, 0.15))


def mixed(
    folder: Path,
    forked: Nights,
    seed: int,
    nights: int,
    kills: int,
    say: Say = lambda line: None,
) -> Tally:
    """Mix all faults over many nights, then run healthy nights until nothing is waiting."""
    tally = Tally()
    # A kill that came too late is made up for on the next night.
    owed: tuple[Kill, ...] = ()
    planned = plans(seed, nights, kills)
    world = World(seed, YEAR_BEGINS - timedelta(7), nights + 30)
    with Theatre(folder, world, forked) as theatre:
        for plan in planned:
            now = at(plan.day, plan.hour)
            if plan.is_missed:
                theatre.miss(now)
                continue
            owed += plan.kills
            night = theatre.night(now, plan.scenarios, owed)
            owed = owed[night.kills :]
            tally.faults += len(plan.scenarios)
            tally.add(night)
            names = "; ".join(each.name for each in plan.scenarios) or "healthy"
            say(
                f"{plan.day} {names}: exit {night.exit_code} "
                f"{'/'.join(night.states)} kills {night.kills}"
            )
            for breach in night.breaches:
                say(f"  BREACH {breach}")
        end = planned[-1].day
        for number in range(1, _NIGHTS_TO_RECOVER + 1):
            night = theatre.night(at(end + timedelta(number)), ())
            tally.add(night)
            if number > 1 and not night.found.queued():
                break
        tally.breaches += [f"at the end: {each}" for each in theatre.losses(night.found)]
        tally.papers = len(theatre.due)
        statuses = Counter(
            night.found.outcomes[key].status for key in theatre.due if key in night.found.outcomes
        )
        tally.published, tally.given_up = statuses["published"], statuses["excluded"]
        tally.delayed = theatre.delays(night.found)
    return tally


def table(rows: Sequence[Row]) -> str:
    """Return the faults that were played alone, as a Markdown table."""
    lines = ["| fault | what we did | what it cost |", "|---|---|---|"]
    return "\n".join(lines + [f"| {row.name} | {row.did} | {row.cost} |" for row in rows])
