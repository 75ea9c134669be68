"""Format a paper's results as a small Markdown table without columns that would be empty."""

from collections.abc import Callable, Mapping, Sequence

from chatpaper.domain import Result
from chatpaper.write.markup.markdown import SafeMarkdown, escape_cell, wrap_in_parentheses

# What a result was measured on is one cell: a phone shows five columns, and seven not.
_SEPARATOR = " · "


def render_results_table(
    results: Sequence[Result], labels: Mapping[str, str], place: Callable[[Result], str]
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
    return _render_table(columns)


def render_brief_results(
    results: Sequence[Result], labels: Mapping[str, str], link: Callable[[Result, str], str]
) -> SafeMarkdown:
    """Return the table in three columns, which a phone shows whole.

    Each value of the paper leads to its page.
    """
    return _render_table(
        [
            (labels["results"], [escape_cell(_measured(row)) for row in results]),
            (
                labels["result_ours"],
                [link(row, escape_cell(row.ours, as_link=True)) for row in results],
            ),
            (labels["result_baseline"], [escape_cell(_compared(row)) for row in results]),
        ]
    )


def format_result(row: Result, labels: Mapping[str, str]) -> str:
    """Return a result in one line, as text."""
    compared = _compared(row)
    baseline = f"{labels['result_baseline']}{labels['colon']}{compared}"
    best = wrap_in_parentheses(baseline, labels) if compared else ""
    return f"{_measured(row)}{labels['colon']}{row.ours}{best}"


def _render_table(columns: Sequence[tuple[str, Sequence[str]]]) -> SafeMarkdown:
    """Return a Markdown table of the columns that have something in them."""
    shown = [(heading, cells) for heading, cells in columns if any(cells)]
    rows = zip(*(cells for _, cells in shown), strict=True)
    lines = [[heading for heading, _ in shown], ["---"] * len(shown), *rows]
    return SafeMarkdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _measured(row: Result) -> str:
    """Return what was measured, and on what: of task and data the data, which tell more."""
    return _SEPARATOR.join(filter(None, (row.data_set or row.task, row.metric)))


def _compared(row: Result) -> str:
    """Return the value that the row is compared with, and whose it is."""
    if row.baseline and row.baseline_name:
        return f"{row.baseline} ({row.baseline_name})"
    return row.baseline or row.baseline_name
