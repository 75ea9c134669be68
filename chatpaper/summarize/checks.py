"""What an answer must not be: small functions from text to complaints, in words that a model can act on."""

import re
from collections.abc import Iterable, Sequence

from chatpaper.domain import Field, FieldAnswer, written_texts
from chatpaper.prompts import Language, character_limit
from chatpaper.summarize.loaded_words import unwarranted
from chatpaper.summarize.phrases import UNFIT_PHRASES
from chatpaper.summarize.repetition import (
    SENTENCE_END,
    doubled_sentences,
    similar_items,
)
from chatpaper.summarize.script import (
    one_word,
    traditional_characters,
    untranslated_items,
    wrong_language,
)
from chatpaper.summarize.vocabulary import is_chosen, outside_vocabulary

# A model counts characters badly; what is a little over the limit harms no post.
LENGTH_TOLERANCE = 1.6
# An item is one sentence, of which nothing can be left out; to ask for it again costs more than a line of print.
LENGTH_TOLERANCE_OF_ITEMS = 2.0
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
    found += [f"breaks off: {text[-40:]}" for text in texts if breaks_off(text)]
    found += echoes(whole, echo_sources)
    found += too_long(texts, most_characters(field, language, was_told=was_told))
    found += doubled_sentences(whole)
    if field.kind == "results":
        # Rows are alike where only a value differs, and their cells are names, which stay in Latin letters.
        return _named(field, found)
    found += similar_items(texts)
    if field.written_in != "paper":
        found += wrong_language(texts, language)
        found += untranslated_items(answer, language)
        found += one_word(field, whole)
        found += traditional_characters(whole) if language.script == "han" else []
    return _named(field, found)


def _named(field: Field, complaints: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{field.name}: {complaint}" for complaint in dict.fromkeys(complaints))


def most_characters(field: Field, language: Language, *, was_told: bool = False) -> int:
    """How long a text of the answer, or an item of it, may be."""
    usual = LENGTH_TOLERANCE if field.kind == "text" else LENGTH_TOLERANCE_OF_ITEMS
    return round(character_limit(field, language) * (LENGTH_TOLERANCE_ONCE_TOLD if was_told else usual))


def control_characters(text: str) -> list[str]:
    """Characters that cannot be seen: mostly a LaTeX command whose backslash was lost."""
    found = sorted({f"U+{ord(character):04X}" for character in _CONTROL.findall(text)})
    return [f"has control characters ({', '.join(found)}); write a backslash twice"] if found else []


def empty_items(texts: Sequence[str]) -> list[str]:
    """Items of a list without text."""
    return ["has an empty item"] if any(not text.strip() for text in texts) else []


def breaks_off(text: str) -> bool:
    """Whether a text announces what does not follow: a formula or a list that the model did not write."""
    return text.rstrip().endswith((":", "："))


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
