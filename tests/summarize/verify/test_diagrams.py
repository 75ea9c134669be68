"""Numbers in figures: those of tables set as figures, at bars and along axes."""

import pytest

from chatpaper.summarize.verify.numbers.diagrams import (
    has_rows_of_numbers,
    list_set_values,
    list_values,
)

ROWS = "Name | Proc Loc Time\nLift | 3 94 481 2 13m\nTwo-phase lock 4 145 381 1 10m\n"
BARS = "0.991 | 0.976\n1.0 | 0.949\n0.8\n0.647\n0.6\n0.4\n0.2\n0.0\nNews | Essay"
AXES = "0.005\n0.010\n0.015\n0.020\n2.5\n100\n1,000\nSteps"


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        ("A | 0.2 | 0.1 | 0.1\n" * 6, True),
        (f"{ROWS}Dam 5 243 515 4 15m\nSluice 5 300 637 2 25m\n", True),
        ("0.2 | 0.1 | 0.1\n" * 6, False),
        ("A | 1 | 2 | 3\n" * 3, False),
        ("A | 1 | 2 | 3\n" * 4 + "legend\n" * 4, False),
        ("Layer A | Layer B | Layer C | 4\n" * 6, False),
    ],
)
def test_rows_of_names_and_numbers_make_a_table(text: str, is_table: bool) -> None:
    assert has_rows_of_numbers(text) is is_table


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (BARS, ("0.991", "0.976", "0.949", "0.647")),
        (AXES, ()),
        ("\n".join((BARS, AXES)), ("0.991", "0.976", "0.949", "0.647")),
        ("Best (silhouette: 0.81) | n = 5\nDepth: 128", ("Best (silhouette: 0.81)", "Depth: 128")),
        ("\n".join(f"0.{number * number + 100}" for number in range(10, 30)), None),
        ("5\nKiln (4.75)\n4\nDune (1.73)\n0", ("Kiln (4.75)", "Dune (1.73)")),
        # Counts below the names of a chart, and at bars that no axis could have.
        ("Reed | Sedge\n100 | 160\nIris | Flag\n111 | 100", ("100", "160", "111", "100")),
        ("1500\n368 | 234 | 596\nHills | Lakes", ("368", "234", "596")),
        ("512 | 768\n1024 | 1280\nsize", ()),
        ("2012 | 2013 | 2014\nyear", ()),
        ("100 | 200 | 300 | 400\nsteps", ()),
        # Values at curves stand between the ticks of an axis.
        ("2.95\n2.9\n2.85\n2.8\n2.75 | 2.73\n2.7\n2.65", ("2.73",)),
        # A sentence that a figure says has numbers; a legend with few small letters has none.
        (
            "400 | In addition to the 20ms that it takes to copy,\nRate of 3 Clients on Net 5 at 7",
            ("In addition to the 20ms that it takes to copy,",),
        ),
        (
            "TideNet 523.95s | 1 billion\n0.01 | 141 | 4.0K | 113K\n100K | 200K",
            ("523.95s", "113K"),
        ),
        ("\n".join(f"0.{number * number + 1000}" for number in range(100)), ()),
        # Shares at curves have decimals, where those along an axis have none or even distances.
        ("60.3%\n60\n57.5%\n58\n56\nSteps", ("60.3%", "57.5%")),
        ("60\n60.3\n57.5\n58\n56\nSteps", ()),
        ("2.5%\n5.0%\n7.5%\n10.0%\nSteps", ()),
    ],
)
def test_values_are_what_a_figure_prints_beside_its_axes(
    text: str, values: tuple[str, ...] | None
) -> None:
    assert tuple(list_values(text)) == (tuple(text.split()) if values is None else values)


def test_rows_of_a_table_beside_a_diagram_are_its_values() -> None:
    beside = "4M\nreads | 1212 593 479 | scans\nreads (mem) 10811 8511 8000 | 3M\n2M | writes\n"
    rows = f"{beside}writes | 8850 3745 | 3425\nscans | 15385 10526 9524 | 10 | 20 | 30"
    assert list(list_values(rows)) == [
        "reads | 1212 | 593 | 479",
        "reads (mem) | 10811 | 8511 | 8000",
        "writes | 8850 | 3745 | 3425",
        "scans | 15385 | 10526 | 9524",
    ]
    # Names of axes stand before numbers at even distances, or of one factor.
    axes = "Nodes | 100 | 200 | 300\nSize | 1 | 10 | 100\nTime | 8 | 16 | 32\nRate | 2 | 4 | 6"
    assert list(list_values(axes)) == []


def test_what_a_diagram_is_drawn_for_stands_in_its_legend_and_below_it() -> None:
    text = "50\n80 groups per node | 40\nk = 20\n30\n64 | 128 | 256 | 512\n0 | 5"
    assert list(list_set_values(text)) == [
        "80 groups per node",
        "k = 20",
        "64",
        "128",
        "256",
        "512",
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Kiln | Change (%)\nClay | +29.5\nDune | +19.3", ["Clay | +29.5", "Dune | +19.3"]),
        (
            "Kiln Oven\nfired 155 149\nbroken 31 | 72 | 0.23",
            ["fired 155 149", "broken 31 | 72 | 0.23"],
        ),
        ("Kiln | Rate\nClay | 72 Ktps\nDune | 80 Ktps", ["Clay | 72 Ktps", "Dune | 80 Ktps"]),
        ("5\nClay | 295\n4\nDune | 193", []),
        ("Clay | 29\nDune | 19", []),
    ],
    ids=["one column", "two rows", "units", "an axis", "counts"],
)
def test_a_small_table_set_as_a_figure_has_no_axis(text: str, rows: list[str]) -> None:
    assert [line for line in list_values(text) if " " in line] == rows
