"""Run the campaign: the table of faults, then a year of them.

`python -m tests.campaign --nights 200 --seed 1 --kills 50`
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.campaign.campaign import alone, mixed, table
from tests.campaign.nightly import Nights
from tests.campaign.scenarios import SCENARIOS
from tests.cli.forked import Forker


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign", description="A simulated year of faults."
    )
    parser.add_argument(
        "--nights", type=int, default=200, help="nights of faults mixed at random; 0: none"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--only", default="", help="of the faults alone, those whose names have this in them"
    )
    parser.add_argument("--no-table", action="store_true", help="leave out the faults alone")
    options = parser.parse_args()
    breaches: list[str] = []
    if not options.no_table:
        chosen = [scenario for scenario in SCENARIOS if options.only in scenario.name]
        with tempfile.TemporaryDirectory() as folder, Forker() as forker:
            rows = alone(Path(folder), Nights(forker), chosen, _say)
        print(table(rows))
        breaches += [breach for row in rows for breach in row.breaches]
    if options.nights:
        with tempfile.TemporaryDirectory() as folder, Forker() as forker:
            tally = mixed(
                Path(folder), Nights(forker), options.seed, options.nights, options.kills, _say
            )
        print(tally.summary())
        breaches += tally.breaches
    print("\n".join(breaches) or "no breach")
    return bool(breaches)


if __name__ == "__main__":
    raise SystemExit(main())
