"""Post formats: each a Jinja2 template and a TOML file that says what it needs.

`daily.md.j2` and `daily.toml` make the format `daily`. Those of the user's own folder stand beside
those that came with chatpaper, and may extend and include them.
"""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Constrained

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.overviews.overview import OVERVIEW

SHIPPED_FOLDER = Path(str(files("chatpaper.write"))) / "templates"
TEMPLATE_SUFFIX = ".md.j2"
FIELDS_SUFFIX = ".toml"

_NAME = re.compile(r"[\w-]+")

Scope = Literal["day", "paper"]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Scope
    fields: tuple[str, ...] = Constrained(min_length=1)
    optional_fields: tuple[str, ...] = ()
    former_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostFormat:
    """A kind of post: `day` formats hold all papers of a topic and day, `paper` formats one each.

    `folder` is where its two files are; `fields` are the answers without which it cannot be
    written. Of the `optional_fields` a post shows what there is: entries of earlier versions have
    none. Models are not asked for `former_fields`, which stay in the JSON beside a post where an
    entry has them.
    """

    name: str
    scope: Scope
    fields: tuple[str, ...]
    folder: Path = SHIPPED_FOLDER
    optional_fields: tuple[str, ...] = ()
    former_fields: tuple[str, ...] = ()

    @property
    def asked_fields(self) -> tuple[str, ...]:
        """The answers that a model is asked for."""
        return (*self.fields, *self.optional_fields)

    @property
    def kept_fields(self) -> tuple[str, ...]:
        """The answers that the JSON beside a post keeps."""
        return (*self.asked_fields, *self.former_fields)

    @property
    def is_shipped(self) -> bool:
        """Whether the format came with chatpaper, whose tests try it out."""
        return self.folder == SHIPPED_FOLDER

    @property
    def template_file(self) -> Path:
        """The file of the template."""
        return self.folder / f"{self.name}{TEMPLATE_SUFFIX}"

    @property
    def fields_file(self) -> Path:
        """The file that says what the template needs."""
        return self.folder / f"{self.name}{FIELDS_SUFFIX}"


def list_formats(own_folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all formats, with those of the user's own folder.

    Raises ConfigError where that is no folder.
    """
    if own_folder is not None and not own_folder.is_dir():
        raise ConfigError(
            f"The folder of formats {own_folder} is not there: set post.formats_dir to one that is."
        )
    folders = [SHIPPED_FOLDER, *([own_folder] if own_folder is not None else [])]
    found = [
        file for folder in folders for file in folder.iterdir() if file.name.endswith(FIELDS_SUFFIX)
    ]
    return tuple(sorted({file.name.removesuffix(FIELDS_SUFFIX) for file in found}))


def load_format(name: str, own_folder: Path | None = None) -> PostFormat:
    """Return the format of that name.

    Raises ConfigError for a name that there is not, and for a file that is wrong.
    """
    if name == OVERVIEW:
        raise ConfigError(
            f"The format {OVERVIEW!r} shows what was published of several days: "
            "`chatpaper overview` writes it."
        )
    names = list_formats(own_folder)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigError(f"Unknown format {name!r}; there are {', '.join(names)}.{hint}")
    path = _fields_file(name, own_folder)
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"The format file {path} needs another name: "
            "letters, digits, `-` and `_`, as posts bear it."
        )
    try:
        declared = _Declared.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"The format file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The format file {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise ConfigError(f"The format file {path} is wrong: {place}: {fault['msg']}.") from error
    loaded = PostFormat(
        name,
        declared.scope,
        declared.fields,
        path.parent,
        declared.optional_fields,
        declared.former_fields,
    )
    if not loaded.template_file.is_file():
        raise ConfigError(
            f"The format file {path} has no template beside it: "
            f"{loaded.template_file.name} is missing."
        )
    return loaded


def _fields_file(name: str, own_folder: Path | None) -> Path:
    """Return the file of a format; raise ConfigError where a name stands for two.

    Otherwise a post would change its look with a setting.
    """
    shipped = SHIPPED_FOLDER / f"{name}{FIELDS_SUFFIX}"
    own = own_folder / shipped.name if own_folder is not None else None
    if own is None or not own.is_file():
        return shipped
    if shipped.is_file():
        raise ConfigError(
            f"The format file {own} has the name of a format that comes with chatpaper: rename it."
        )
    return own


def list_languages() -> tuple[str, ...]:
    """Return the languages that posts can be written in."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in (SHIPPED_FOLDER / "labels").iterdir())
    )


def load_labels(language: str) -> dict[str, str]:
    """Return the fixed words of posts in a language. Raises ConfigError where there are none."""
    folder = SHIPPED_FOLDER / "labels"
    known = list_languages()
    if language not in known:
        raise ConfigError(f"Posts cannot be written in {language!r}; there are {', '.join(known)}.")
    return dict(_parse_labels((folder / f"{language}.toml").read_text(encoding="utf-8")))


@cache
def _parse_labels(text: str) -> dict[str, str]:
    """Return the labels of a file; a command loads them many times."""
    return tomllib.loads(text)
