"""The text given to the model: rendered from files, which are checked when they are loaded."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import NamedTuple, Self, TypeVar

from chatpaper.domain import Field, Paper
from chatpaper.domain.errors import ConfigError
from chatpaper.summarize.prompting.fence import FENCE_LINE, clean_for_fence, make_fence
from chatpaper.summarize.prompting.glossary import (
    Terms,
    load_glossary,
    render_glossary,
    select_glossary_terms,
)
from chatpaper.summarize.prompting.languages import Language, compute_character_limit
from chatpaper.summarize.prompting.prompt_files import (
    load_fenced_prompt,
    load_fields,
    load_languages,
    load_prompt,
    locate_prompts,
)
from chatpaper.summarize.prompting.vocabularies import Vocabularies, load_vocabularies

_SYSTEM_VARIABLES = frozenset({"language_name", "language_rules", "fields"})
_PAPER_VARIABLES = frozenset(
    {"fence", "title", "abstract", "document_text", "glossary", "language_name", "reminder"}
)
_REPAIR_VARIABLES = frozenset({"complaints", "answer", "language_name", "reminder", "keys"})
_VERIFY_VARIABLES = frozenset({"fence", "title", "passages", "statements", "language_name"})
_OVERVIEW_VARIABLES = frozenset(
    {
        "fence",
        "topic",
        "period",
        "themes",
        "papers",
        "language_name",
        "language_rules",
        "reminder",
    }
)

_QUESTION_VARIABLES = frozenset({"question"})

_FINGERPRINT_DIGITS = 16
_NO_ANSWER = "(nothing that can be read)"

# The language of posts where nothing else is said, as in the settings.
DEFAULT_LANGUAGE = "zh"

Known = TypeVar("Known")


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
    overview_template: str
    question_template: str
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
        theirs. Raises ConfigError that names the file, where one is missing or wrong.
        """
        folder = folder or locate_prompts()
        languages = load_languages(folder / "languages")
        fields, named = load_fields(folder)
        vocabularies = load_vocabularies(folder / "vocabularies.toml", own_vocabularies or {})
        _check_vocabularies(named.values(), vocabularies, languages.values())
        return cls(
            vocabularies=vocabularies,
            vocabulary_of_field=named,
            system_template=load_prompt(folder / "system.md", _SYSTEM_VARIABLES),
            paper_template=load_prompt(folder / "paper.md", _PAPER_VARIABLES),
            repair_template=load_prompt(folder / "repair.md", _REPAIR_VARIABLES),
            verify_template=load_fenced_prompt(folder / "verify.md", _VERIFY_VARIABLES),
            overview_template=load_fenced_prompt(folder / "overview.md", _OVERVIEW_VARIABLES),
            question_template=load_prompt(folder / "question.md", _QUESTION_VARIABLES),
            languages=languages,
            all_fields=fields,
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
            _add_vocabulary(self, field, language_code)
            for name, field in self.all_fields.items()
            if name in wanted
        )

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
            fence=make_fence(paper.title, paper.abstract, document_text),
            title=clean_for_fence(paper.title),
            abstract=clean_for_fence(paper.abstract),
            document_text=clean_for_fence(document_text),
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
            complaints=clean_for_fence("\n".join(f"- {complaint}" for complaint in complaints)),
            answer=clean_for_fence(json.dumps(previous, ensure_ascii=False, indent=1))
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
        before, fence, after = self.verify_template.partition(FENCE_LINE)
        language = self.language(language_code)
        user = Template(f"{fence}{after}").substitute(
            fence=make_fence(title, passages, statements),
            title=clean_for_fence(title),
            passages=clean_for_fence(passages),
            statements=clean_for_fence(statements),
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


def _add_vocabulary(prompts: Prompts, field: Field, language_code: str) -> Field:
    if field.name not in prompts.vocabulary_of_field:
        return field
    vocabularies = _known(prompts.vocabularies, language_code, "language")
    name = prompts.vocabulary_of_field[field.name]
    return replace(field, vocabulary=vocabularies.list_choices(name, field.kind))


def _check_vocabularies(
    names: Iterable[str],
    vocabularies: Mapping[str, Vocabularies],
    languages: Collection[Language],
) -> None:
    """Raise ConfigError where a language lacks a vocabulary that a field names."""
    for name in names:
        for language in languages:
            known = _known(vocabularies, language.code, "language of vocabularies")
            _known(known.values, name, f"vocabulary in {language.name}")


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
