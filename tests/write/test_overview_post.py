"""An overview as a reader sees it: who says what where, and results side by side."""

from dataclasses import replace
from datetime import date

import pytest

from chatpaper.domain import Topic
from chatpaper.domain.overviews.overview import Overview, Period
from chatpaper.summarize.overview.writer import OverviewWriter
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.write.formats import list_languages, load_labels
from chatpaper.write.overview.overview_post import render_overview
from chatpaper.write.render import PostStyle
from tests.summarize.overview.sample import PRUNER, SAMPLER

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
ENTRIES = (SAMPLER, PRUNER)


@pytest.fixture(scope="module")
def overview() -> Overview:
    writer = OverviewWriter(Prompts.load(), "en")
    return writer.write(Topic("Diffusion Models"), WEEK, ENTRIES)


def test_results_stand_in_a_table_without_empty_columns(overview: Overview) -> None:
    text = render_overview(overview, ENTRIES, PostStyle(load_labels("en")))
    table = text[text.index("### ImageNet · FID") :].split("\n\n")[1].splitlines()
    assert table == [
        "| Paper | Value | Where |",
        "| --- | --- | --- |",
        "| A Sampler that Stops Early | 3.1 | Table 1 2611.00001 p. 2 |",
        "| Pruning Attention Heads of Translation Models | 2.7 | Table 1 2611.00002 p. 2 |",
    ]
    assert "1. A Sampler that Stops Early (2611.00001)" in text
    assert "- It was tested on ImageNet alone. (2611.00001 p. 1)" in text


@pytest.mark.parametrize("language", list_languages())
def test_every_language_has_its_words(overview: Overview, language: str) -> None:
    written = replace(overview, backend="fake", model="m", unread=("2611.00002",))
    text = render_overview(written, ENTRIES, PostStyle(load_labels(language)))
    assert "{" not in text
    assert "2026-11-16" in text
