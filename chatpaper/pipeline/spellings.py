"""Recognize topics that are no more than a phrase, however the phrase is spelt."""

from collections.abc import Iterable
from dataclasses import replace

from chatpaper.domain import Topic
from chatpaper.domain.text.folding import fold_separators
from chatpaper.fetch.topics.table import resolve_topic
from chatpaper.storage.papers.outcomes import Outcomes


def merge_spellings(
    topics: Iterable[Topic], known: Iterable[str], outcomes: Outcomes
) -> tuple[Topic, ...]:
    """Return the topics, each once and under the spelling under which it was first followed.

    Phrases that differ in case, hyphens or spaces are one topic: otherwise its papers would be
    published a second time. So are a topic of the table and a phrase that has become one of its
    names. `known` are the names of the user's own topics, which stay as they are.
    """
    followed = outcomes.topics()
    # Of several spellings the oldest comes last, and stays.
    earlier = {fold_separators(topic): topic for topic in followed}
    named = frozenset(known)
    once: dict[str, Topic] = {}
    for topic in topics:
        wanted = fold_separators(topic.name)
        if topic.builtin and topic.name not in followed:
            topic = replace(topic, name=_find_earlier_name(topic, followed, named))
        elif not topic.builtin and topic.name not in named and wanted in earlier:
            topic = replace(topic, name=earlier[wanted], phrases=(earlier[wanted],))
        once.setdefault(wanted, topic)
    return tuple(once.values())


def _find_earlier_name(topic: Topic, followed: Iterable[str], named: frozenset[str]) -> str:
    """Return the alias under which a topic of the table was first followed, or its own name."""
    earlier = [
        name for name in followed if name not in named and resolve_topic(name).name == topic.name
    ]
    return earlier[-1] if earlier else topic.name
