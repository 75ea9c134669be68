"""The commands that write posts: run, summarize, render."""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from chatpaper.app import container, publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import (
    identify,
    merge_candidates,
    refuse_other_versions,
    to_candidate,
)
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.cli.console import Display, echo, echo_error, echo_json
from chatpaper.cli.languages.speech import get_spoken_language, translate
from chatpaper.cli.progress.run_progress import RunProgress
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    BudgetReachedError,
    ChatPaperError,
    ConfigError,
    ExitCode,
)
from chatpaper.domain.text.folding import fold_file_name
from chatpaper.fetch.huggingface import DAILY_PAPERS
from chatpaper.fetch.paper_reference import ArxivReference, parse_reference
from chatpaper.operations.delivery.directory import deliver_papers
from chatpaper.operations.maintenance import Maintenance, run_maintenance
from chatpaper.operations.notifications import notify_people
from chatpaper.operations.recovery import recover, refuse_damaged
from chatpaper.operations.retention import refuse_deleted
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.pipeline.report.report_json import report_to_json
from chatpaper.pipeline.report.run_report import (
    PaperReport,
    RunReport,
    TopicReport,
    total_cost,
)
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.sources.awaiting import await_announcement
from chatpaper.pipeline.sources.windows import RequestedDates
from chatpaper.pipeline.spellings import merge_spellings
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.store import Store
from chatpaper.write.files import make_safe_filename
from chatpaper.write.formats import list_languages, load_labels
from chatpaper.write.views.reasons import describe_ranking

log = logging.getLogger(__name__)


def run_topics(
    settings: Settings,
    source: str,
    asked: RequestedDates,
    display: Display,
    *,
    dry_run: bool,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """Find, summarize and publish the new papers of topics, or list them: `chatpaper run`."""
    report = execute_topics(settings, source, asked, display, dry_run=dry_run, clock=clock)
    print_report(report, as_json=display.as_json)
    return report.exit_code


def execute_topics(
    settings: Settings,
    source: str,
    asked: RequestedDates,
    display: Display,
    *,
    dry_run: bool = False,
    clock: Clock = SYSTEM_CLOCK,
) -> RunReport:
    """Do what `run_topics` does, and return what is to be printed."""
    from_list = source == sources.HUGGING_FACE
    names = settings.run.topics or ((DAILY_PAPERS.name,) if from_list else ())
    if not names:
        raise ConfigError(
            'No topic is given: use --topic "Diffusion Models", or run.topics in chatpaper.toml.'
        )
    chosen = sources.resolve_topics(settings, names, source=source)
    _refuse_shared_files([topic.name for topic in chosen])
    for topic in chosen:
        for note in sources.list_topic_notes(topic, settings, source):
            echo_error(note)
    cancellation = CancellationToken(clock)
    arxiv = ArxivClients(settings, cancellation.clock, chosen)
    if settings.run.wait_for_announcement and source == sources.ARXIV and not asked.has_range:
        with cancel_on_signal(cancellation):
            told = await_announcement(chosen, arxiv.announcements, cancellation.clock)
        if told:
            echo_error(told)
    # The day of a post is that on which its papers come.
    request = replace(
        container.build_request(settings, asked.post_date, clock),
        online=source in sources.ONLINE_SOURCES,
    )
    with (
        hold_state(settings, clock),
        RunProgress(quiet=display.quiet) as progress,
        container.open_pipeline(
            settings, request, arxiv, cancellation=cancellation, progress=progress
        ) as pipeline,
    ):
        chosen = merge_spellings(chosen, settings.user_topics, pipeline.store.outcomes)
        chosen = sources.name_for_reader(chosen, settings)
        refuse_deleted(
            pipeline.store.retention, [topic.name for topic in chosen], request.post_date
        )
        papers = sources.build_paper_source(
            settings, source, asked, request.post_date, arxiv, pipeline.store
        )
        work = pipeline.dry_run if dry_run else pipeline.run
        with cancel_on_signal(cancellation):
            report = work(chosen, papers, request)
        finish_run(settings, pipeline, arxiv, report)
    return report


def summarize_papers(
    settings: Settings, refs: Sequence[str], post_date: date | None, display: Display
) -> ExitCode:
    """Summarize the papers that `refs` name, each in its own post: `chatpaper summarize`."""
    request = container.build_request(settings, post_date)
    references = [parse_reference(ref) for ref in dict.fromkeys(refs)]
    cancellation = CancellationToken()
    arxiv = ArxivClients(settings, cancellation.clock)
    with (
        hold_state(settings),
        RunProgress(quiet=display.quiet) as progress,
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
        with cancel_on_signal(cancellation):
            found = [
                identify(candidate, identities, arxiv.fetch_pdf)
                for candidate in candidates
                if candidate
            ]
            chosen = merge_candidates(found)
            refuse_other_versions(pipeline.store, chosen, request)
            report = pipeline.summarize(chosen, request)
        finish_run(settings, pipeline, arxiv, report)
    print_report(report, as_json=display.as_json)
    for idv in missing:
        echo_error(f"arXiv has no paper {idv}: check the number.")
    return max(report.exit_code, ExitCode.SOME_FAILED) if missing else report.exit_code


def render_posts(
    settings: Settings, since: date | None, formats: tuple[str, ...], *, overwrite: bool = False
) -> ExitCode:
    """Write posts again from the database: `chatpaper render`."""
    chosen = publishing.load_formats(settings, formats)
    with hold_state(settings), Store(settings.state_dir) as store:
        publisher = replace(publishing.build_publisher(settings, store), overwrites=overwrite)
        keys = publisher.contents.keys_since(since, chosen, settings.output_dir)
        lacking = {key: publisher.lacking(key) for key in keys}
        # A post that would lose papers is left as it is.
        written = publisher.write_all([key for key in keys if not lacking[key]])
    for post in written.values():
        echo(str(post.path))
    for post in written.values():
        if post.warning:
            echo(post.warning)
    if not keys:
        echo_error("There are no posts to write yet: `chatpaper run` creates them.")
    for idv, name in sorted(
        {(entry.paper.idv, key.format) for key in keys for entry in lacking[key]}
    ):
        echo_error(
            f"The summary of {idv} lacks what {name} shows: "
            f"`chatpaper run --format {name}` asks for it."
        )
    return ExitCode.SOME_FAILED if any(lacking.values()) else ExitCode.DONE


@contextmanager
def hold_state(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Iterator[None]:
    """Hold the lock of a run around a sound database, which is restored first if it was lost.

    Raises RunLockedError, and StoreError for a damaged database.
    """
    with hold_run_lock(settings):
        refuse_damaged(settings.state_dir / FILE_NAME)
        if message := recover(settings, clock.now()):
            log.warning("%s", message)
            echo_error(message)
        yield


@contextmanager
def cancel_on_signal(cancellation: CancellationToken) -> Iterator[None]:
    """Cancel a run on SIGTERM or Ctrl-C: finish and publish what is under way, and queue the rest.

    A second Ctrl-C ends the run at once.
    """

    def cancel(number: int, _: object) -> None:
        cancellation.cancel(
            BudgetReachedError("The run was asked to stop; the rest is queued for the next run.")
        )
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, cancel) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def finish_run(
    settings: Settings, pipeline: Pipeline, arxiv: ArxivClients, report: RunReport
) -> None:
    """Do the maintenance after a run, and send notifications if it was one of topics.

    Faults are logged as warnings: they do not change how the run ends.
    """
    if report.dry_run:
        return
    now = pipeline.recorder.clock.now()
    try:
        run_maintenance(Maintenance(settings, pipeline.store, pipeline.publisher, arxiv.pdfs, now))
        if report.topics:
            notify_people(settings, pipeline.store, report, now)
            deliver_papers(settings, pipeline, report)
    except (ChatPaperError, OSError) as error:
        log.warning("%s", error)


def _refuse_shared_files(names: Sequence[str]) -> None:
    taken: dict[str, str] = {}
    for name in names:
        other = taken.setdefault(fold_file_name(make_safe_filename(name)), name)
        if other != name:
            raise ConfigError(
                f"The topics {other!r} and {name!r} would share one file: "
                "run them separately, each with its own --output."
            )


def print_report(report: RunReport, *, as_json: bool) -> None:
    """Print the result of a run to stdout, and what went wrong to stderr."""
    if as_json:
        echo_json(report_to_json(report).to_json())
    else:
        for line in _result_lines(report):
            echo(line)
    for topic in report.topics:
        for note in topic.notes:
            echo_error(f"{topic.name}: {note}")
        if topic.error:
            echo_error(f"{topic.name}: {topic.error}")
    _print_unpublished(report)
    if report.stopped_by:
        echo_error(f"{report.stopped_by}")


def _print_unpublished(report: RunReport) -> None:
    for paper in report.papers:
        if paper.given_up or (paper.status == "failed" and report.dry_run):
            echo_error(f"{paper.paper.idv}: {paper.reason}")
        elif paper.status == "failed":
            echo_error(f"{paper.paper.idv} failed and is queued{_until(paper)}: {paper.reason}")
    awaiting = sum(paper.awaits_batch for paper in report.papers)
    if awaiting:
        echo_error(
            f"Papers waiting for a batch: {awaiting}. The next run collects it, and "
            "`chatpaper status` tells for how long it has been waiting."
        )


def _until(paper: PaperReport) -> str:
    return (
        f" until {paper.next_try} (attempt {paper.attempts} of {MAX_ATTEMPTS})"
        if paper.next_try
        else ""
    )


def _result_lines(report: RunReport) -> Iterator[str]:
    if report.dry_run:
        yield from _plan_lines(report)
        return
    for topic in report.topics:
        yield (
            f"{topic.name}: {topic.found} found, {topic.published} published, "
            f"{topic.excluded} excluded, {topic.failed} failed or waiting; {_describe_end(topic)}"
        )
    yield from report.posts
    yield from report.warnings


def _describe_end(topic: TopicReport) -> str:
    if topic.awaits_batch and topic.state == "done":
        return "waiting for a batch"
    return (topic.state or "").replace("_", " ")


def _plan_lines(report: RunReport) -> Iterator[str]:
    language = get_spoken_language()
    labels = load_labels(language if language in list_languages() else "en")
    for paper in report.papers:
        estimate = paper.estimate
        cost = (
            f"about {estimate.input_tokens} + {estimate.output_tokens} tokens"
            if estimate
            else translate(paper.reason)
        )
        price = (
            f", {estimate.cost_usd:.4f} USD" if estimate and estimate.cost_usd is not None else ""
        )
        yield f"{paper.paper.idv}  {paper.paper.title}  ({cost}{price})"
        if paper.ranking and estimate:
            reasons = labels["link_separator"].join(describe_ranking(paper.ranking, labels))
            yield f"    {paper.ranking.score:.2f}  {reasons}".rstrip()
    estimates = [paper.estimate for paper in report.papers if paper.estimate]
    tokens = sum(estimate.tokens for estimate in estimates)
    cost_usd = total_cost(estimate.cost_usd for estimate in estimates)
    total = "unknown cost" if cost_usd is None else f"{cost_usd:.4f} USD"
    yield f"Papers to summarize: {len(estimates)}, about {tokens} tokens, {total}"
