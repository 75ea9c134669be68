"""The commands that do the work: run, summarize, extract, render."""

import json
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from chatpaper.app import container, publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import identify, merge_candidates, to_candidate
from chatpaper.app.settings import Settings
from chatpaper.cli.after_run import end_night, state_held
from chatpaper.cli.console import ConsoleProgress, complain, say, say_json
from chatpaper.cli.extract_records import record_path, refuse_shared_records, source_of
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    BudgetReachedError,
    ConfigError,
    ExitCode,
    ExtractError,
)
from chatpaper.domain.text.folding import fold_file_name
from chatpaper.extract.serialization import (
    ExtractionJson,
    FailedExtractionJson,
    extraction_to_json,
)
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.huggingface import DAILY_PAPERS
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference
from chatpaper.operations.retention import refuse_deleted
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.pipeline.report.report_json import report_to_json
from chatpaper.pipeline.report.run_report import (
    PaperReport,
    RunReport,
    total_cost,
)
from chatpaper.pipeline.request import RunRequest
from chatpaper.pipeline.selection import Candidate
from chatpaper.pipeline.sources.windows import RequestedDates
from chatpaper.pipeline.spellings import merge_spellings
from chatpaper.storage.store import Store
from chatpaper.write.files import check_writable, file_safe, write_atomically


def run_topics(
    settings: Settings,
    source: str,
    asked: RequestedDates,
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """`chatpaper run`."""
    from_list = source == sources.HUGGING_FACE
    names = settings.run.topics or ((DAILY_PAPERS.name,) if from_list else ())
    if not names:
        raise ConfigError(
            'No topic is given: use --topic "Diffusion Models", or run.topics in chatpaper.toml.'
        )
    chosen = sources.resolve_topics(settings, names, from_daily_papers=from_list)
    _refuse_shared_files([topic.name for topic in chosen])
    for topic in chosen:
        if not topic.builtin and topic.name not in settings.user_topics:
            complain(f"Topic {topic.name!r} is not in the table: searching for it as a phrase.")
    request = replace(
        container.build_request(settings, asked.post_date, clock),
        online=source in sources.ONLINE_SOURCES,
    )
    cancellation = CancellationToken(clock)
    arxiv = ArxivClients(settings, cancellation.clock, chosen)
    with (
        state_held(settings, clock),
        ConsoleProgress(quiet=quiet) as progress,
        container.open_pipeline(
            settings, request, arxiv, cancellation=cancellation, progress=progress
        ) as pipeline,
    ):
        chosen = merge_spellings(chosen, settings.user_topics, pipeline.store.outcomes)
        refuse_deleted(
            pipeline.store.retention, [topic.name for topic in chosen], request.post_date
        )
        papers = sources.build_paper_source(
            settings, source, asked, request.post_date, arxiv, pipeline.store
        )
        work = pipeline.dry_run if dry_run else pipeline.run
        with _stopped_gently(cancellation):
            report = work(chosen, papers, request)
        end_night(settings, pipeline, arxiv, report)
    _tell(report, as_json=as_json)
    return report.exit_code


def summarize_papers(
    settings: Settings, refs: Sequence[str], post_date: date | None, *, as_json: bool, quiet: bool
) -> ExitCode:
    """`chatpaper summarize`."""
    request = container.build_request(settings, post_date)
    references = [parse_reference(ref) for ref in dict.fromkeys(refs)]
    cancellation = CancellationToken()
    arxiv = ArxivClients(settings, cancellation.clock)
    with (
        state_held(settings),
        ConsoleProgress(quiet=quiet) as progress,
        container.open_pipeline(
            settings, request, arxiv, cancellation=cancellation, progress=progress
        ) as pipeline,
    ):
        known = [
            reference.arxiv_id for reference in references if isinstance(reference, ArxivReference)
        ]
        records = arxiv.api.fetch_records(known) if known else {}
        missing = [arxiv_id.idv for arxiv_id in known if arxiv_id not in records]
        candidates = [to_candidate(reference, records) for reference in references]
        identities = pipeline.store.identities
        with _stopped_gently(cancellation):
            found = [
                identify(candidate, identities, arxiv.fetch_pdf)
                for candidate in candidates
                if candidate
            ]
            chosen = merge_candidates(found)
            _refuse_other_versions(pipeline.store, chosen, request)
            report = pipeline.summarize(chosen, request)
        end_night(settings, pipeline, arxiv, report)
    _tell(report, as_json=as_json)
    for idv in missing:
        complain(f"chatpaper: arXiv has no paper {idv}: check the number.")
    return max(report.exit_code, ExitCode.SOME_FAILED) if missing else report.exit_code


def extract_pdfs(settings: Settings, pdfs: Sequence[Path], output: Path, jobs: int) -> ExitCode:
    """`chatpaper extract`."""
    check_writable(output)
    refuse_shared_records(pdfs, output)
    with container.build_extractor(settings, jobs) as workers, ThreadPoolExecutor(jobs) as pool:
        done = list(pool.map(lambda pdf: _extract_one(workers, pdf, output), pdfs))
    return ExitCode.DONE if all(done) else ExitCode.SOME_FAILED


def _extract_one(workers: Extractor, pdf: Path, output: Path) -> bool:
    stem, path = file_safe(pdf.stem), record_path(pdf, output)
    source = source_of(pdf)
    try:
        document = workers.extract(pdf, output / stem)
        record: ExtractionJson | FailedExtractionJson = extraction_to_json(document, stem, source)
    except ExtractError as error:
        record = FailedExtractionJson(error=str(error), reason=error.reason, source=source)
        complain(f"chatpaper: {error}")
    content = json.dumps(record.to_json(), ensure_ascii=False, indent=1) + "\n"
    write_atomically(path, content.encode())
    say(str(path))
    return isinstance(record, ExtractionJson)


def render_posts(
    settings: Settings, since: date | None, formats: tuple[str, ...], *, overwrite: bool = False
) -> ExitCode:
    """`chatpaper render`."""
    chosen = publishing.load_formats(settings, formats)
    with state_held(settings), Store(settings.state_dir) as store:
        publisher = replace(publishing.build_publisher(settings, store), overwrites=overwrite)
        keys = publisher.keys_since(since, chosen, settings.output_dir)
        lacking = {key: publisher.lacking(key) for key in keys}
        # A post that would lose papers is left as it is.
        written = publisher.write_all([key for key in keys if not lacking[key]])
    for post in written.values():
        say(str(post.path))
    for post in written.values():
        if post.warning:
            say(post.warning)
    if not keys:
        complain("There are no posts to write yet: `chatpaper run` makes them.")
    for idv, name in sorted(
        {(entry.paper.idv, key.format) for key in keys for entry in lacking[key]}
    ):
        complain(
            f"chatpaper: {idv} was not asked for what {name} shows: `chatpaper run --format {name}` asks for it."
        )
    return ExitCode.SOME_FAILED if any(lacking.values()) else ExitCode.DONE


@contextmanager
def _stopped_gently(cancellation: CancellationToken) -> Iterator[None]:
    """On SIGTERM or Ctrl-C, finish what is under way and queue the rest: what was paid for is
    published.

    A second Ctrl-C ends the run where it is.
    """

    def ask(number: int, _: object) -> None:
        cancellation.cancel(
            BudgetReachedError("The run was asked to stop; the rest is queued for the next run.")
        )
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_shared_files(names: Sequence[str]) -> None:
    taken: dict[str, str] = {}
    for name in names:
        other = taken.setdefault(fold_file_name(file_safe(name)), name)
        if other != name:
            raise ConfigError(
                f"The topics {other!r} and {name!r} would share one file: run them apart, with --output."
            )


def _refuse_other_versions(
    store: Store, candidates: Sequence[Candidate], request: RunRequest
) -> None:
    """Raise ConfigError before another version of a paper would take the place of one in a post of
    the same day.
    """
    for paper in (candidate.paper for candidate in candidates):
        posted = store.outcomes.find(None, paper.arxiv_id)
        if (
            posted is None
            or posted.post_date != request.post_date
            or posted.version in (None, paper.version)
        ):
            continue
        if any(store.posts.contains(key) for key in request.post_keys(None, paper.arxiv_id)):
            raise ConfigError(
                f"The post of {paper.arxiv_id} for {request.post_date} is of version {posted.version}, and version "
                f"{paper.version} would take its place: choose another --date."
            )


def _tell(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        say_json(report_to_json(report).to_json())
    else:
        for line in _lines(report):
            say(line)
    for topic in report.topics:
        for note in topic.notes:
            complain(f"chatpaper: {topic.name}: {note}")
        if topic.error:
            complain(f"chatpaper: {topic.name}: {topic.error}")
    for paper in report.papers:
        if paper.status == "failed":
            complain(
                f"chatpaper: {paper.paper.idv} failed and is queued{_until(paper)}: {paper.reason}"
            )
        elif paper.given_up:
            complain(f"chatpaper: {paper.paper.idv}: {paper.reason}")
    if report.stopped_by:
        complain(f"chatpaper: {report.stopped_by}")


def _until(paper: PaperReport) -> str:
    return (
        f" until {paper.next_try} (attempt {paper.attempts} of {MAX_ATTEMPTS})"
        if paper.next_try
        else ""
    )


def _lines(report: RunReport) -> Iterator[str]:
    if report.dry_run:
        yield from _plan(report)
        return
    for topic in report.topics:
        yield (
            f"{topic.name}: {topic.found} found, {topic.published} published, {topic.excluded} excluded, "
            f"{topic.failed} failed or waiting; {(topic.state or '').replace('_', ' ')}"
        )
    yield from report.posts
    yield from report.warnings


def _plan(report: RunReport) -> Iterator[str]:
    for paper in report.papers:
        estimate = paper.estimate
        cost = (
            f"about {estimate.input_tokens} + {estimate.output_tokens} tokens"
            if estimate
            else paper.reason
        )
        price = (
            f", {estimate.cost_usd:.4f} USD" if estimate and estimate.cost_usd is not None else ""
        )
        yield f"{paper.paper.idv}  {paper.paper.title}  ({cost}{price})"
    estimates = [paper.estimate for paper in report.papers if paper.estimate]
    tokens = sum(estimate.tokens for estimate in estimates)
    cost_usd = total_cost(estimate.cost_usd for estimate in estimates)
    money = "at a price that is not known" if cost_usd is None else f"{cost_usd:.4f} USD"
    yield f"{len(estimates)} papers to summarize, about {tokens} tokens, {money}"
