"""The known topics whose names are nearest to one that is not known."""

from collections.abc import Iterable

from rapidfuzz import fuzz

from chatpaper.domain.text.scripts import contains_cjk
from chatpaper.fetch.topics.table import fold_topic_name, list_aliases, list_builtin_topics

MAX_NEAR_NAMES = 3
# Likeness in percent. English names have many letters in common by chance ("Sea ice", "Science");
# Chinese ones of four characters that share three say nearly the same.
MIN_LIKENESS = 80
MIN_LIKENESS_CJK = 65
# A name that is a part of the other says nearly the same, if it is no mere syllable.
_MIN_PART_LETTERS = 5
_MIN_PART_LETTERS_CJK = 2
_LIKENESS_OF_PART = 85.0


def find_near_names(name: str, user_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Find the topics with a name or alias like this one, the nearest first, a few at most."""
    wanted = fold_topic_name(name)
    likeness = {
        topic: max(_measure_likeness(wanted, fold_topic_name(each)) for each in names)
        for topic, names in _named_topics(user_names).items()
    }
    least = MIN_LIKENESS_CJK if contains_cjk(wanted) else MIN_LIKENESS
    near = sorted(
        (topic for topic in likeness if likeness[topic] >= least),
        key=lambda topic: -likeness[topic],
    )
    return tuple(near[:MAX_NEAR_NAMES])


def suggest_near_names(near: Iterable[str]) -> str:
    """Ask in a sentence whether one of these names was meant; nothing where there are none.

    >>> suggest_near_names(["GAN", "NeRF"])
    ' Did you mean "GAN" or "NeRF"?'
    """
    quoted = [f'"{name}"' for name in near]
    if not quoted:
        return ""
    *others, last = quoted
    return f" Did you mean {', '.join(others) + ' or ' if others else ''}{last}?"


def _named_topics(user_names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    builtin = {
        topic.name: (topic.name, *list_aliases(topic.name)) for topic in list_builtin_topics()
    }
    return {name: (name,) for name in user_names} | builtin


def _measure_likeness(one: str, other: str) -> float:
    shorter, longer = sorted((one, other), key=len)
    is_cjk = contains_cjk(shorter)
    if len(shorter) >= (_MIN_PART_LETTERS_CJK if is_cjk else _MIN_PART_LETTERS):
        is_part = shorter in longer if is_cjk else f" {shorter} " in f" {longer} "
        if is_part:
            return max(_LIKENESS_OF_PART, fuzz.ratio(one, other))
    return fuzz.ratio(one, other)
