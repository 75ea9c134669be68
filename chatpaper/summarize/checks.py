"""What an answer must not be: small functions from text to complaints, in words that a model can act on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chatpaper.domain import Claim, Field, FieldAnswer, written_texts
from chatpaper.prompts import Language, character_limit
from chatpaper.summarize.loaded_words import unwarranted
from chatpaper.summarize.phrases import UNFIT_PHRASES
from chatpaper.summarize.repetition import (
    SENTENCE_CLOSE,
    SENTENCE_END,
    doubled_sentences,
    repeated_items,
    said_once,
    similar_items,
)
from chatpaper.summarize.script import (
    is_untranslated,
    one_word,
    traditional_characters,
    untranslated_items,
    wrong_language,
)
from chatpaper.summarize.vocabulary import is_chosen, outside_vocabulary, within_vocabulary

# A model counts characters badly; what is a little over the limit harms no post.
LENGTH_TOLERANCE = 1.6
# From a model that was told and cannot say it shorter, a long statement is better than none.
LENGTH_TOLERANCE_ONCE_TOLD = 4.0
MIN_CHARACTERS_OF_ECHO = 24

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def complaints_about(
    field: Field,
    answer: FieldAnswer,
    language: Language,
    echo_sources: Sequence[str],
    paper_text: str = "",
    *,
    was_told: bool = False,
) -> tuple[str, ...]:
    """What is wrong with the answer to one field; nothing where it can be published.

    `echo_sources` are the texts of the prompt that an answer must not repeat, `paper_text` is what the paper says.
    A model that `was_told` of its faults may be less brief.
    """
    if is_chosen(field):
        return outside_vocabulary(field, answer)
    texts = written_texts(answer)
    whole = "\n".join(texts)
    if not whole.strip():
        return () if field.min_items == 0 else (f"{field.name}: is empty",)
    found = [complaint for text in texts for phrase in UNFIT_PHRASES for complaint in phrase.complaints(text)]
    found += control_characters(whole)
    found += unwarranted(whole, paper_text)
    found += empty_items(texts)
    found += echoes(whole, echo_sources)
    tolerance = LENGTH_TOLERANCE_ONCE_TOLD if was_told else LENGTH_TOLERANCE
    found += too_long(texts, round(character_limit(field, language) * tolerance))
    found += doubled_sentences(whole)
    found += similar_items(texts)
    if field.written_in == "target":
        found += wrong_language(texts, language)
        found += untranslated_items(answer, language)
        found += one_word(field, whole)
        found += traditional_characters(whole) if language.script == "han" else []
    return tuple(f"{field.name}: {complaint}" for complaint in dict.fromkeys(found))


def control_characters(text: str) -> list[str]:
    """Characters that cannot be seen: mostly a LaTeX command whose backslash was lost."""
    found = sorted({f"U+{ord(character):04X}" for character in _CONTROL.findall(text)})
    return [f"has control characters ({', '.join(found)}); write a backslash twice"] if found else []


def empty_items(texts: Sequence[str]) -> list[str]:
    """Items of a list without text."""
    return ["has an empty item"] if any(not text.strip() for text in texts) else []


def too_long(texts: Sequence[str], limit_characters: int) -> list[str]:
    """Texts that are far over their limit."""
    longest = max(map(len, texts))
    return [f"is too long: {longest} characters, at most {limit_characters}"] if longest > limit_characters else []


def echoes(text: str, sources: Iterable[str]) -> list[str]:
    """Sentences of the prompt in the answer."""
    for source in sources:
        for sentence in SENTENCE_END.split(source):
            stripped = sentence.strip(" .")
            if len(stripped) >= MIN_CHARACTERS_OF_ECHO and stripped.casefold() in text.casefold():
                return [f"repeats the instructions: {stripped[:40]}"]
    return []


def tidied(field: Field, answer: FieldAnswer, language: Language, *, was_told: bool = False) -> FieldAnswer:
    """The answer with those faults of form mended that need no model: what is said twice, and overlong texts.

    A text loses its repetitions and the sentences beyond its limit. So does each item of a list; the list loses the
    items of which nothing is left, that are too long in one sentence, or that are not in the language, as far as it
    can spare them. Of several choices those are left that can be chosen. What remains is the model's own words. A model
    that `was_told` of the faults and repeats them also loses items that the field asks for, and choices that are none.
    """
    if is_chosen(field):
        chosen = within_vocabulary(field, answer)
        is_enough = not isinstance(answer, str) and len(chosen) >= max(field.min_items, 1)
        return chosen if was_told or is_enough else answer
    limit = round(character_limit(field, language) * LENGTH_TOLERANCE)
    if isinstance(answer, str):
        return _within(said_once((answer,))[0], limit)
    items: Sequence[str | Claim] = answer
    texts = [_within(text, limit) for text in said_once(written_texts(answer))]
    idle = set(repeated_items(texts))
    idle |= {n for n, item in enumerate(items) if isinstance(item, Claim) and is_untranslated(item, language)}
    idle |= {position for position, text in enumerate(texts) if not text or len(text) > limit}
    kept = [_with_text(item, texts[position]) for position, item in enumerate(items) if position not in idle]
    least = 1 if was_told else field.min_items
    return tuple(kept) if len(kept) >= least else answer  # type: ignore[return-value]


def _with_text(item: str | Claim, text: str) -> str | Claim:
    return replace(item, text=text) if isinstance(item, Claim) else text


def _within(text: str, limit: int) -> str:
    """The sentences from the beginning that fit; the whole text where not even the first one does."""
    ends = [match.end() for match in SENTENCE_CLOSE.finditer(text) if match.end() <= limit]
    return text[: ends[-1]].strip() if ends and len(text) > limit else text
