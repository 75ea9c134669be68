"""What a text or an answer says twice."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from chatpaper.domain import FieldAnswer, written_texts
from chatpaper.summarize.phrases import DOUBLED_WORD

# Two items of a list, or two answers, that are this similar say the same.
MAX_SIMILARITY_OF_ITEMS = 90.0
# An item that is so much like a part of another says nothing besides; items of one pattern are less alike than this.
MAX_SIMILARITY_TO_PART = 95.0
MIN_CHARACTERS_OF_SENTENCE = 8
# A shorter text may stand in another by chance.
MIN_CHARACTERS_OF_REPETITION = 24

# What a model that goes round in circles says again and again; four times are no style.
_CIRCLE = re.compile(r"(.{2,200}?)\1{3,}", re.DOTALL)
_LAST_CHARACTERS = 1200

SENTENCE_END = re.compile(r"[。！？!?\n]|\.\s")
# Where a sentence is over, and nothing that was opened in it stays open.
SENTENCE_CLOSE = re.compile(r"[。！？](?=[^”』」]|$)|[.!?](?=\s|$)")


def doubled_sentences(text: str) -> list[str]:
    """Sentences that stand twice, and sentences that stammer."""
    sentences = Counter(_bare(sentence) for sentence in SENTENCE_END.split(text))
    doubled = [
        sentence for sentence, count in sentences.items() if count > 1 and len(sentence) >= MIN_CHARACTERS_OF_SENTENCE
    ]
    stammer = re.search(r"(.{4,}?)\1{2,}", text)
    found = [f"says twice: {doubled[0][:40]}"] if doubled else []
    return [*found, f"repeats itself: {stammer[1][:40]}"] if stammer else found


def goes_in_circles(text: str) -> bool:
    """Whether a text ends in what is said again and again: more room would be filled in the same way."""
    end = text[-_LAST_CHARACTERS:]
    return any(len(circle[0]) > len(end) / 2 for circle in _CIRCLE.finditer(end))


def similar_items(texts: Sequence[str]) -> list[str]:
    """Items of a list that say the same as another."""
    return [f"two items say the same: {texts[position][:40]}" for position in repeated_items(texts)][:1]


def repeated_items(texts: Sequence[str]) -> list[int]:
    """The positions of the items that say what an earlier one says."""
    bare = [_bare(text) for text in texts]
    return [
        position
        for position, text in enumerate(bare)
        if any(_say_the_same(text, earlier) for earlier in bare[:position])
    ]


def _say_the_same(one: str, other: str) -> bool:
    """Whether two items are nearly the same, or one of them is nearly a part of the other."""
    is_long = min(len(one), len(other)) >= MIN_CHARACTERS_OF_REPETITION
    is_part = is_long and fuzz.partial_ratio(one, other) > MAX_SIMILARITY_TO_PART
    return is_part or fuzz.ratio(one, other) > MAX_SIMILARITY_OF_ITEMS


def said_once(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts without what stands in one twice in a row, and without sentences that stand earlier in any of them."""
    seen: set[str] = set()
    return tuple(_without_seen(text, seen) for text in texts)


def _without_seen(text: str, seen: set[str]) -> str:
    text = DOUBLED_WORD.pattern.sub(lambda match: next(filter(None, match.groups())), text)
    ends = [match.end() for match in SENTENCE_CLOSE.finditer(text)]
    kept = []
    for start, end in pairwise(dict.fromkeys((0, *ends, len(text)))):
        bare = _bare(text[start:end])
        if len(bare) < MIN_CHARACTERS_OF_SENTENCE or bare not in seen:
            kept.append(text[start:end])
        seen.add(bare)
    return "".join(kept).strip()


def without_repetitions(answers: Mapping[str, FieldAnswer], mark: str) -> dict[str, FieldAnswer]:
    """The answers with the `mark` for each text that says nothing but what an earlier answer says.

    Statements with their proofs, and rows of results, may be made again where they are wanted.
    """
    seen: list[str] = []
    kept: dict[str, FieldAnswer] = {}
    for name, answer in answers.items():
        text = _bare("".join(written_texts(answer)))
        is_long = isinstance(answer, str) and len(text) >= MIN_CHARACTERS_OF_REPETITION
        kept[name] = mark if is_long and any(_says(earlier, text) for earlier in seen) else answer
        seen += [] if _are_proved(answer) else [text]
    return kept


def _says(earlier: str, text: str) -> bool:
    """Whether an earlier text has this one in it, or says the same in nearly the same words."""
    return text in earlier or fuzz.ratio(text, earlier) > MAX_SIMILARITY_OF_ITEMS


def _are_proved(answer: FieldAnswer) -> bool:
    return not isinstance(answer, str) and any(not isinstance(item, str) for item in answer)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
