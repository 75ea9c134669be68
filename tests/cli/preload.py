"""What a process loads before commands are forked from it, so that none of them has to."""

from datetime import date
from importlib import import_module
from zoneinfo import ZoneInfo

_IMPORTED_LATE = (
    "cli.check",
    "cli.commands",
    "cli.doctor",
    "cli.export",
    "cli.lint",
    "cli.retry",
    "cli.status",
    "cli.topics",
    "summarize.extractive.summarizer",
)
# Tests play in these years; the library of holidays takes long to load.
_YEARS = range(2024, 2029)


def preload() -> None:
    """Load the modules that commands import lazily, and fill the caches of a process."""
    from chatpaper.app.publishing import load_formats, load_post_style
    from chatpaper.app.settings import load_settings
    from chatpaper.backends import BackendSettings, create_backend
    from chatpaper.fetch.arxiv.calendar import is_holiday
    from chatpaper.summarize.cost.prices import get_context_tokens
    from chatpaper.summarize.quality.phrases import load_phrases
    from chatpaper.summarize.verify.hints.words import load_hint_words
    from chatpaper.summarize.verify.numbers.number_words import find_chinese_numbers
    from chatpaper.write.site.feed import FeedEntry, FeedStyle, render_feed
    from tests.write.listings import POST, record

    for name in _IMPORTED_LATE:
        import_module(f"chatpaper.{name}")
    settings = load_settings(None, {})
    load_formats(settings, settings.run.formats)
    for name in ("gemini", "openai"):
        create_backend(name, BackendSettings("a-model", "http://127.0.0.1:9", "no-key"))
    get_context_tokens("gemini", "gemini-3.5-flash-lite")
    load_hint_words()
    load_phrases()
    list(find_chinese_numbers("一百二十五", counted_only=False))
    for year in _YEARS:
        is_holiday(date(year, 7, 1))
    style = FeedStyle(load_post_style(settings), "", "/", ZoneInfo("UTC"))
    render_feed([FeedEntry(record(), POST)], style)
