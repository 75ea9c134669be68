"""Topics that are no more than a phrase, by the spelling under which they were followed first."""

from collections.abc import Iterable
from dataclasses import replace

from chatpaper.domain import Topic
from chatpaper.domain.text.folding import fold_separators
from chatpaper.storage.papers.outcomes import Outcomes


def merge_spellings(
    topics: Iterable[Topic], known: Iterable[str], outcomes: Outcomes
) -> tuple[Topic, ...]:
    """The topics, each once; a phrase that was followed in other letters, with other hyphens or
    spaces, is that topic.

    Its papers would be published a second time otherwise. `known` are the names of the user's own
    topics.
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
