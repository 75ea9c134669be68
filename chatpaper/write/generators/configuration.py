"""Read the configuration files of generators, whatever else is in them."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from chatpaper.domain.errors import ConfigError
from chatpaper.write.generators.found_site import NotFoundThereError

_MARKDOWN = (".md", ".markdown", ".mdown")


class _TolerantLoader(yaml.SafeLoader):
    """YAML with tags of other programs, which name their classes and functions."""


_TolerantLoader.add_multi_constructor("", lambda loader, suffix, node: None)

_PARSERS: Mapping[str, Callable[[str], Any]] = {
    ".yml": lambda text: yaml.load(text, _TolerantLoader),
    ".yaml": lambda text: yaml.load(text, _TolerantLoader),
    ".toml": tomllib.loads,
    ".json": json.loads,
}


def find_configuration(folder: Path, names: Sequence[str], kind: str) -> Path:
    """Return the first file of these names in a folder; raise NotFoundThereError without any."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise NotFoundThereError(f"{folder} has no {names[0]}, as a {kind} has.")
    return found


def read_configuration(file: Path) -> dict[str, Any]:
    """Return the keys of a configuration file. Raises ConfigError where it cannot be read."""
    try:
        values = _PARSERS[file.suffix](file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{file} cannot be read: {error}.") from error
    return values if isinstance(values, dict) else {}


def read_if_there(file: Path) -> dict[str, Any]:
    """Return the keys of a file; none where it is missing or cannot be read."""
    try:
        return read_configuration(file) if file.is_file() else {}
    except ConfigError:
        return {}


def get_text(values: Mapping[str, Any], *keys: str) -> str:
    """Return the text under the first of the keys that holds any; else an empty text."""
    texts = (values.get(key) for key in keys)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")


def get_zone(values: Mapping[str, Any], *keys: str) -> str:
    """Return the time zone under one of the keys, if there is a zone of that name."""
    name = get_text(values, *keys)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name


def describe_zone(name: str) -> str:
    """Describe the time zone of a site."""
    return f"time zone {name}" if name else "no time zone set"


def count_markdown(folder: Path) -> str:
    """Describe how many Markdown files a folder holds."""
    count = sum(1 for file in folder.rglob("*.m*") if file.suffix in _MARKDOWN)
    return f"{count} Markdown file{'' if count == 1 else 's'} in {folder.name}"
