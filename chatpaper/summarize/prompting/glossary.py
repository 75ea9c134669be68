"""Terms with a fixed rendering in a language, so that a paper's words are the same in every post.

A glossary is a TOML file with a table for each language: `[zh]`, then `"few-shot" = "少样本"`. A
word with several senses gets its rendering only where it has that sense: `"prompt" = { as = "提示",
in = "language models" }` holds in the context of that name, which a table of its own describes:

    [contexts."language models"]
    archives = ["cs", "eess"]           # of arXiv; a paper with categories has to be of one of them
    words = ["language model", "LLM"]   # of which title or abstract has to have one
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Constrained

from chatpaper.domain import Paper
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import fold_separators
from chatpaper.domain.text.scripts import CJK

_HEADING = (
    "Render these terms so, with the English in brackets at first use "
    "unless it is the rendering itself:"
)
_CONTEXTS = "contexts"


class _Context(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    archives: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _TermInContext(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rendering: str = Constrained(alias="as")
    context: str = Constrained(alias="in")


@dataclass(frozen=True, slots=True)
class Term:
    """A term's rendering, and the papers in which it is rendered so.

    They are those of these archives that have one of these words in title or abstract. Without
    archives or words it is rendered so everywhere.
    """

    rendering: str
    archives: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def holds_for(self, paper: Paper) -> bool:
        """Tell whether the paper uses the term in this sense.

        A paper without categories is judged by its words alone.
        """
        archives = {category.partition(".")[0] for category in paper.categories}
        if archives and self.archives and archives.isdisjoint(self.archives):
            return False
        return not self.words or has_word(f"{paper.title}\n{paper.abstract}", self.words)


Terms = Mapping[str, Term]

# That of chatpaper, and one of the user's own.
_KEPT_GLOSSARIES = 4

_TABLES = TypeAdapter(dict[str, dict[str, str | _TermInContext]])
_CONTEXT_TABLES = TypeAdapter(dict[str, _Context])


def load_glossary(path: Path, own: Path | None = None) -> dict[str, Terms]:
    """Return the terms by language; those of `own` go over those of `path`.

    Raises ConfigError that names a faulty file.
    """
    contexts: dict[str, _Context] = {}
    tables = _read(path, contexts)
    for language, terms in (_read(own, contexts) if own else {}).items():
        tables[language] = {**tables.get(language, {}), **terms}
    return tables


def select_glossary_terms(paper: Paper, document_text: str, terms: Terms) -> dict[str, str]:
    """Return the terms that a paper uses in the sense of the glossary, with their rendering."""
    whole = f"{paper.title}\n{paper.abstract}\n{document_text}"
    return {
        name: terms[name].rendering
        for name in find_glossary_terms(whole, terms)
        if terms[name].holds_for(paper)
    }


def find_glossary_terms(text: str, terms: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
    """Return the terms that occur in a text as words of their own.

    The plural counts too, and hyphens may be spaces.
    """
    folded = fold_separators(text)
    return tuple(term for term in terms if _occurs(term, folded))


def has_word(text: str, words: Sequence[str]) -> bool:
    """Tell whether one of the words occurs in a text."""
    folded = fold_separators(text)
    return any(_occurs(word, folded) for word in words)


def render_glossary(terms: Mapping[str, str]) -> str:
    """Return the terms as lines of a prompt; nothing where there are none."""
    lines = [f"{term}: {rendering}" for term, rendering in terms.items()]
    return "\n".join(["", _HEADING, *lines, ""]) if lines else ""


def _occurs(term: str, folded: str) -> bool:
    """Tell whether a term is a word of a folded text.

    Most are not in it at all: their patterns are never compiled.
    """
    return fold_separators(term) in folded and _pattern(term).search(folded) is not None


@cache
def _pattern(term: str) -> re.Pattern[str]:
    """Return a pattern that matches a term as a word of its own.

    Beside letters of Chinese, Japanese and Korean, which write Latin words without spaces, a term
    is a word of its own too.
    """
    return re.compile(rf"(?<![^\W{CJK}]){re.escape(fold_separators(term))}s?(?![^\W{CJK}])")


def _read(path: Path, contexts: dict[str, _Context]) -> dict[str, Terms]:
    """Return the terms of a file.

    They may be of contexts that this file or an earlier one describes; those of this file are added
    to `contexts`. Raises ConfigError where the file cannot be read or is wrong.
    """
    try:
        described, entries = _parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The glossary {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The glossary {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        place = ".".join(
            str(step)
            for step in error.errors()[0]["loc"]
            if step not in ("str", _TermInContext.__name__)
        )
        raise ConfigError(
            f"The glossary {path}: {place} is not a term with a text as its rendering."
        ) from error
    contexts.update(described)
    return {
        language: {name: _term(name, entry, contexts, path) for name, entry in terms.items()}
        for language, terms in entries.items()
    }


@lru_cache(maxsize=_KEPT_GLOSSARIES)
def _parse(text: str) -> tuple[dict[str, _Context], dict[str, dict[str, str | _TermInContext]]]:
    """Return the contexts and terms of a glossary; a command loads it several times."""
    tables = tomllib.loads(text)
    contexts = _CONTEXT_TABLES.validate_python(tables.pop(_CONTEXTS, {}))
    return contexts, _TABLES.validate_python(tables)


def _term(
    name: str, entry: str | _TermInContext, contexts: Mapping[str, _Context], path: Path
) -> Term:
    if isinstance(entry, str):
        return Term(entry)
    context = contexts.get(entry.context)
    if context is None:
        known = ", ".join(sorted(contexts)) or "none"
        raise ConfigError(
            f"The glossary {path}: {name!r} is of the context {entry.context!r}; "
            f"there are: {known}."
        )
    return Term(entry.rendering, context.archives, context.words)
