"""Which topics of the table well-known papers belong to, by their titles alone.

Titles are public records of arXiv. An abstract says more; a title without any topic shows how far
the phrases go by themselves. A line of known_papers.txt has a title and its topics.
"""

from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.fetch.topics.table import list_builtin_topics

LINES = Path(__file__).with_name("known_papers.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("line", LINES)
def test_well_known_papers_belong_to_their_topics_and_to_no_others(line: str) -> None:
    title, _, topics = line.partition(" |")
    paper = Paper("2407.00001", title)
    assert {topic for topic in topics.strip().split("; ") if topic} == {
        topic.name for topic in list_builtin_topics() if judge_relevance(topic, paper).relevant
    }
