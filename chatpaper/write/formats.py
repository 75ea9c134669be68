"""Post formats: each a Jinja2 template and a TOML file that says what it needs."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from chatpaper.errors import ConfigError

_TEMPLATES = files("chatpaper") / "templates"


@dataclass(frozen=True, slots=True)
class PostFormat:
    """A kind of post: `day` formats hold all papers of a topic and day, `paper` formats one paper each."""

    name: str
    scope: Literal["day", "paper"]
    fields: tuple[str, ...]
    template: str


def format_names() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in _TEMPLATES.iterdir() if file.name.endswith(".toml"))
    )


def load_format(name: str) -> PostFormat:
    """The format of that name. Raises ConfigError for a name that there is not."""
    if name not in format_names():
        raise ConfigError(f"Unknown format {name!r}; there are {', '.join(format_names())}.")
    declared = tomllib.loads((_TEMPLATES / f"{name}.toml").read_text(encoding="utf-8"))
    template = (_TEMPLATES / f"{name}.md.j2").read_text(encoding="utf-8")
    try:
        return TypeAdapter(PostFormat).validate_python({"name": name, "template": template, **declared})
    except ValidationError as error:
        raise ConfigError(f"The format file {name}.toml is wrong: {error.errors()[0]['msg']}.") from error


def load_labels(language: str) -> dict[str, str]:
    """The fixed words of posts in a language. Raises ConfigError where there are none."""
    folder = _TEMPLATES / "labels"
    known = sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
    if language not in known:
        raise ConfigError(f"Posts cannot be written in {language!r}; there are {', '.join(known)}.")
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
