"""The command that shows the whole product on invented papers: demo."""

from datetime import date
from pathlib import Path

from chatpaper.app.demo import FORMATS, PAPERS_FOLDER, prepare_demo
from chatpaper.app.settings import Settings
from chatpaper.cli.commands import execute_topics, print_report
from chatpaper.cli.console import Display, echo
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ExitCode
from chatpaper.pipeline.sources.windows import RequestedDates
from chatpaper.storage.store import Store


def run_demo(
    folder: Path, language: str, display: Display, clock: Clock = SYSTEM_CLOCK
) -> ExitCode:
    """Write posts on invented papers into a folder that holds nothing else: `chatpaper demo`.

    Started again, it writes the same posts again. Raises ConfigError and WriteError as
    `prepare_demo` does.
    """
    settings = prepare_demo(folder.absolute(), language)
    papers = str(settings.output_dir.parent / PAPERS_FOLDER)
    dates = RequestedDates(_find_post_date(settings))
    report = execute_topics(settings, papers, dates, display, clock=clock)
    print_report(report, as_json=False)
    if report.exit_code == ExitCode.DONE:
        echo(f"Index and feed: {settings.output_dir}/index.md, {settings.output_dir}/feed.xml")
        echo(f"The papers are invented. Open {_choose_post(report.posts)}")
    return report.exit_code


def _find_post_date(settings: Settings) -> date | None:
    """Return the date of the posts that an earlier demo wrote, if there are any."""
    with Store(settings.state_dir) as store:
        return next((post.post_date for post in store.posts.since(None)), None)


def _choose_post(paths: tuple[str, ...]) -> str:
    """Choose the post to read first: that of the first format."""
    return next((path for path in paths if path.endswith(f".{FORMATS[0]}.md")), paths[0])
