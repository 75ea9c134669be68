"""What a model says again and again, and answers that say the same as an earlier one."""

import re
from collections.abc import Collection, Mapping

from chatpaper.domain import FieldAnswer, collect_texts
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.scripts import UNSPACED

# A shorter text may be the same by chance. A Chinese or Japanese sign says as much as two letters.
MIN_LETTERS_OF_REPETITION = 24
_LETTERS_A_SIGN = 2
_SIGN = re.compile(f"[{UNSPACED}]")

# What a model that goes round in circles says again and again; four times are no style.
_CIRCLE = re.compile(r"(.{2,200}?)\1{3,}", re.DOTALL)
_LAST_CHARACTERS = 1200


def is_degenerate(text: str) -> bool:
    """Tell whether a text ends in what is said again and again.

    More room would be filled in the same way.
    """
    end = text[-_LAST_CHARACTERS:]
    return any(len(circle[0]) > len(end) / 2 for circle in _CIRCLE.finditer(end))


def without_repetitions(
    answers: Mapping[str, FieldAnswer], mark: str, optional: Collection[str] = ()
) -> dict[str, FieldAnswer]:
    """Return the answers with the `mark` in place of each text that repeats an earlier one.

    It repeats it word for word. Of those that are `optional` nothing is left, nor where they are a
    part of an earlier answer: a post shows no label for them. The translation of an abstract stays:
    it is to be whole, and what else is said in its words is said after it.
    """
    seen: set[str] = set()
    parts: set[str] = set()
    kept: dict[str, FieldAnswer] = {}
    for name, answer in answers.items():
        said = fold_letters(answer) if isinstance(answer, str) else ""
        letters = len(said) + (_LETTERS_A_SIGN - 1) * len(_SIGN.findall(said))
        is_long = letters >= MIN_LETTERS_OF_REPETITION and not name.endswith("_translation")
        if name in optional:
            kept[name] = "" if is_long and any(said in part for part in parts) else answer
        else:
            kept[name] = mark if is_long and said in seen else answer
        seen.add(said)
        parts |= {fold_letters(text) for text in collect_texts(answer)}
    return kept
