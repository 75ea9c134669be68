"""The fixed words of the page, by language."""

import re
from collections.abc import Mapping
from datetime import date

from chatpaper.domain.text.tables import load_table

# The languages of the page, the first one for visitors who ask for none of them.
PAGE_LANGUAGES = ("en", "zh")

# The cookie with the language in which a visitor read last.
LANGUAGE_COOKIE = "chatpaper_language"
_REMEMBERED = re.compile(rf"(?:^|;\s*){LANGUAGE_COOKIE}=(\w+)")

Translations = Mapping[str, str]


def load_translations(language: str) -> Translations:
    """Load the words of the page in one of its languages, by name."""
    return load_table(__package__, f"labels/{language}.toml", dict[str, str])


def get_language(words: Translations) -> str:
    """Return the language of the page in which these words are."""
    return words["language_tag"].partition("-")[0]


def format_date(day: date, words: Translations) -> str:
    """Write a date with its day of the week, as people write it in the language of the words."""
    return words["date"].format(
        year=day.year,
        month=words["months"].split()[day.month - 1],
        day=day.day,
        weekday=words["weekdays"].split()[day.weekday()],
    )


def choose_language(accept_language: str, cookies: str = "") -> str:
    """Choose the language of the page by the weights of an Accept-Language header (RFC 9110).

    The language in which the visitor read last is in a Cookie header, and comes first.

    >>> choose_language("fr, zh-CN;q=0.8, en;q=0.5")
    'zh'
    """
    remembered = _REMEMBERED.search(cookies)
    if remembered is not None and remembered[1] in PAGE_LANGUAGES:
        return remembered[1]
    weighted = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=") or 1.0)
        except ValueError:
            weight = 0.0
        primary = tag.partition("-")[0].lower()
        if primary in PAGE_LANGUAGES and weight > 0:
            weighted.append((-weight, position, primary))
    return min(weighted)[2] if weighted else PAGE_LANGUAGES[0]
