"""Propose the English phrases by which papers on a topic are found, whatever its language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Template

from chatpaper.backends import Backend
from chatpaper.domain import Prompt, PromptSource
from chatpaper.domain.errors import BadCompletionError
from chatpaper.domain.text.folding import collapse_spaces, fold_separators, fold_width
from chatpaper.domain.text.scripts import is_in_latin_letters
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.summarize.prompting.fence import FENCE_LINE, clean_for_fence, make_fence
from chatpaper.summarize.prompting.glossary import Terms
from chatpaper.summarize.prompting.prompt_files import load_fenced_prompt, locate_prompts

# A query with more finds hardly anything more, and travels in a URL.
MAX_PHRASES = 8
# The longest phrases of the table have five words; a sentence is no phrase.
MAX_WORDS, MAX_CHARACTERS = 6, 60
MAX_CATEGORIES = 6
# Eight phrases take some hundred tokens; models think before they write them.
MAX_OUTPUT_TOKENS = 4000
# A single character of Chinese is a part of too many words.
MIN_RENDERING_CHARACTERS = 2

_VARIABLES = frozenset({"fence", "name"})
_CATEGORY = re.compile(r"[a-z-]+(?:\.(?:[A-Za-z-]+|\*))?")
# What would end a phrase in a query, or begin a group.
_SYNTAX = re.compile(r"[\"“”„«»\\()\[\]{}*?:;,\x00-\x1f\x7f]")
_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "phrases": {"type": "array", "items": {"type": "string"}, "maxItems": MAX_PHRASES},
        "categories": {"type": "array", "items": {"type": "string"}, "maxItems": MAX_CATEGORIES},
    },
    "required": ["phrases", "categories"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class TopicProposal:
    """Phrases that may find the papers of a topic, and where on arXiv to look for them.

    Without categories the phrases are looked for everywhere.
    """

    phrases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GlossaryPhrases:
    """English terms whose rendering is the name of a topic, or the longest known part of it."""

    of_the_name: tuple[str, ...] = ()
    of_parts: tuple[str, ...] = ()


def find_glossary_phrases(name: str, glossary: Iterable[Terms]) -> GlossaryPhrases:
    """Find the English terms for a name in a language of the glossary, or for a part of it."""
    wanted = fold_separators(fold_width(name))
    renderings = {
        term: rendering
        for terms in glossary
        for term, each in terms.items()
        if _names_part_of(wanted, rendering := fold_separators(each.rendering))
    }
    longest = max(map(len, renderings.values()), default=0)
    return GlossaryPhrases(
        tuple(term for term, rendering in renderings.items() if rendering == wanted),
        tuple(term for term, rendering in renderings.items() if len(rendering) == longest),
    )


def _names_part_of(wanted: str, rendering: str) -> bool:
    """Tell whether a rendering of several characters, not in Latin letters, is in a name."""
    return (
        len(rendering) >= MIN_RENDERING_CHARACTERS
        and rendering in wanted
        and not is_in_latin_letters(rendering)
    )


def ask_for_phrases(name: str, backend: Backend) -> TopicProposal:
    """Ask a model for the phrases of a topic; what is no English phrase is left out.

    Raises a BackendError where no answer can be had or used.
    """
    completion = backend.complete(build_topic_prompt(name))
    try:
        answer = decode_answer(completion.text)
    except ValueError as error:
        raise BadCompletionError(
            f"{backend.model} answered with no phrases: {error}", model=backend.model
        ) from error
    return TopicProposal(
        clean_phrases(_texts(answer.get("phrases")))[:MAX_PHRASES],
        _clean_categories(_texts(answer.get("categories"))),
    )


def build_topic_prompt(name: str) -> Prompt:
    """Build the prompt that asks for the phrases of a topic."""
    shown = clean_for_fence(collapse_spaces(name))
    template = load_fenced_prompt(locate_prompts() / "topic.md", _VARIABLES)
    system, fence, user = template.partition(FENCE_LINE)
    asked = Template(f"{fence}{user}").substitute(fence=make_fence(shown), name=shown)
    return Prompt(
        system.strip(), asked.strip(), _SCHEMA, (), PromptSource(""), MAX_OUTPUT_TOKENS, "latin"
    )


def clean_phrases(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return those that are English phrases, each once, as they may stand in a query."""
    cleaned: dict[str, str] = {}
    for phrase in phrases:
        text = collapse_spaces(_SYNTAX.sub(" ", fold_width(phrase)))
        if _is_phrase(text):
            cleaned.setdefault(fold_separators(text), text)
    return tuple(cleaned.values())


def _is_phrase(text: str) -> bool:
    return (
        len(text) <= MAX_CHARACTERS
        and len(text.split()) <= MAX_WORDS
        and any(character.isalpha() for character in text)
        and is_in_latin_letters(text)
    )


def _clean_categories(categories: Iterable[str]) -> tuple[str, ...]:
    named = dict.fromkeys(category.strip() for category in categories)
    return tuple(each for each in named if _CATEGORY.fullmatch(each))[:MAX_CATEGORIES]


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
