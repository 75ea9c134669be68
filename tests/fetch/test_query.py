"""Topics as search strings of arXiv."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.query import build_search_query
from tests.fakes.arxiv_feed import matcher

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 11, 8, 23, 59, tzinfo=UTC)
DATES = "submittedDate:[202611010000 TO 202611082359]"


def test_phrases_are_quoted_in_title_and_abstract() -> None:
    topic = Topic("X", phrases=("3D Gaussian Splatting", "3DGS"), categories=("cs.CV", "eess.*"))
    assert build_search_query(topic, SINCE, UNTIL) == (
        '(ti:"3D Gaussian Splatting" OR abs:"3D Gaussian Splatting" OR ti:"3DGS" OR abs:"3DGS")'
        f" AND (cat:cs.CV OR cat:eess.*) AND {DATES}"
    )


def test_a_topic_may_look_at_titles_alone() -> None:
    topic = Topic("X", phrases=("interactive",), fields=("ti",))
    assert build_search_query(topic, SINCE, UNTIL) == f'ti:"interactive" AND {DATES}'


def test_every_group_must_be_met() -> None:
    topic = Topic("X", phrases=("agent",), all_of=(("LLM", "tool"), ("web",)))
    assert build_search_query(topic, SINCE, UNTIL) == (
        '(ti:"agent" OR abs:"agent") AND (ti:"LLM" OR abs:"LLM" OR ti:"tool" OR abs:"tool")'
        f' AND (ti:"web" OR abs:"web") AND {DATES}'
    )


def test_a_phrase_that_holds_another_one_is_left_out() -> None:
    topic = Topic(
        "X",
        phrases=("image-to-image translation", "image-to-image", "Image-to-Image", "image"),
        fields=("ti",),
    )
    assert build_search_query(topic, SINCE, UNTIL) == f'ti:"image" AND {DATES}'


def test_words_that_merely_begin_alike_hold_no_other() -> None:
    topic = Topic("X", phrases=("organ", "GAN", "organ at risk"), fields=("ti",))
    assert build_search_query(topic, SINCE, UNTIL) == f'(ti:"organ" OR ti:"GAN") AND {DATES}'


def test_exclusions_are_not_searched_for() -> None:
    topic = Topic("X", phrases=("translation",), none_of=("clinical translation",))
    assert "clinical" not in build_search_query(topic, SINCE, UNTIL)


def test_a_search_string_of_ones_own_is_kept_and_bounded() -> None:
    topic = Topic("X", query='ti:"a" OR\n all:b', categories=("cs.CV",), builtin=False)
    assert build_search_query(topic, SINCE, UNTIL) == f'(ti:"a" OR all:b) AND cat:cs.CV AND {DATES}'


def test_times_are_written_in_gmt() -> None:
    shanghai = timezone(timedelta(hours=8))
    query = build_search_query(
        Topic("X", phrases=("a",)), datetime(2026, 11, 1, 7, 0, tzinfo=shanghai), UNTIL
    )
    assert "[202610312300 TO" in query


@pytest.mark.parametrize(
    "topic",
    [
        Topic("X"),
        Topic("X", phrases=("",)),
        Topic("X", phrases=('"()"', "---")),
        Topic("X", phrases=("a",), categories=("cs.CV) OR (cat:math",)),
        Topic("X", query="(ti:a"),
        Topic("X", query="ti:a)"),
        Topic("X", query=")ti:a("),
        Topic("X", query='ti:"a'),
    ],
)
def test_a_topic_that_cannot_be_searched_is_the_users_mistake(topic: Topic) -> None:
    with pytest.raises(ConfigError, match=r"'X'|category"):
        build_search_query(topic, SINCE, UNTIL)


@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=4),
    st.lists(st.text(max_size=20), max_size=3),
)
def test_whatever_the_phrases_the_query_is_quoted_and_balanced(
    phrases: list[str], group: list[str]
) -> None:
    topic = Topic("X", phrases=tuple(phrases), all_of=(tuple(group),))
    try:
        query = build_search_query(topic, SINCE, UNTIL)
    except ConfigError:
        return
    outside = re.sub(r'"[^"]*"', "", query)
    assert query.count('"') % 2 == 0
    assert outside.count("(") == outside.count(")")
    assert outside.endswith(DATES)
    assert re.fullmatch(r"(?:[() ]|ti:|abs:|OR|AND)*", outside.removesuffix(DATES))
    assert not any(character in query for character in "\n\r\x00\\")
    matcher(query)
