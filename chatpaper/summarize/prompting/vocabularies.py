"""Closed vocabularies, from which a model chooses the class and the tags of a paper.

They are a TOML file with a table a language: the value that stands for none of the others
(`other`), and the values of each vocabulary by its name.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from chatpaper.domain import FieldKind
from chatpaper.domain.errors import ConfigError

_OTHER = "other"
_TABLES = TypeAdapter(dict[str, dict[str, str | tuple[str, ...]]])


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The vocabularies of a language by their names, and the value for what is in none of them."""

    values: Mapping[str, tuple[str, ...]]
    other: str

    def list_choices(self, name: str, kind: FieldKind) -> tuple[str, ...]:
        """List the values of a vocabulary; of those that exclude each other `other` comes last."""
        values = self.values[name]
        if kind == "choice":
            return (*(value for value in values if value != self.other), self.other)
        return values


def load_vocabularies(path: Path, own: Mapping[str, Sequence[str]]) -> dict[str, Vocabularies]:
    """Return the vocabularies by language.

    Those of `own` (by name) stand in the place of those of the file, in every language. Raises
    ConfigError that names the file, where it is missing or wrong.
    """
    try:
        tables = _parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ConfigError(f"{path}: {place} is neither a text nor a list of texts.") from error
    return {
        language: _of_language(path, language, table, own) for language, table in tables.items()
    }


@lru_cache(maxsize=1)
def _parse(text: str) -> dict[str, dict[str, str | tuple[str, ...]]]:
    """Return the tables of a file, which a command loads several times."""
    return _TABLES.validate_python(tomllib.loads(text))


def _of_language(
    path: Path,
    language: str,
    table: Mapping[str, str | tuple[str, ...]],
    own: Mapping[str, Sequence[str]],
) -> Vocabularies:
    other = table.get(_OTHER)
    if not isinstance(other, str):
        raise ConfigError(
            f"{path}: {language} has no `other`, the value that stands for none of the others."
        )
    shipped = {name: values for name, values in table.items() if not isinstance(values, str)}
    named = {name: tuple(dict.fromkeys(values)) for name, values in {**shipped, **own}.items()}
    return Vocabularies(named, other)
