"""The text given to the model: loaded from files, checked, rendered.

`prompts/` holds one file per prompt, per language and per field: YAML front matter, then a body
with `$variables` of string.Template, which leaves the braces of JSON and LaTeX alone (`$$` is a
dollar sign). Every fault in a file is found when it is loaded.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Constrained

from chatpaper.domain import Field, FieldKind, FieldNeed, Paper, Script
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.invisible import remove_invisible
from chatpaper.summarize.prompting.glossary import (
    Terms,
    load_glossary,
    render_glossary,
    select_glossary_terms,
)
from chatpaper.summarize.prompting.vocabularies import Vocabularies, load_vocabularies

# A wheel carries the files inside the package; a checkout has them beside it.
_PACKAGED_FOLDER = Path(__file__).parents[2] / "_prompts"
_CHECKOUT_FOLDER = Path(__file__).parents[3] / "prompts"

_SYSTEM_VARIABLES = frozenset({"language_name", "language_rules", "fields"})
_PAPER_VARIABLES = frozenset(
    {"fence", "title", "abstract", "document_text", "glossary", "language_name", "reminder"}
)
_REPAIR_VARIABLES = frozenset({"complaints", "answer", "language_name", "reminder", "keys"})
_VERIFY_VARIABLES = frozenset({"fence", "title", "passages", "statements", "language_name"})
_FENCE_LINE = "\n<<<PAPER"

# LibYAML, where PyYAML was built with it, reads ten times as fast.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FENCE_DIGITS = 12
_FINGERPRINT_DIGITS = 16
# The brackets before the words of the fence, in either width; those of a program (`kernel<<<blocks,
# threads>>>`) stay.
_FENCE_MARK = re.compile(r"(?<![<\uff1c])[<\uff1c]++(?=\s*+(?:END\s++)?PAPER\b)", re.IGNORECASE)
_NO_ANSWER = "(nothing that can be read)"

# The language of posts where nothing else is said, as in the settings.
DEFAULT_LANGUAGE = "zh"

_VOCABULARY_KINDS = ("choice", "choices")

Positive = Annotated[int, Constrained(ge=1)]


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Header = TypeVar("Header", bound=_FrontMatter)
Known = TypeVar("Known")


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


@dataclass(frozen=True, slots=True)
class Language:
    """A language to write in.

    Its script decides the checks, `length_factor` stretches limits set for Chinese, and `reminder`
    is a sentence in the language itself for the end of a prompt: after many pages of English, small
    models go on in English. `unsupported_mark` stands at the end of a statement that is not
    verified, `repetition_mark` in place of what an earlier value says already, `missing_mark` in
    place of what a model could not write.
    """

    code: str
    name: str
    native_name: str
    reminder: str
    unsupported_mark: str
    repetition_mark: str
    missing_mark: str
    script: Script
    length_factor: float
    rules: str


class RenderedPrompt(NamedTuple):
    """The two messages of a call: what is the same for all papers, and the paper."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompt files, checked."""

    system_template: str
    paper_template: str
    repair_template: str
    verify_template: str
    languages: Mapping[str, Language]
    all_fields: Mapping[str, Field]
    glossary: Mapping[str, Terms]
    vocabularies: Mapping[str, Vocabularies]
    vocabulary_of_field: Mapping[str, str]

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        *,
        own_glossary: Path | None = None,
        own_vocabularies: Mapping[str, Sequence[str]] | None = None,
    ) -> Self:
        """Read all files of `folder`, by default those that came with chatpaper.

        `own_glossary` goes over theirs, and `own_vocabularies` (by name) stand in the place of
        theirs.

        Raises ConfigError that names the file, where one is missing or wrong.
        """
        folder = folder or locate_prompts()
        languages = [_load_language(path) for path in _files(folder / "languages")]
        loaded = [_load_field(path) for path in _files(folder / "fields")]
        fields = _in_order([field for field, _ in loaded], folder / "order.toml")
        vocabularies = load_vocabularies(folder / "vocabularies.toml", own_vocabularies or {})
        named = {field.name: vocabulary for field, vocabulary in loaded if vocabulary}
        for vocabulary in named.values():
            for language in languages:
                known = _known(vocabularies, language.code, "language of vocabularies")
                _known(known.values, vocabulary, f"vocabulary in {language.name}")
        return cls(
            vocabularies=vocabularies,
            vocabulary_of_field=named,
            system_template=_load_prompt(folder / "system.md", _SYSTEM_VARIABLES),
            paper_template=_load_prompt(folder / "paper.md", _PAPER_VARIABLES),
            repair_template=_load_prompt(folder / "repair.md", _REPAIR_VARIABLES),
            verify_template=_load_verify_prompt(folder / "verify.md"),
            languages={language.code: language for language in languages},
            all_fields={field.name: field for field in fields},
            glossary=load_glossary(folder / "glossary.toml", own_glossary),
        )

    def language(self, code: str) -> Language:
        """Return the language with this code; raises ConfigError where there is none."""
        return _known(self.languages, code, "language")

    def fields(
        self, names: Iterable[str], language_code: str = DEFAULT_LANGUAGE
    ) -> tuple[Field, ...]:
        """Return the fields with these names, in the order of thought.

        Each comes once, with its vocabulary in this language. Raises ConfigError for an unknown
        name.
        """
        wanted = {_known(self.all_fields, name, "field").name for name in names}
        return tuple(
            self._with_vocabulary(field, language_code)
            for name, field in self.all_fields.items()
            if name in wanted
        )

    def _with_vocabulary(self, field: Field, language_code: str) -> Field:
        if field.name not in self.vocabulary_of_field:
            return field
        vocabularies = _known(self.vocabularies, language_code, "language")
        values = vocabularies.values[self.vocabulary_of_field[field.name]]
        if field.kind == "choice":
            values = (
                *(value for value in values if value != vocabularies.other),
                vocabularies.other,
            )
        return replace(field, vocabulary=values)

    def render(
        self, fields: Sequence[Field], paper: Paper, document_text: str, language_code: str
    ) -> RenderedPrompt:
        """Return the messages that ask for `fields` about `paper`.

        `document_text` is what is shown of the paper.
        """
        language = self.language(language_code)
        system = Template(self.system_template).substitute(
            language_name=language.name,
            language_rules=language.rules,
            fields="\n".join(_field_line(field, language) for field in fields),
        )
        user = Template(self.paper_template).substitute(
            fence=_fence(paper, document_text),
            title=_fenced(paper.title),
            abstract=_fenced(paper.abstract),
            document_text=_fenced(document_text),
            glossary=render_glossary(
                select_glossary_terms(paper, document_text, self.glossary.get(language_code, {}))
            ),
            language_name=language.name,
            reminder=language.reminder,
        )
        return RenderedPrompt(system.strip(), user.strip())

    def repair(
        self,
        fields: Sequence[Field],
        complaints: Sequence[str],
        previous: Mapping[str, object],
        language_code: str,
    ) -> str:
        """Return what is added to the message about the paper to have `fields` written anew."""
        language = self.language(language_code)
        return "\n" + Template(self.repair_template).substitute(
            complaints=_fenced("\n".join(f"- {complaint}" for complaint in complaints)),
            answer=_fenced(json.dumps(previous, ensure_ascii=False, indent=1))
            if previous
            else _NO_ANSWER,
            language_name=language.name,
            reminder=language.reminder,
            keys=_keys(fields),
        )

    def verification(
        self, title: str, passages: str, statements: str, language_code: str
    ) -> RenderedPrompt:
        """Return the messages that have statements about a paper judged.

        `title` is that of the paper; the statements are judged against `passages` of it.
        """
        before, fence, after = self.verify_template.partition(_FENCE_LINE)
        language = self.language(language_code)
        shown = "\0".join((title, passages, statements))
        user = Template(f"{fence}{after}").substitute(
            fence=hashlib.sha256(shown.encode()).hexdigest()[:_FENCE_DIGITS],
            title=_fenced(title),
            passages=_fenced(passages),
            statements=_fenced(statements),
            language_name=language.name,
        )
        return RenderedPrompt(
            Template(before).substitute(language_name=language.name).strip(), user.strip()
        )

    def fingerprint(self, fields: Sequence[Field], language_code: str, *circumstances: str) -> str:
        """Return a short digest of what shapes an answer.

        That is all prompt text, and `circumstances` such as the model.
        """
        language = self.language(language_code)
        parts = [
            self.system_template,
            self.paper_template,
            self.repair_template,
            repr(language),
            repr(sorted(self.glossary.get(language_code, {}).items())),
            *map(repr, fields),
            *circumstances,
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_FINGERPRINT_DIGITS]


def locate_prompts() -> Path:
    """Locate the prompts that came with chatpaper.

    They are in the wheel, or else beside the package in a checkout.
    """
    return _PACKAGED_FOLDER if _PACKAGED_FOLDER.is_dir() else _CHECKOUT_FOLDER


def compute_character_limit(field: Field, language: Language) -> int:
    """Compute how many characters a text of this field may have in this language.

    Of a list, each item may have so many.
    """
    return round(field.max_characters * language.length_factor)


def _known(table: Mapping[str, Known], name: str, noun: str) -> Known:
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(table))}"
    raise ConfigError(f"unknown {noun} {name!r}; {hint}")


def _field_line(field: Field, language: Language) -> str:
    """Return what is asked in a field, with the limit of its length.

    The schema tells the shape of the answer, and how many items there may be.
    """
    if field.vocabulary:
        some = "one" if field.kind == "choice" else "any"
        return f"{field.name} {some} of {'|'.join(field.vocabulary)}: {field.question}"
    return f"{field.name} {compute_character_limit(field, language)}: {field.question}"


def _keys(fields: Sequence[Field]) -> str:
    return ", ".join(field.name for field in fields)


def _fence(paper: Paper, document_text: str) -> str:
    """Return a mark that the paper cannot contain: it would have to hold a digest of itself."""
    shown = "\0".join((paper.title, paper.abstract, document_text))
    return hashlib.sha256(shown.encode()).hexdigest()[:_FENCE_DIGITS]


def _fenced(text: str) -> str:
    """Clean text from outside, so that it cannot leave the fence.

    It loses characters that leave no trace, and anything that looks like the fence.
    """
    return _FENCE_MARK.sub("", remove_invisible(text))


def _files(folder: Path) -> list[Path]:
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise ConfigError(
            f"no prompt files in {folder}; reinstall chatpaper or give the right folder"
        )
    return paths


def _in_order(fields: Sequence[Field], path: Path) -> list[Field]:
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


def _load_prompt(path: Path, variables: frozenset[str]) -> str:
    header, body = _split(path, _PromptHeader)
    if set(header.variables) != variables:
        raise ConfigError(f"{path}: `variables` must be {', '.join(sorted(variables))}")
    _check_variables(path, body, variables)
    return body


def _load_verify_prompt(path: Path) -> str:
    body = _load_prompt(path, _VERIFY_VARIABLES)
    if _FENCE_LINE not in body:
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
        header = header_type.model_validate(yaml.load(front_matter, _YAML_LOADER) or {})
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


def _check_variables(path: Path, body: str, variables: frozenset[str]) -> None:
    template = Template(body)
    if not template.is_valid():
        raise ConfigError(f"{path}: a lone `$`; write `$$` for a dollar sign")
    used = set(template.get_identifiers())
    if used != variables:
        unknown, unused = sorted(used - variables), sorted(variables - used)
        raise ConfigError(f"{path}: unknown variables {unknown}, variables not used {unused}")
