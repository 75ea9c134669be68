"""What a process loads before commands are forked from it, so that none of them has to."""

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
_IMPORTED_LATE = (
    "cli.check",
    "cli.commands",
    "cli.demo",
    "cli.doctor",
    "cli.lint",
    "cli.papers.export",
    "cli.papers.forget",
    "cli.papers.retry",
    "cli.status",
    "cli.topics",
    "summarize.extractive.summarizer",
)
# Tests play in these years; the library of holidays takes long to load.
_YEARS = range(2024, 2029)


def preload() -> None:
    """Load the modules that commands import lazily, and fill the caches of a process."""
    from typer.main import get_command

    from chatpaper.app.publishing import load_formats, load_post_style
    from chatpaper.app.settings import load_settings
    from chatpaper.backends import BackendSettings, create_backend
    from chatpaper.fetch.arxiv.calendar import is_holiday
    from chatpaper.summarize.cost.prices import get_context_tokens
    from chatpaper.summarize.quality.phrases import load_phrases
    from chatpaper.summarize.verify.hints.words import load_hint_words
    from chatpaper.summarize.verify.numbers.number_words import find_chinese_numbers
    from chatpaper.summarize.verify.terms import extract_terms
    from chatpaper.write.render import build_environment
    from chatpaper.write.site.feed import FeedEntry, FeedStyle, render_feed
    from tests.fakes.disk import wait_for_no_disk
    from tests.write.listings import POST, record

    wait_for_no_disk()
    for name in _IMPORTED_LATE:
        import_module(f"chatpaper.{name}")
    # Each command is built of its functions once.
    main: Any = import_module("chatpaper.cli.main")
    commands = get_command(main.app)
    main.get_command = lambda app: commands
    settings = load_settings(None, {})
    for each in load_formats(settings, settings.run.formats):
        templates = build_environment(each, load_post_style(settings))
        for template in templates.list_templates():
            if template.startswith(("partials/", each.name)):
                templates.get_template(template)
    for name in ("gemini", "openai"):
        create_backend(name, BackendSettings("a-model", "http://127.0.0.1:9", "no-key"))
    get_context_tokens("gemini", "gemini-3.5-flash-lite")
    load_hint_words()
    load_phrases()
    list(find_chinese_numbers("一百二十五", counted_only=False))
    extract_terms("排练")
    for year in _YEARS:
        is_holiday(date(year, 7, 1))
    style = FeedStyle(load_post_style(settings), "", "/", ZoneInfo("UTC"))
    render_feed([FeedEntry(record(), POST)], style)
    rehearse()


def rehearse() -> None:
    """Run a night: what a process compiles and keeps when it first needs it is kept after that."""
    from chatpaper.app.settings import load_settings
    from chatpaper.cli.commands import run_topics
    from chatpaper.cli.console import Display
    from chatpaper.pipeline.sources.windows import RequestedDates
    from tests.fakes.arxiv import FakeArxiv
    from tests.fakes.arxiv_feed import FakePaper
    from tests.fakes.gemini import VALID_KEY, FakeGemini

    # With the words that most nights of tests meet.
    records = json.loads((LIBRARY / "metadata.json").read_text("utf-8"))
    paper = FakePaper(
        "2611.00001",
        "Rehearsals of Diffusion Models",
        "Diffusion models are rehearsed. " + " ".join(each["abstract"] for each in records),
        published=datetime(2026, 11, 20, tzinfo=UTC),
        pdf=None,
    )
    with (
        TemporaryDirectory() as home,
        FakeArxiv([paper]) as arxiv,
        FakeGemini() as gemini,
        patch.dict(
            os.environ,
            {
                "CHATPAPER_STATE_DIR": f"{home}/state",
                "CHATPAPER_CACHE_DIR": f"{home}/cache",
                "CHATPAPER_OUTPUT_DIR": f"{home}/posts",
                "CHATPAPER_RUN__TOPICS": '["Diffusion Models"]',
                "CHATPAPER_ARXIV__API_URL": arxiv.api_url,
                "CHATPAPER_ARXIV__SITE_URL": arxiv.url,
                "CHATPAPER_ARXIV__RSS_URL": arxiv.url,
                "CHATPAPER_ARXIV__OAI_URL": arxiv.oai_url,
                "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
                "CHATPAPER_LLM__BASE_URL": gemini.url,
                "CHATPAPER_EXTRACT__WORKERS": "1",
                "GEMINI_API_KEY": VALID_KEY,
            },
        ),
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()) as said,
    ):
        asked = RequestedDates(date(2026, 11, 22))
        ended = run_topics(
            load_settings(None, {}), "arxiv", asked, Display(quiet=True), dry_run=False
        )
    assert ended == 0, said.getvalue()
