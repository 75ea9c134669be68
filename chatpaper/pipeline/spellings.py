"""Recognize topics that are no more than a phrase, however the phrase is spelt."""

from collections.abc import Iterable
from dataclasses import replace

from chatpaper.domain import Topic
from chatpaper.domain.text.folding import fold_separators
from chatpaper.storage.papers.outcomes import Outcomes


def merge_spellings(
    topics: Iterable[Topic], known: Iterable[str], outcomes: Outcomes
) -> tuple[Topic, ...]:
    """Return the topics, each once and under the spelling under which it was first followed.

    Phrases that differ in case, hyphens or spaces are one topic: otherwise its papers would be
    published a second time. `known` are the names of the user's own topics, which stay as they are.
    """
    # Of several spellings the oldest comes last, and stays.
    earlier = {fold_separators(topic): topic for topic in outcomes.topics()}
    named = frozenset(known)
    once: dict[str, Topic] = {}
    for topic in topics:
        wanted = fold_separators(topic.name)
        if not topic.builtin and topic.name not in named and wanted in earlier:
            topic = replace(topic, name=earlier[wanted], phrases=(earlier[wanted],))
        once.setdefault(wanted, topic)
    return tuple(once.values())
