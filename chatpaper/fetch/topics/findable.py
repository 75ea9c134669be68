"""Which phrases of a topic can be found in titles and abstracts, which are in English."""

from chatpaper.domain import Topic
from chatpaper.domain.text.folding import fold_width
from chatpaper.domain.text.scripts import is_in_latin_letters


def is_findable_text(text: str) -> bool:
    """Tell whether a phrase or a query is in the letters of English."""
    return is_in_latin_letters(fold_width(text))


def is_findable(topic: Topic) -> bool:
    """Tell whether a paper could belong to the topic: each of its groups has an English phrase.

    A query of the user's own may have words of any script.
    """
    if topic.query:
        return True
    groups = [group for group in (topic.phrases, *topic.all_of) if group]
    return all(any(map(is_findable_text, group)) for group in groups)


def list_unfindable_phrases(topic: Topic) -> tuple[str, ...]:
    """List the phrases of a topic, or its query, that are in other letters than English."""
    if topic.query:
        texts: tuple[str, ...] = (topic.query,)
    else:
        texts = tuple(phrase for group in (topic.phrases, *topic.all_of) for phrase in group)
    return tuple(text for text in texts if not is_findable_text(text))
