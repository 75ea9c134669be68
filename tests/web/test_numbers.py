"""Numbers on the page are written as people write them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatpaper.storage.search_index import DayCount
from chatpaper.storage.store import Store
from chatpaper.storage.usage import Call
from chatpaper.web.numbers import format_amount, format_count, format_duration, format_money
from chatpaper.web.translations import load_translations
from chatpaper.web.viewer.archive_views import render_papers_chart, render_usage_charts
from tests.web.asking import DAY


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (0, "0", "0"),
        (2921, "2,921", "2,921"),
        (9999, "9,999", "9,999"),
        (10_000, "10k", "1 万"),
        (32_100, "32k", "3.2 万"),
        (99_990, "100k", "10 万"),
        (123_456, "123k", "12.3 万"),
        (999_990, "1M", "100 万"),
        (1_234_567, "1.2M", "123 万"),
        (12_345_678, "12M", "1,235 万"),
        (99_999_999, "100M", "1 亿"),
        (123_456_789, "123M", "1.2 亿"),
        (2_500_000_000, "2.5B", "25 亿"),
    ],
)
def test_amounts(number: int, english: str, chinese: str) -> None:
    assert format_amount(number, "en") == english
    assert format_amount(number, "zh") == chinese


def test_counts() -> None:
    assert [format_count(number) for number in (7, 1234, 1_234_567)] == ["7", "1,234", "1,234,567"]


@pytest.mark.parametrize(
    ("usd", "english"),
    [
        (0.0, "$0"),
        (0.000_314_9, "$0.00031"),
        (0.0031, "$0.0031"),
        (0.042, "$0.042"),
        (0.5, "$0.50"),
        (0.9999, "$1.00"),
        (1.234, "$1.23"),
        (1234.5, "$1,234.50"),
    ],
)
def test_money(usd: float, english: str) -> None:
    assert format_money(usd, "en") == english
    assert format_money(usd, "zh") == f"{english[1:]} 美元"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.2, "less than 1 s", "不到 1 秒"),
        (5.4, "5 s", "5 秒"),
        (59.7, "1 min", "1 分"),
        (125, "2 min 5 s", "2 分 5 秒"),
        (3599.9, "1 h", "1 小时"),
        (3780, "1 h 3 min", "1 小时 3 分"),
        (7199, "2 h", "2 小时"),
    ],
)
def test_durations(seconds: float, english: str, chinese: str) -> None:
    assert format_duration(seconds, "en") == english
    assert format_duration(seconds, "zh") == chinese


@pytest.mark.parametrize(("language", "tokens"), [("en", "1.2M"), ("zh", "123 万")])
def test_charts_write_numbers_as_people_do(language: str, tokens: str, tmp_path: Path) -> None:
    words = load_translations(language)
    counts = [DayCount("GAN", DAY, 1234)]
    assert "GAN 1,234<" in render_papers_chart(counts, words)
    with Store(tmp_path) as store:
        store.history.start("r", datetime(2026, 11, 22, 3, tzinfo=UTC), DAY)
        store.usage.begin_run("r", DAY)
        store.usage.record(Call("2611.00001", "m", "p", "m", 1_230_000, 4_567, 0, 0.0123, 0, 0))
        charts = render_usage_charts((store.usage,), words)
    assert f" {tokens}<" in charts
    assert "0.012" in charts
