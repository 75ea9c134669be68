"""The topics of the table on papers that belong to them, and on papers that only sound so."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from chatpaper.domain import Paper, Topic
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.fetch.topics.table import list_builtin_topics, resolve_topic
from tests.fakes.arxiv_feed import FakePaper, matcher
from tests.fetch.topic_examples import Example, read_examples

EXAMPLES = read_examples()
TOPICS = list_builtin_topics()
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
MIN_PAPERS, MIN_LOOKALIKES = 5, 3
# The broadest topic, on language models, has that many of the papers of others.
MAX_SHARE_OF_OTHERS = 0.05


def paper_of(example: Example, number: int = 1) -> FakePaper:
    category = resolve_topic(example.topic).categories[0].replace("*", "LG")
    return FakePaper(
        f"2611.{number:05d}",
        example.title,
        example.abstract,
        published=datetime(2026, 11, 20, tzinfo=UTC),
        categories=(category,),
    )


PAPERS = [paper_of(example, number) for number, example in enumerate(EXAMPLES, start=1)]


def is_relevant(topic: Topic, paper: FakePaper) -> bool:
    record = Paper(
        paper.arxiv_id, paper.title, abstract=paper.abstract, categories=paper.categories
    )
    return judge_relevance(topic, record).relevant


def test_every_topic_has_papers_and_papers_that_only_sound_so() -> None:
    counts = Counter((example.topic, example.belongs) for example in EXAMPLES)
    assert {topic for topic, _ in counts} == {topic.name for topic in TOPICS}
    assert [
        topic.name
        for topic in TOPICS
        if counts[topic.name, True] < MIN_PAPERS or counts[topic.name, False] < MIN_LOOKALIKES
    ] == []
    assert len({example.title for example in EXAMPLES if example.belongs}) > MIN_PAPERS * 60


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_papers_belong_to_their_topic_and_those_that_sound_so_do_not(topic: Topic) -> None:
    wrong = [
        example
        for example in EXAMPLES
        if example.topic == topic.name
        and is_relevant(topic, paper_of(example)) is not example.belongs
    ]
    assert wrong == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_arxiv_finds_the_papers_of_a_topic_and_few_of_others(topic: Topic) -> None:
    finds = matcher(build_search_query(topic, SINCE, UNTIL))
    found = [
        example
        for example, paper in zip(EXAMPLES, PAPERS, strict=True)
        if finds(paper) and is_relevant(topic, paper)
    ]
    own = [example for example in found if example.topic == topic.name]
    assert all(example.belongs for example in own)
    # Closed compounds (StyleGAN, multimodal) are single words to a search engine.
    assert len(own) > MIN_PAPERS / 2
    assert len(found) - len(own) <= MAX_SHARE_OF_OTHERS * len(EXAMPLES)
