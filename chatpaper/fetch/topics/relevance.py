"""Whether a paper is really about a topic."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain import Paper, Topic
from chatpaper.domain.text.folding import fold_width
from chatpaper.fetch.topics.phrase_matching import Span, find_phrase

# What the categories of other servers than arXiv begin with.
_OTHER_SERVERS = ("biorxiv.", "medrxiv.")


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a paper belongs to a topic, and what says so.

    `phrase` is what the paper has of the topic, in its own letters.
    """

    relevant: bool
    reason: str
    phrase: str = ""


def judge_relevance(topic: Topic, paper: Paper) -> Relevance:
    """Check on title and abstract that a paper belongs to a topic.

    A phrase counts where it stands as words, outside of every exclusion that covers it: "clinical
    translation" does not make a paper one on translation, and does not unmake one either.
    """
    if not _in_categories(topic, paper):
        return Relevance(
            False, f"none of its categories ({', '.join(paper.categories)}) is one of the topic's"
        )
    if not topic.phrases and not topic.all_of:
        return Relevance(True, "found by the topic's own query")
    texts = [fold_width(text) for text in _texts(topic, paper)]
    verdicts = [
        _group_verdict(group, topic.none_of, texts)
        for group in (topic.phrases, *topic.all_of)
        if group
    ]
    return next((verdict for verdict in verdicts if not verdict.relevant), verdicts[0])


def _in_categories(topic: Topic, paper: Paper) -> bool:
    if not paper.categories:
        return True
    server = _find_server(paper.categories[0])
    # Categories of one server say nothing of the papers of another.
    wanted = [category for category in topic.categories if _find_server(category) == server]
    return not wanted or matches_any_category(wanted, paper.categories)


def _find_server(category: str) -> str:
    """Return the server that a category is of; empty for arXiv."""
    return next((server for server in _OTHER_SERVERS if category.startswith(server)), "")


def matches_any_category(wanted: Sequence[str], categories: Sequence[str]) -> bool:
    """Return whether one of the categories is wanted; `cs.*` wants all of `cs`."""
    return any(_covers(each, category) for each in wanted for category in categories)


def _covers(wanted: str, category: str) -> bool:
    return category.startswith(wanted[:-1]) if wanted.endswith("*") else category == wanted


def _texts(topic: Topic, paper: Paper) -> list[str]:
    by_field = {"ti": paper.title, "abs": paper.abstract}
    return [by_field[name] for name in topic.fields]


def _group_verdict(
    group: Sequence[str], exclusions: Sequence[str], texts: Sequence[str]
) -> Relevance:
    explained_away = ""
    for text in texts:
        covers = [span for exclusion in exclusions for span in find_phrase(exclusion, text)]
        for phrase in group:
            for span in find_phrase(phrase, text):
                cover = _covering(span, covers)
                if cover is None:
                    found = text[slice(*span)]
                    return Relevance(True, f"“{found}” occurs in it", found)
                explained_away = f"“{phrase}” occurs only as “{text[slice(*cover)]}”"
    return Relevance(
        False, explained_away or f"no phrase of the topic occurs in it, such as “{group[0]}”"
    )


def _covering(span: Span, covers: Sequence[Span]) -> Span | None:
    return next((cover for cover in covers if cover[0] <= span[0] and span[1] <= cover[1]), None)
