"""Format a paper's results as a small Markdown table without columns that would be empty."""

from collections.abc import Callable, Mapping, Sequence

from chatpaper.domain import Result
from chatpaper.write.markup.markdown import SafeMarkdown, escape_cell

# What a result was measured on is one cell: a phone shows five columns, and seven not.
_SEPARATOR = " · "

# Where the paper has a row, as Markdown.
Place = Callable[[Result], str]


def render_results_table(
    results: Sequence[Result], labels: Mapping[str, str], place: Place
) -> SafeMarkdown:
    """Return the table, a row a result; every cell shows its text as itself."""
    columns: list[tuple[str, list[str]]] = [
        (
            labels["result_on"],
            [
                escape_cell(_SEPARATOR.join(filter(None, (row.task, row.data_set))))
                for row in results
            ],
        ),
        (labels["result_metric"], [escape_cell(row.metric) for row in results]),
        (labels["result_ours"], [escape_cell(row.ours) for row in results]),
        (labels["result_baseline"], [escape_cell(_compared(row)) for row in results]),
        (labels["result_source"], [place(row) for row in results]),
    ]
    shown = [(heading, cells) for heading, cells in columns if any(cells)]
    rows = zip(*(cells for _, cells in shown), strict=True)
    lines = [[heading for heading, _ in shown], ["---"] * len(shown), *rows]
    return SafeMarkdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _compared(row: Result) -> str:
    """Return the value that the row is compared with, and whose it is."""
    if row.baseline and row.baseline_name:
        return f"{row.baseline} ({row.baseline_name})"
    return row.baseline or row.baseline_name
