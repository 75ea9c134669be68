"""Tables of words and patterns, in TOML files beside the modules that use them."""

import re
import tomllib
from importlib.resources import files
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, RootModel, TypeAdapter

Table = TypeVar("Table")

_TABLE_NAME = re.compile(r"‹(\w+)›")
_Text = Annotated[str, Field(min_length=1)]
_Alternatives = Annotated[tuple[_Text, ...], Field(min_length=1)]
_Rows = Annotated[dict[_Text, _Alternatives], Field(min_length=1)]


class WordTables(RootModel[dict[str, _Rows]]):
    """The tables of one module, by their names.

    Each row says what it is for and lists its words or patterns. What is joined to one regular
    expression keeps the order of the file. In a pattern ‹name› stands for any of the table `name`.
    """

    model_config = ConfigDict(frozen=True)

    def get_rows(self, table: str) -> dict[str, tuple[str, ...]]:
        """Return the words or patterns of a table by what they are for."""
        return {
            purpose: tuple(self._expand(word) for word in words)
            for purpose, words in self.root[table].items()
        }

    def list_words(self, table: str) -> tuple[str, ...]:
        """Return all words or patterns of a table."""
        return tuple(word for words in self.get_rows(table).values() for word in words)

    def join(self, table: str) -> str:
        """Return a regular expression, without a group around it, for any pattern of a table."""
        return "|".join(self.list_words(table))

    def _expand(self, pattern: str) -> str:
        return _TABLE_NAME.sub(lambda name: f"(?:{self.join(name[1])})", pattern)


def load_word_tables(module: str) -> WordTables:
    """Load the tables of a module by its full name: those of `a.b` are in `a/words/b.toml`."""
    package, _, name = module.rpartition(".")
    return load_table(package, f"words/{name}.toml", WordTables)


def load_table(package: str, name: str, kind: type[Table]) -> Table:
    """Load a TOML file that is shipped in a package, and hold it against the type of its tables."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return TypeAdapter(kind).validate_python(tomllib.loads(text))
