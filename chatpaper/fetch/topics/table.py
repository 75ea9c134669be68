"""The built-in topics: a table of names, aliases and phrases, one file for each field of research.

Each row of `tables/*.toml` is a topic that needs no settings:

- `phrases`: one of these must stand in the title or the abstract (`fields`: ti, abs)
- `all_of`: of each further group, too, one must stand there
- `none_of`: a phrase inside one of these does not count: "contrast agent" is no agent
- `categories`: arXiv categories to search; cross-lists count, `*` stands for all of an archive
- `aliases`: other names by which people ask for the topic

Words are matched whole, in singular and plural; hyphen, space and neither are the same; case counts
in acronyms only.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import collapse_spaces, fold_separators, fold_width
from chatpaper.domain.text.tables import load_table

# In the order in which topics are listed.
FIELDS_OF_RESEARCH = (
    "generation",
    "vision",
    "three_dimensions",
    "language",
    "agents",
    "learning",
    "efficiency",
    "trust",
    "data",
    "robotics",
    "audio",
    "health",
    "science",
)


class _Row(BaseModel):
    """One table of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phrases: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    fields: tuple[Literal["ti", "abs"], ...] = ("ti", "abs")

    def topic(self, name: str) -> Topic:
        return Topic(
            name,
            self.phrases,
            self.all_of,
            self.none_of,
            self.categories,
            query="",
            builtin=True,
            fields=self.fields,
        )


def list_builtin_topics() -> tuple[Topic, ...]:
    """Return the topics that need no settings, in the order of the table."""
    return tuple(row.topic(name) for name, row in _table().items())


def list_aliases(name: str) -> tuple[str, ...]:
    """List the other names of a built-in topic; there are none of any other."""
    row = _table().get(name)
    return row.aliases if row else ()


def resolve_topic(name: str, user_topics: Mapping[str, Topic] | None = None) -> Topic:
    """Find a topic by its name or alias, whatever the case; the user's own come first.

    What the user's topic leaves out is taken from the built-in one of the same name, unless it has
    a query of its own. A name that nobody knows becomes a phrase to search for, with `builtin`
    False. Raises ConfigError for an empty name.
    """
    wanted = fold_topic_name(name)
    if not wanted:
        raise ConfigError("A topic needs a name")
    builtin = _builtin_named(wanted)
    for own_name, own in (user_topics or {}).items():
        if fold_topic_name(own_name) == wanted:
            return _over(own, builtin)
    shown = collapse_spaces(name)
    return builtin or Topic(shown, phrases=(shown,), builtin=False)


def fold_topic_name(name: str) -> str:
    """Write a name so that it equals its other spellings: in case, width, hyphens and spaces."""
    return fold_separators(fold_width(name))


@cache
def _table() -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for field in FIELDS_OF_RESEARCH:
        rows |= load_table(__package__, f"tables/{field}.toml", dict[str, _Row])
    return rows


@cache
def _names() -> dict[str, str]:
    """Return the names of the topics by how each of their names and aliases is folded."""
    return {
        fold_topic_name(alias): name
        for name, row in _table().items()
        for alias in (name, *row.aliases)
    }


def _builtin_named(wanted: str) -> Topic | None:
    name = _names().get(wanted)
    return None if name is None else _table()[name].topic(name)


def _over(own: Topic, builtin: Topic | None) -> Topic:
    if builtin is None or own.query:
        return own
    return replace(
        own,
        phrases=own.phrases or builtin.phrases,
        all_of=own.all_of or builtin.all_of,
        none_of=own.none_of or builtin.none_of,
        categories=own.categories or builtin.categories,
    )
