"""What an answer says twice in the same words.

The same point with other numbers or names is another point.
"""

import re
from collections.abc import Sequence

from chatpaper.domain.text.folding import fold_letters
from chatpaper.summarize.quality.sentences import mask_sentences

# A shorter sentence may be meant twice: "Yes." A shorter item may stand in another by chance.
MIN_CHARACTERS_OF_SENTENCE = 10
MIN_CHARACTERS_OF_PART = 24
# What a model that goes round in circles says again and again; four times are no style.
_LAST_LATIN = 0x24F
_CIRCLE = re.compile(r"(.{2,60}?)\1{3,}", re.DOTALL)
# A text that is mostly one circle says nothing else; a number of many zeros or a row of dashes is
# none.
MIN_SHARE_OF_CIRCLES = 0.5
MIN_CHARACTERS_OF_CIRCLE = 12

# Words without which a statement says the same.
_PARTICLES = re.compile(r"[的了也都还]|\b(?:the|a|an|also)\b", re.IGNORECASE)


def is_circular(text: str) -> bool:
    """Tell whether most of a text is the same words again and again."""
    circles = [match for match in _CIRCLE.finditer(text) if _is_wording(match[1])]
    repeated = sum(len(match[0]) for match in circles)
    return repeated >= max(MIN_CHARACTERS_OF_CIRCLE, MIN_SHARE_OF_CIRCLES * len(text.strip()))


def without_repeated_sentences(text: str) -> str:
    """Return the text with each sentence once."""
    seen: set[str] = set()
    kept = []
    for sentence, _ in mask_sentences(text):
        said = fold_letters(sentence)
        if len(said) < MIN_CHARACTERS_OF_SENTENCE or said not in seen:
            kept.append(sentence)
        seen.add(said)
    return "".join(kept).strip()


def find_repeated_items(texts: Sequence[str]) -> list[int]:
    """Return the positions of items that say what another says.

    Of equal items, the later is returned; of a part and its whole, the part.
    """
    said = [fold_letters(_PARTICLES.sub(" ", text)) for text in texts]
    return [
        position
        for position, text in enumerate(said)
        if any(text == earlier for earlier in said[:position])
        or (
            len(text) >= MIN_CHARACTERS_OF_PART
            and any(text != other and text in other for other in said)
        )
    ]


def _is_wording(circle: str) -> bool:
    letters = {character for character in circle if character.isalpha()}
    return len(letters) > 1 or any(ord(letter) > _LAST_LATIN for letter in letters)
