"""Terms with a fixed rendering in a language, so that a paper's words are the same in every post.

A glossary is a TOML file with a table a language: `[zh]`, then `"few-shot" = "少样本"`.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from chatpaper.errors import ConfigError

Terms = Mapping[str, str]

_TABLES = TypeAdapter(dict[str, dict[str, str]])

_HEADING = "Render these terms so, with the English in brackets at first use unless it is the rendering itself:"


def load_glossary(path: Path, own: Path | None = None) -> dict[str, Terms]:
    """The terms by language; those of `own` go over those of `path`. Raises ConfigError that names a faulty file."""
    tables = _read(path)
    for language, terms in (_read(own) if own else {}).items():
        tables[language] = {**tables.get(language, {}), **terms}
    return {language: dict(terms) for language, terms in tables.items()}


def terms_in(text: str, terms: Terms) -> dict[str, str]:
    """The terms that occur in a text as words of their own, also in the plural; hyphens may be spaces."""
    folded = re.sub(r"[-\s]+", " ", text).casefold()
    return {term: rendering for term, rendering in terms.items() if _pattern(term).search(folded)}


def glossary_lines(terms: Terms) -> str:
    """The terms as lines of a prompt; nothing where there are none."""
    lines = [f"{term}: {rendering}" for term, rendering in terms.items()]
    return "\n".join(["", _HEADING, *lines, ""]) if lines else ""


@cache
def _pattern(term: str) -> re.Pattern[str]:
    folded = re.sub(r"[-\s]+", " ", term).casefold()
    return re.compile(rf"(?<!\w){re.escape(folded)}s?(?!\w)")


def _read(path: Path) -> dict[str, Terms]:
    try:
        return dict(_TABLES.validate_python(tomllib.loads(path.read_text(encoding="utf-8"))))
    except OSError as error:
        raise ConfigError(f"The glossary {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The glossary {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ConfigError(f"The glossary {path}: {place} is not a term with a text as its rendering.") from error
