"""Write the schema of an answer for servers that make a grammar of it.

It holds small models to the letters asked for. llama.cpp, Ollama, vLLM and OpenAI heed a pattern;
Google's service knows none.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from chatpaper.domain import Field, Prompt
from chatpaper.domain.text.prose import find_quotable_sentences, split_page_text
from chatpaper.domain.text.scripts import CJK_BLOCKS

# Small models go in circles until something stops them. Limits of length are set for Chinese; a
# text in Latin letters takes two and a half times as many for the same.
LENGTHS_AT_MOST = 3

# What ends or escapes a JSON string is left out everywhere: grammars are made of the pattern as it
# stands.
_UNSAFE = r'"\\\x00-\x1f'
# The paper is fenced by lines that begin with "<<<". They are what a small model quotes first, if
# it may.
LATIN_QUOTE = rf"^([^< {_UNSAFE}{CJK_BLOCKS}][^{_UNSAFE}{CJK_BLOCKS}]{{0,299}})?$"

# A name in Latin letters, as it may stand before the first word in another script: "eDIF", "t-SNE",
# "CNN", "3D". Names of more words are known by the title of the paper alone: a model that may write
# two may write a title in capitals.
_NAME = rf"[a-z]?-?[A-Z0-9][^ {_UNSAFE}{CJK_BLOCKS}]{{0,23}}"
# Titles, terms and statements with a quote have limits below this. Longer texts may hold a formula,
# with the backslash that patterns leave out.
_SHORT_CHARACTERS = 120

# What comes before a colon in the title of a paper, or is all of it, is a name if it has so many
# words at most.
_MOST_WORDS_OF_NAME = 3
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 .+-]+")

# Services refuse enums of many values, and local servers turn each into branches of a grammar.
MAX_ENUM_VALUES = 40

# What is longer proves nothing at a glance. It is not cut: a model goes on with half a sentence
# instead of explaining it.
MOST_QUOTED_CHARACTERS = 300
# With fewer sentences to choose from, statements would be given proofs that have nothing to do with
# them.
FEWEST_SENTENCES = 20


def bound_schema(prompt: Prompt, *, is_local: bool) -> Mapping[str, object]:
    """Return the schema, with each field bound to the language or words that it is printed in.

    Otherwise small models translate quotes instead of copying them. What is for local servers
    alone, since some others refuse it: limits of length, the letters of titles, terms and
    statements, quotes that can only be sentences of the paper, and labels that can only be those of
    its figures.
    """
    parts = {"quote": _quote(prompt, is_local=is_local), "label": _label(prompt, is_local=is_local)}
    texts = {field.name: _bounds(field, prompt) for field in prompt.fields} if is_local else {}
    texts |= {
        field.name: {"enum": list(field.vocabulary)} for field in prompt.fields if _has_enum(field)
    }
    properties = cast(Mapping[str, object], prompt.schema["properties"])
    bound = {name: _bound(part, parts, texts.get(name, {})) for name, part in properties.items()}
    if prompt.overused_quotes:
        bound = {name: _with_different_quotes(part) for name, part in bound.items()}
    return {**prompt.schema, "properties": bound, "additionalProperties": False}


def list_quotable_sentences(prompt: Prompt) -> list[str]:
    """Return the sentences of the paper that the model may quote: shown to it, and not too long.

    Those are left out that it has overused: small models choose one sentence again and again.
    """
    shown = " ".join(split_page_text(prompt.user))
    sentences = dict.fromkeys(
        sentence
        for passage in prompt.source.passages
        for sentence in find_quotable_sentences(passage)
    )
    return [
        sentence
        for sentence in sentences
        if len(sentence) <= MOST_QUOTED_CHARACTERS
        and sentence in shown
        and sentence not in prompt.overused_quotes
    ]


def _has_enum(field: Field) -> bool:
    return field.kind == "choice" and len(field.vocabulary) <= MAX_ENUM_VALUES


def _quote(prompt: Prompt, *, is_local: bool) -> Mapping[str, object]:
    sentences = list_quotable_sentences(prompt) if is_local else []
    if len(sentences) >= FEWEST_SENTENCES:
        return {"enum": sentences}
    return (
        {"type": "string"} if prompt.source.is_cjk else {"type": "string", "pattern": LATIN_QUOTE}
    )


def _label(prompt: Prompt, *, is_local: bool) -> Mapping[str, object]:
    labels = prompt.source.labels
    return {"enum": list(labels)} if is_local and labels else {"type": "string"}


def build_translation_pattern(title: str, most_characters: int) -> str:
    """Return a pattern for short texts in Chinese or Japanese.

    It allows a name, or such letters, before which there may be one.
    """
    name = title.partition(":")[0].strip()
    is_name = _PLAIN_NAME.fullmatch(name) and len(name.split()) <= _MOST_WORDS_OF_NAME
    literal = re.sub("[.+]", lambda sign: f"[{sign[0]}]", name)
    names = rf"({literal}|{_NAME})" if is_name else _NAME
    return (
        rf"^(({names}[ :：-]{{0,2}})?[“(]?[{CJK_BLOCKS}][^{_UNSAFE}]{{0,{most_characters}}}"
        rf"|{names})$"
    )


def _bounds(field: Field, prompt: Prompt) -> Mapping[str, object]:
    """Return what holds for each text of a field."""
    most_characters = LENGTHS_AT_MOST * field.max_characters
    if field.written_in == "paper" and not prompt.source.is_cjk:
        return {"pattern": rf"^[^{_UNSAFE}{CJK_BLOCKS}]{{0,{most_characters}}}$"}
    is_chosen = field.kind in ("choice", "choices")
    is_short = field.max_characters < _SHORT_CHARACTERS and not is_chosen
    if is_short and field.written_in == "target" and prompt.script != "latin":
        return {"pattern": build_translation_pattern(prompt.source.title, most_characters)}
    return {"maxLength": most_characters}


def _bound(schema: object, parts: Mapping[str, object], bounds: Mapping[str, object]) -> object:
    """Return a part of the schema with `parts` put in place and its other texts bounded.

    Where a key of the schema is one of `parts`, it has the value given there; `bounds` hold for all
    other texts.
    """
    if isinstance(schema, list):
        return [_bound(part, parts, bounds) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if schema == {"type": "string"}:
        return {**schema, **bounds}
    bound = {
        key: parts[key] if key in parts else _bound(part, parts, bounds)
        for key, part in schema.items()
    }
    # Strict schemas must say of every object that it has no other keys.
    return {**bound, "additionalProperties": False} if "properties" in schema else bound


def _with_different_quotes(schema: object) -> object:
    """Return a list of claims that cannot all rest on one sentence.

    The sentences are dealt out among as many claims as are usual. This is for models that have
    shown that they choose one again and again; others are not to be limited in their choice.
    """
    match schema:
        case {
            "items": {"properties": {"quote": {"enum": sentences}}} as claim,
            "minItems": int(least),
            "maxItems": int(most),
        }:
            count = (least + most) // 2
            dealt = [_put_in(claim, {"enum": sentences[n::count]}) for n in range(count)]
            return {"type": "array", "prefixItems": dealt, "minItems": count, "maxItems": count}
    return schema


def _put_in(claim: Mapping[str, Any], quote: Mapping[str, object]) -> Mapping[str, object]:
    return {**claim, "properties": {**claim["properties"], "quote": quote}}
