"""Refuse keys that no setting has, and name the nearest that one has."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from chatpaper.domain.errors import ConfigError


def refuse_unknown_keys(
    model: type[BaseModel],
    values: Mapping[str, Any],
    place: str,
    spell: Callable[[Sequence[str]], str] = ".".join,
    path: tuple[str, ...] = (),
) -> None:
    """Raise ConfigError for the first key below `values` that `model` does not have.

    `spell` writes the path of a key as it stands in the place.
    """
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key in values:
        if key not in fields:
            near = get_close_matches(key, fields, n=1)
            hint = f" Did you mean {spell((*path, near[0]))}?" if near else ""
            raise ConfigError(f"Unknown setting {spell((*path, key))} in {place}.{hint}")
    for key, value in values.items():
        if isinstance(value, dict):
            annotation = fields[key].annotation
            if group := find_group(annotation):
                refuse_unknown_keys(group, value, place, spell, (*path, key))
            elif entry := find_entry_group(annotation):
                for name, inner in value.items():
                    if isinstance(inner, dict):
                        refuse_unknown_keys(entry, inner, place, spell, (*path, key, name))


def find_group(annotation: Any) -> type[BaseModel] | None:
    """Find the group of settings that a key holds; None for a plain value."""
    is_group = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_group else None


def find_entry_group(annotation: Any) -> type[BaseModel] | None:
    """Find the group that each entry of a table is, whose keys are names that the user chooses."""
    return find_group(get_args(annotation)[1]) if get_origin(annotation) is dict else None
