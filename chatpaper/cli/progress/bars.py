"""The bar that shows how far work has come."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from chatpaper.cli.languages.speech import translate

if TYPE_CHECKING:
    from rich.progress import Progress

BAR_WIDTH = 12
# Papers and requests to arXiv take from seconds to minutes each: shorter memories would hold none.
SPEED_MEMORY_SECONDS = 3600.0

_T = TypeVar("_T")


def build_bar() -> "Progress":
    """Build a bar for one task, with its field `counts`, the time left and the description.

    It vanishes when it ends: what came of the work is printed then.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    return Progress(
        BarColumn(BAR_WIDTH),
        TextColumn("{task.fields[counts]}", markup=False, table_column=Column(no_wrap=True)),
        TimeRemainingColumn(compact=True),
        TextColumn(translate("left")),
        TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
        ),
        console=Console(stderr=True),
        transient=True,
        expand=True,
        speed_estimate_period=SPEED_MEMORY_SECONDS,
    )


def track(steps: Iterable[_T], total: int, *, quiet: bool) -> Iterator[_T]:
    """Yield the steps, with a bar that names each by its text; none unless stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from steps
        return
    with build_bar() as bar:
        task = bar.add_task("", total=total, counts=f"0/{total}")
        for number, step in enumerate(steps, 1):
            bar.update(task, description=str(step))
            yield step
            bar.update(task, advance=1, counts=f"{number}/{total}")
