"""Reads the prompt files.

`prompts/` holds one file per prompt, per language and per field: YAML front matter, then a body
with `$variables` of string.Template, which leaves the braces of JSON and LaTeX alone (`$$` is a
dollar sign). Every fault in a file is found when it is loaded.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Constrained

from chatpaper.domain import Field, FieldKind, FieldNeed, Script
from chatpaper.domain.errors import ConfigError
from chatpaper.summarize.prompting.fence import FENCE_LINE
from chatpaper.summarize.prompting.languages import Language

# A wheel carries the files inside the package; a checkout has them beside it.
_PACKAGED_FOLDER = Path(__file__).parents[2] / "_prompts"
_CHECKOUT_FOLDER = Path(__file__).parents[3] / "prompts"

# LibYAML, where PyYAML was built with it, reads ten times as fast.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_VOCABULARY_KINDS = ("choice", "choices")

Positive = Annotated[int, Constrained(ge=1)]


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Header = TypeVar("Header", bound=_FrontMatter)


class _PromptHeader(_FrontMatter):
    purpose: str
    variables: tuple[str, ...]


class _FieldHeader(_FrontMatter):
    kind: FieldKind
    min_items: Annotated[int, Constrained(ge=0)] = 1
    max_items: Positive = 1
    max_characters: Positive
    written_in: Literal["target", "paper"] = "target"
    sources: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    vocabulary: str = ""
    need: FieldNeed = "should"
    translates: bool = False


class _LanguageHeader(_FrontMatter):
    name: str
    native_name: str
    reminder: str
    unsupported_mark: str
    repetition_mark: str
    missing_mark: str
    script: Script
    length_factor: Annotated[float, Constrained(gt=0)] = 1.0


def locate_prompts() -> Path:
    """Locate the prompts that came with chatpaper.

    They are in the wheel, or else beside the package in a checkout.
    """
    return _PACKAGED_FOLDER if _PACKAGED_FOLDER.is_dir() else _CHECKOUT_FOLDER


def load_fields(folder: Path) -> tuple[dict[str, Field], dict[str, str]]:
    """Return the fields by name in the order of thought, and the vocabularies of those with one.

    Raises ConfigError.
    """
    loaded = [_load_field(path) for path in _find_files(folder / "fields")]
    fields = _sort_fields([field for field, _ in loaded], folder / "order.toml")
    named = {field.name: vocabulary for field, vocabulary in loaded if vocabulary}
    return {field.name: field for field in fields}, named


def load_languages(folder: Path) -> dict[str, Language]:
    """Return the languages of a folder by their codes; raises ConfigError."""
    languages = [_load_language(path) for path in _find_files(folder)]
    return {language.code: language for language in languages}


def _find_files(folder: Path) -> list[Path]:
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise ConfigError(
            f"no prompt files in {folder}; reinstall chatpaper or give the right folder"
        )
    return paths


def _sort_fields(fields: Sequence[Field], path: Path) -> list[Field]:
    """Return the fields in the order that a file gives, those that it does not name last.

    Raises ConfigError.
    """
    try:
        names = tomllib.loads(path.read_text(encoding="utf-8"))["fields"]
        order = {str(name): place for place, name in enumerate(names)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: not a TOML file with a list `fields`: {error}") from error
    unknown = order.keys() - {field.name for field in fields}
    if unknown:
        raise ConfigError(f"{path}: names fields that there are not: {', '.join(sorted(unknown))}")
    return sorted(fields, key=lambda field: order.get(field.name, len(order)))


def load_prompt(path: Path, variables: frozenset[str]) -> str:
    """Return the body of a prompt, which has these variables and no others.

    Raises ConfigError.
    """
    header, body = _split(path, _PromptHeader)
    if set(header.variables) != variables:
        raise ConfigError(f"{path}: `variables` must be {', '.join(sorted(variables))}")
    _check_variables(path, body, variables)
    return body


def load_fenced_prompt(path: Path, variables: frozenset[str]) -> str:
    """Return the body of a prompt with a fence around what comes from outside.

    Raises ConfigError.
    """
    body = load_prompt(path, variables)
    if FENCE_LINE not in body:
        raise ConfigError(
            f"{path}: the passages must stand behind a line that begins with `<<<PAPER`"
        )
    return body


def _load_field(path: Path) -> tuple[Field, str]:
    """Return a field, and the name of its vocabulary, if it has one."""
    header, body = _split(path, _FieldHeader)
    _check_variables(path, body, frozenset())
    if header.min_items > header.max_items:
        raise ConfigError(f"{path}: min_items is greater than max_items")
    if not path.stem.isidentifier():
        raise ConfigError(
            f"{path}: the name of a field must be a word of letters, digits and underscores"
        )
    if bool(header.vocabulary) != (header.kind in _VOCABULARY_KINDS):
        raise ConfigError(
            f"{path}: a `vocabulary` belongs to the kinds {' and '.join(_VOCABULARY_KINDS)}, "
            f"and to no other"
        )
    question = " ".join(Template(body).substitute().split())
    return Field(
        name=path.stem, question=question, **header.model_dump(exclude={"vocabulary"})
    ), header.vocabulary


def _load_language(path: Path) -> Language:
    header, body = _split(path, _LanguageHeader)
    _check_variables(path, body, frozenset())
    return Language(
        code=path.stem, rules=Template(body).substitute().strip(), **header.model_dump()
    )


def _split(path: Path, header_type: type[Header]) -> tuple[Header, str]:
    """Return the front matter and the body of a prompt file."""
    try:
        opening, front_matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
        header = _read_header(front_matter, header_type)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such prompt file") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path}: {faults}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: front matter is not YAML: {error}") from error
    except (ValueError, OSError) as error:
        raise ConfigError(
            f"{path}: not a text with front matter between two lines of `---`"
        ) from error
    if opening.strip() or not body.strip():
        raise ConfigError(f"{path}: front matter must come first, and a text must follow it")
    return header, body


@cache
def _read_header(front_matter: str, header_type: type[Header]) -> Header:
    """Read a front matter once: a command loads all prompts several times."""
    return header_type.model_validate(yaml.load(front_matter, _YAML_LOADER) or {})


def _check_variables(path: Path, body: str, variables: frozenset[str]) -> None:
    template = Template(body)
    if not template.is_valid():
        raise ConfigError(f"{path}: a lone `$`; write `$$` for a dollar sign")
    used = set(template.get_identifiers())
    if used != variables:
        unknown, unused = sorted(used - variables), sorted(variables - used)
        raise ConfigError(f"{path}: unknown variables {unknown}, variables not used {unused}")
