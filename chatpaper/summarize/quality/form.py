"""The form of an answer: normalised without a word about it, or unusable.

There is nothing between: what can be put right by leaving out what is not the summary (markup,
labels, greetings) is put right, what is no answer (a refusal, the prompt again, another language)
makes the call a failed one, and all else is the model's own style, which is published.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chatpaper.domain import (
    AnswerItem,
    Claim,
    Field,
    FieldAnswer,
    Result,
    collect_texts,
    format_item,
    map_texts,
)
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.prompting.languages import Language, compute_character_limit
from chatpaper.summarize.quality.characters import without_unseen
from chatpaper.summarize.quality.institutions import separate_institutions
from chatpaper.summarize.quality.labels import without_label, without_list_marks
from chatpaper.summarize.quality.language_check import (
    find_lone_word,
    find_traditional_characters,
    find_wrong_language,
    is_foreign,
)
from chatpaper.summarize.quality.markup import strip_markup, without_slips
from chatpaper.summarize.quality.phrases import find_phrases, without_chatter, without_sentences_of
from chatpaper.summarize.quality.repeats import (
    find_repeated_items,
    is_circular,
    without_repeated_sentences,
)
from chatpaper.summarize.quality.sentences import mask_sentences
from chatpaper.summarize.quality.vocabulary import (
    drop_foreign_choices,
    find_foreign_choices,
    is_chosen,
)

_TABLES = load_word_tables(__name__)
# What stands for "nothing" when it is all that an answer says.
_NOTHING = re.compile(_TABLES.join("nothing"))
# A model counts characters badly, and a long sentence is better than none; what is this many times
# too long is no answer to the question.
LENGTH_TOLERANCE = 6.0
# An item more than was asked for is worth reading, while a list this many times too long is no
# choice.
ITEMS_TOLERANCE = 2
# A sentence of the prompt that is shorter than this may stand in a text by chance.
MIN_CHARACTERS_OF_ECHO = 24
# The whole of the abstract is wanted, in its order and with all that it says twice.
_WHOLE_TRANSLATIONS = frozenset({"abstract_translation"})
_COLONS = ":："
_OPEN_END = " \t\n,，、;；"
_MAX_SHOWN_CHARACTERS = 40


def normalize_answer(
    field: Field,
    answer: FieldAnswer,
    language: Language,
    paper_text: str = "",
    *,
    was_told: bool = False,
) -> FieldAnswer:
    """Return the answer in plain text, without what is not the summary.

    Doing it twice changes nothing more. Unseen characters, markup, labels, greetings and closing
    words go; so do placeholders, the same words again, and sentences that a paper may have planted
    (`paper_text` is what the paper says of its own matter). A list loses the items of which nothing
    is left or that are no answers, as long as others are left. Choices that are none go where
    enough others are left, if any are wanted, or where the model `was_told`.
    """
    if is_chosen(field):
        chosen = drop_foreign_choices(field, answer)
        is_enough = not isinstance(answer, str) and len(chosen) >= field.min_items
        return chosen if was_told or is_enough else answer
    if field.kind == "results":
        return _normal_results(answer, paper_text)
    if isinstance(answer, str):
        return _normal_text(field, answer, paper_text)
    items = map_texts(
        without_list_marks(answer), lambda text: _normal_text(field, text, paper_text)
    )
    return _worth_having(field, items, language)


def find_unusable(
    field: Field,
    answer: FieldAnswer,
    language: Language,
    prompt_texts: Sequence[str],
    *,
    was_told: bool = False,
) -> tuple[str, ...]:
    """Return why the (normalised) answer to a field cannot be used.

    The reasons are in words that a model can act on; there are none where the answer can be used.
    `prompt_texts` are the texts of the prompt that an answer must not repeat. From a model that
    `was_told`, answers of any length and any number of items are taken.
    """
    if is_chosen(field):
        return find_foreign_choices(field, answer)
    texts = [text for text in collect_texts(answer) if text.strip()]
    if not texts:
        return (
            ()
            if field.min_items == 0
            else (f"{field.name}: is empty: say what the paper says, and nothing else",)
        )
    found = [fault for text in texts for fault in _faults(field, text, language)]
    found += find_prompt_echoes("\n".join(texts), prompt_texts)
    if not was_told:
        limit_characters = round(compute_character_limit(field, language) * LENGTH_TOLERANCE)
        found += _too_few(texts, field.min_items)
        found += _too_many(answer, field.max_items * ITEMS_TOLERANCE)
        found += _too_long(texts, limit_characters)
    if _is_prose(field):
        found += find_wrong_language(texts, language)
        found += find_lone_word(field, "\n".join(texts))
        found += find_traditional_characters("\n".join(texts)) if language.script == "han" else []
    return tuple(f"{field.name}: {fault}" for fault in dict.fromkeys(found))


def _normal_text(field: Field, text: str, paper_text: str) -> str:
    text = without_unseen(text)
    if field.written_in == "paper":
        return "" if _says_nothing(text) else separate_institutions(text)
    text = without_label(
        field.name, strip_markup(without_sentences_of(text, "planted", paper_text))
    )
    text = without_label(field.name, without_chatter(text))
    if field.name not in _WHOLE_TRANSLATIONS:
        text = without_repeated_sentences(
            without_slips(without_sentences_of(text, "placeholder", paper_text))
        )
        text = _without_open_end(text)
    return "" if _says_nothing(text) else text


def _normal_results(answer: FieldAnswer, paper_text: str) -> FieldAnswer:
    """Return the rows in plain text, each once and without those that give no value."""

    def normal(cell: str) -> str:
        text = without_slips(
            strip_markup(without_sentences_of(without_unseen(cell), "planted", paper_text))
        )
        return "" if _says_nothing(text) else text

    rows = map_texts(answer, normal)
    return tuple(
        dict.fromkeys(row for row in rows if isinstance(row, Result) and row.metric and row.ours)
    )


def _is_prose(field: Field) -> bool:
    """Tell whether the answer is in sentences of the language asked for.

    Cells of results are names, which are not.
    """
    return field.written_in != "paper" and field.kind != "results"


def _worth_having(
    field: Field, items: Sequence[AnswerItem], language: Language
) -> tuple[AnswerItem, ...]:
    """Return the items that say something.

    Those that say nothing, nothing new, or are no answers are left out, unless none would be left.
    """
    filled = [item for item in items if format_item(item)]
    texts = [format_item(item) for item in filled]
    idle = set(find_repeated_items(texts))
    idle |= {n for n, text in enumerate(texts) if _faults(field, text, language)}
    open_ended = {n for n, text in enumerate(texts) if text.endswith(tuple(_COLONS))}
    for left_out in (idle | open_ended, idle):
        if len(left_out) < len(filled):
            return tuple(_closed(item) for n, item in enumerate(filled) if n not in left_out)
    return tuple(filled)


def _faults(field: Field, text: str, language: Language) -> list[str]:
    """Return what makes a text or an item no answer, whatever stands beside it."""
    found = [f"is a refusal or an apology: {words!r}" for words in find_phrases(text, "refusal")]
    found += [f"repeats the prompt: {words!r}" for words in find_phrases(text, "prompt")]
    found += [f"repeats itself: {text[:_MAX_SHOWN_CHARACTERS]}"] if is_circular(text) else []
    if _is_prose(field) and is_foreign(text, language):
        found.append(f"is not in {language.name}: {text[:_MAX_SHOWN_CHARACTERS]}")
    return found


def _says_nothing(text: str) -> bool:
    said = fold_letters(text)
    return not said or bool(_NOTHING.fullmatch(said))


def _without_open_end(text: str) -> str:
    """Return the text without a last sentence that announces what does not follow.

    The sentence stays where it is the only one.
    """
    text = text.rstrip(_OPEN_END)
    sentences = [sentence for sentence, _ in mask_sentences(text)]
    return (
        "".join(sentences[:-1]).strip()
        if len(sentences) > 1 and text.endswith(tuple(_COLONS))
        else text
    )


def _closed(item: AnswerItem) -> AnswerItem:
    text = format_item(item).rstrip(_COLONS + " ")
    return replace(item, text=text) if isinstance(item, Claim) else text


def _too_few(texts: Sequence[str], least: int) -> list[str]:
    return (
        [f"has {len(texts)} items that say something of their own, at least {least}"]
        if len(texts) < least
        else []
    )


def _too_many(answer: FieldAnswer, most: int) -> list[str]:
    is_short = isinstance(answer, str) or len(answer) <= most
    return [] if is_short else [f"has {len(answer)} items, at most {most}"]


def _too_long(texts: Sequence[str], limit_characters: int) -> list[str]:
    longest = max(map(len, texts))
    return (
        [f"is too long: {longest} characters, at most {limit_characters}"]
        if longest > limit_characters
        else []
    )


def find_prompt_echoes(text: str, prompt_texts: Iterable[str]) -> list[str]:
    """Return a complaint about the first sentence of the prompt that the answer repeats."""
    said = text.casefold()
    for prompt_text in prompt_texts:
        for sentence in re.split(r"[。！？!?\n]|\.\s", prompt_text):
            stripped = sentence.strip(" .")
            if len(stripped) >= MIN_CHARACTERS_OF_ECHO and stripped.casefold() in said:
                return [f"repeats the prompt: {stripped[:_MAX_SHOWN_CHARACTERS]}"]
    return []
