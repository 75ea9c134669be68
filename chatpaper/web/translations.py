"""The fixed words of the page, by language."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

# The languages of the page, the first one for visitors who ask for none of them.
PAGE_LANGUAGES = ("en", "zh")

Words = Mapping[str, str]


def load_words(language: str) -> Words:
    """The words of the page in one of its languages."""
    return tomllib.loads(
        files("chatpaper.web").joinpath("labels", f"{language}.toml").read_text(encoding="utf-8")
    )


def preferred_language(accept_language: str) -> str:
    """The first of the page's languages that a browser's Accept-Language header names, by its
    weights (RFC 9110).
    """
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
