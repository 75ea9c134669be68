"""The types that users of the Python API see; mypy reads this file, and nothing runs it."""

from datetime import date
from pathlib import Path
from typing import Any, assert_type

import chatpaper


def extract_a_pdf(pdf: Path, settings: chatpaper.Settings) -> None:
    document = chatpaper.extract(pdf, "images", settings=settings)
    assert_type(document, chatpaper.Document)
    assert_type(document.sections, tuple[chatpaper.Section, ...])
    assert_type(document.figures, tuple[chatpaper.Figure, ...])
    assert_type(document.figures[0].bbox.x0, float)


def check_a_text() -> None:
    report = chatpaper.check("The paper reports 99 %.", "2407.18125")
    assert_type(report, chatpaper.CheckReport)
    assert_type(report.claims, tuple[chatpaper.CheckedClaim, ...])
    assert_type(report.unsupported[0].page, int)
    assert_type(report.to_json(), dict[str, Any])


def summarize_a_paper() -> None:
    summary = chatpaper.summarize("paper.pdf", ("title", "summary"))
    assert_type(summary, chatpaper.Summary)
    assert_type(summary.cost_usd, float | None)


def search_published_papers() -> None:
    hits = chatpaper.search("diffusion", since=date(2026, 11, 1))
    assert_type(hits, tuple[chatpaper.SearchHit, ...])
    assert_type(hits[0].topic, str | None)


def load_settings() -> None:
    settings = chatpaper.load_settings(None, {"language": "en"})
    assert_type(settings, chatpaper.Settings)
    assert_type(chatpaper.__version__, str)


def handle_errors(error: chatpaper.ChatPaperError) -> None:
    errors: tuple[type[chatpaper.ChatPaperError], ...] = (
        chatpaper.BackendError,
        chatpaper.ConfigError,
        chatpaper.ExtractError,
        chatpaper.FetchError,
    )
    if isinstance(error, chatpaper.FetchError):
        assert_type(error.url, str)
    del errors
