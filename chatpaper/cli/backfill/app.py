"""The command `backfill`, with its options and help texts."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatpaper.cli.help.completion import complete_file, complete_from, complete_topic
from chatpaper.cli.help.examples import write_examples
from chatpaper.cli.options import (
    AsJson,
    BackendName,
    Formats,
    LanguageCode,
    ModelName,
    OutputFolder,
    Yes,
    get_clock,
    is_quiet,
    load_settings,
    place_answer_flags,
)

if TYPE_CHECKING:
    from chatpaper.app.backfill.engines import EngineName

app = typer.Typer()

# Kubernetes and Slurm say by these which part of a job a worker has.
SHARD_VARIABLES = ["JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"]
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def parse_day(text: str, *, last: bool = False) -> date:
    """Read `2021`, `2021-03` or `2021-03-31`: the first day of that, or its last one.

    >>> parse_day("2021"), parse_day("2024-02", last=True)
    (datetime.date(2021, 1, 1), datetime.date(2024, 2, 29))
    """
    match = _DAY.fullmatch(text)
    if match is not None:
        year, month, day = (int(part) if part else None for part in match.groups())
        month = month or (12 if last else 1)
        with suppress(ValueError):
            return date(year or 0, month, day or (monthrange(year or 0, month)[1] if last else 1))
    raise typer.BadParameter(f"{text!r} is no year, month or day like 2021-03-31")


def _parse_last_day(text: str) -> date:
    return parse_day(text, last=True)


@app.command(epilog=write_examples("backfill"))
def backfill(
    context: typer.Context,
    action: Annotated[
        str,
        typer.Argument(
            metavar="run|read",
            help="What to do: all of it, or read the PDFs of one shard, on whatever machine.",
            autocompletion=complete_from("run", "read"),
        ),
    ] = "run",
    topic: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Topic to take in.", autocompletion=complete_topic),
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="YYYY[-MM[-DD]]",
            help="First day on which papers were submitted.",
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            parser=_parse_last_day,
            metavar="YYYY[-MM[-DD]]",
            help="Last day on which papers were submitted; today by default.",
        ),
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Copy of arXiv's public metadata snapshot, JSON lines, also .gz.",
            autocompletion=complete_file,
        ),
    ] = None,
    pdfs: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help="Where the PDFs are, under arXiv's names or in its monthly tars; without it arXiv "
            "is asked at its pace.",
            autocompletion=complete_file,
        ),
    ] = None,
    max_usd: Annotated[
        float | None,
        typer.Option(min=0, help="Spend at most this much now; the rest stays for the next time."),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help="Also write papers, sections, figures and claims there, as Parquet by month.",
            autocompletion=complete_file,
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="local|ray",
            help="What reads the PDFs: this machine, or a Ray cluster.",
            autocompletion=complete_from("local", "ray"),
        ),
    ] = "local",
    ray_address: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address of the Ray cluster, or auto; without it one is started on this machine.",
        ),
    ] = "",
    shards: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help="Where shards of 400 papers are planned and read into, for all machines to see.",
            autocompletion=complete_file,
        ),
    ] = None,
    shard: Annotated[
        int | None,
        typer.Option(
            min=0,
            envvar=SHARD_VARIABLES,
            help="Number of the shard that `read` reads.",
        ),
    ] = None,
    format: Formats = None,
    backend: BackendName = None,
    model: ModelName = None,
    language: LanguageCode = None,
    output: OutputFolder = None,
    again: Annotated[
        bool, typer.Option("--again", help="Try papers again that were set aside.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="List the papers, estimate hours and cost, and stop."),
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take in years of a topic: one post for each day on which papers were submitted."""
    from chatpaper.app.backfill.building import BackfillOrder
    from chatpaper.cli.backfill.command import Consent, read_one_shard, run_backfill
    from chatpaper.cli.console import Display
    from chatpaper.pipeline.sources.windows import DateRange

    settings = load_settings(
        context,
        {
            **place_answer_flags(language, output, backend, model),
            "run": {"formats": format},
        },
    )
    if action == "read" and shards is not None and shard is not None and not as_json:
        raise typer.Exit(read_one_shard(settings, shard, shards, pdfs))
    if action != "run" or engine not in ("local", "ray") or topic is None or since is None:
        raise typer.BadParameter(
            "use `chatpaper backfill --topic NAME --since 2021 [--engine local|ray]`, or "
            "`chatpaper backfill read --shards FOLDER --pdfs FOLDER --shard N`"
        )
    chosen: EngineName = "ray" if engine == "ray" else "local"
    clock = get_clock(context)
    days = DateRange(since, until or clock.now().date())
    order = BackfillOrder(
        topic, days, metadata, pdfs, max_usd, dataset, chosen, ray_address, shards
    )
    consent = Consent(is_given=yes, only_plans=dry_run, tries_again=again)
    raise typer.Exit(
        run_backfill(settings, order, consent, Display(as_json, is_quiet(context)), clock)
    )
