"""A topic and a span of time as a search string of arXiv's query API.

Syntax: info.arxiv.org/help/api/user-manual, "Details of query construction".
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError

# These would end a phrase or begin a group; arXiv's parser knows no escape for them.
_SYNTAX = re.compile(r"[\"“”„«»\\()\[\]{}*?\x00-\x1f\x7f]+")
_CATEGORY = re.compile(r"[a-zA-Z-]+(?:\.(?:[a-zA-Z-]+|\*))?")


def build_search_query(topic: Topic, since: datetime, until: datetime) -> str:
    """Write the search string for papers of `topic` first submitted between two times.

    Both times are included. Exclusions are left to the check on each paper: ANDNOT would also drop
    a paper on the topic that merely mentions an excluded phrase. Raises ConfigError for a topic
    with nothing to search for.
    """
    clauses = [_subject(topic)]
    if topic.categories:
        clauses.append(_any_of([_category(each) for each in topic.categories]))
    clauses.append(build_date_clause(since, until))
    return " AND ".join(clauses)


def build_date_clause(since: datetime, until: datetime) -> str:
    """Write the search string for all papers first submitted between two times, both included."""
    return f"submittedDate:[{_stamp(since)} TO {_stamp(until)}]"


def _subject(topic: Topic) -> str:
    if topic.query:
        return f"({_balanced(topic)})"
    groups = [group for group in (topic.phrases, *topic.all_of) if group]
    if not groups:
        raise ConfigError(f"Topic {topic.name!r} has neither phrases nor a query: give it one")
    return " AND ".join(_any_of(_fielded(topic, group)) for group in groups)


def _fielded(topic: Topic, phrases: Sequence[str]) -> list[str]:
    cleaned = [cleaned for phrase in phrases if (cleaned := _clean(phrase))]
    if not cleaned:
        raise ConfigError(
            f"Topic {topic.name!r}: {', '.join(phrases)!r} holds nothing to search for"
        )
    return [f'{field}:"{phrase}"' for phrase in _widest(cleaned) for field in topic.fields]


def _widest(phrases: Sequence[str]) -> list[str]:
    """Leave out phrases that contain another one.

    Whatever has them has that too, and queries travel in a URL.
    """
    padded = {
        phrase: f" {' '.join(re.split(r'[^0-9a-z]+', phrase.lower()))} "
        for phrase in phrases
        if phrase.isascii()
    }
    return [
        phrase
        for phrase in dict.fromkeys(phrases)
        if not any(
            words in padded.get(phrase, "") and words != padded.get(phrase)
            for words in padded.values()
        )
    ]


def _any_of(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _clean(phrase: str) -> str:
    words = _SYNTAX.sub(" ", phrase).split()
    return (
        " ".join(words) if any(character.isalnum() for word in words for character in word) else ""
    )


def _category(category: str) -> str:
    if not _CATEGORY.fullmatch(category):
        raise ConfigError(f"{category!r} is not an arXiv category such as cs.CV or cs.*")
    return f"cat:{category}"


def _balanced(topic: Topic) -> str:
    """Check a search string that a person wrote, and return it on one line.

    Open quotes or groups would swallow the dates after it. Raises ConfigError.
    """
    depth = 0
    for character in re.sub(r'"[^"]*"', "", topic.query):
        depth += (character == "(") - (character == ")")
        if depth < 0 or character == '"':
            break
    if depth != 0 or topic.query.count('"') % 2:
        raise ConfigError(
            f"The query of topic {topic.name!r} has unbalanced quotes or brackets: {topic.query}"
        )
    return " ".join(topic.query.split())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M")
