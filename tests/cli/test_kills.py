"""A few kills at chosen instants.

`tests.benchmarks.kill_campaign` makes any number at random ones.
"""

from tests.benchmarks.kill_campaign import Kill, Tally, Watched, night, undisturbed


def test_a_night_with_kills_comes_out_as_if_nothing_had_happened() -> None:
    tally = Tally()
    with Watched() as servers:
        wanted, operations = undisturbed(servers)
        kills = (Kill("answer", 1, 0.03), Kill("operation", operations - 6))
        night(servers, kills, wanted, tally)
    assert tally.faults == []
    assert tally.kills == len(kills)
    assert any(name.endswith(".png") for name in wanted)
