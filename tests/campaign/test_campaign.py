"""The campaign in its short form.

The whole of it is `python -m tests.campaign --nights 200 --kills 50`.
"""

from pathlib import Path

from tests.campaign.campaign import alone, mixed, plans
from tests.campaign.nightly import Nights
from tests.campaign.scenarios import SCENARIOS

# One of each kind: of the API, of a file, of the model, of the machine.
ALONE = (
    "API: no entries, all night",
    "API and feeds: stale",
    "PDF: of another paper",
    "Model: 429, the day's quota",
    "Model: answers for another paper, once",
)
SEED, NIGHTS, KILLS = 3, 7, 2


def test_each_fault_alone_costs_no_paper_and_is_no_quiet_day(
    tmp_path: Path, nights: Nights
) -> None:
    rows = alone(tmp_path, nights, [scenario for scenario in SCENARIOS if scenario.name in ALONE])
    assert [row.name for row in rows] == list(ALONE)
    assert [breach for row in rows for breach in row.breaches] == []
    did = {row.name: row.did for row in rows}
    assert "RSS feed stood in" in did["API: no entries, all night"]
    assert "exit 4, stale_upstream" in did["API and feeds: stale"]
    assert "2 from the abstract alone" in did["PDF: of another paper"]
    assert "exit 5, budget" in did["Model: 429, the day's quota"]


def test_nights_of_mixed_faults_and_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, nights: Nights
) -> None:
    tally = mixed(tmp_path, nights, SEED, NIGHTS, KILLS)
    assert tally.breaches == []
    assert (tally.kills, tally.published + tally.given_up) == (KILLS, tally.papers)
    assert tally.faults > 0
    assert tally.papers > 0


def test_two_years_of_plans_have_healthy_nights_outages_missed_nights_and_every_fault() -> None:
    planned = plans(1, 730, 60)
    assert sum(len(plan.kills) for plan in planned) == 60
    assert {scenario.name for plan in planned for scenario in plan.scenarios} == {
        each.name for each in SCENARIOS
    }
    assert any(plan.is_missed for plan in planned)
    assert sum(not plan.scenarios for plan in planned) > 730 / 4
    following = zip(planned, planned[1:], planned[2:], strict=False)
    assert any(a.scenarios and a.scenarios == b.scenarios == c.scenarios for a, b, c in following)
