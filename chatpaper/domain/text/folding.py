"""Forms in which two writings of the same text are equal: without what typesetting changes.

Every function that begins with `fold_` loses what it folds: compare its results,
and show the text itself. All are idempotent.
"""

import re
import unicodedata

_NO_LETTERS = re.compile(r"[\W_]+")
_NO_LETTERS_BUT_POINTS = re.compile(r"(?:(?!(?<=\d)\.(?=\d))[\W_])+")
_LETTERS = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Letters that are no other letter with a mark, but that people type as one.
_TYPED_AS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_SEPARATORS = re.compile(r"[-_\s]+")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LINE_BREAK_IN_WORD = re.compile(r"(?<=[a-z])[-‐\u00ad]\s*\n\s*(?=[a-z])")
_GREEK_LETTER = re.compile("[\u0391-\u03c9\u03d1\u03d5\u03f5]")


def collapse_spaces(text: str) -> str:
    """Return the text in one line, with single spaces and none around it."""
    return " ".join(text.split())


def expand_ligatures(text: str) -> str:
    """Write out the ligatures of Latin type.

    >>> expand_ligatures("eﬃcient")
    'efficient'
    """
    if text.isascii():
        return text
    return _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def unwrap_lines(text: str) -> str:
    r"""Return the text of a page in one line, without the hyphens and ligatures of typesetters.

    >>> unwrap_lines("a diffu-\nsion model\nfor images")
    'a diffusion model for images'
    """
    return collapse_spaces(expand_ligatures(_LINE_BREAK_IN_WORD.sub("", text)))


def fold_width(text: str) -> str:
    """Write full-width and half-width letters, ligatures and odd spaces in their usual form (NFKC).

    >>> fold_width("ＧＰＴ－４")
    'GPT-4'
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def fold_letters(text: str) -> str:
    """Keep letters and digits alone, in one case; accents stay.

    >>> fold_letters("Pré-training: BERT_large")
    'prétrainingbertlarge'
    """
    return _NO_LETTERS.sub("", text.casefold())


def fold_accents(text: str, *, keep_points: bool = False) -> str:
    """Keep letters and digits alone, in one case, without accents and in their usual width.

    With `keep_points` decimal points stay too. The marks of kana are no accents: が is not か.

    >>> fold_accents("Łukasz Kaiser"), fold_accents("ﬁnetuned 3.5", keep_points=True)
    ('lukaszkaiser', 'finetuned3.5')
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    dropped = _NO_LETTERS_BUT_POINTS if keep_points else _NO_LETTERS
    return dropped.sub("", _without_accents(text))


def drop_accents(text: str) -> str:
    """Write letters without accents and ligatures letter by letter; all else stays.

    >>> drop_accents("Zürich, CardiﬀUniversity")
    'Zurich, CardiffUniversity'
    """
    if text.isascii():
        return text
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return expand_ligatures(unicodedata.normalize("NFC", bare))


def fold_words(text: str) -> str:
    """Return the words of letters and digits, in one case and without accents, a space between.

    >>> fold_words("Vision--Language Models: a survey (2nd ed.)")
    'vision language models a survey 2nd ed'
    """
    return " ".join(_LETTERS.findall(_without_accents(text)))


def fold_separators(text: str) -> str:
    """Write spaces, hyphens and underscores as one space, in one case; other signs stay.

    >>> fold_separators("Text-to-Image_Models")
    'text to image models'
    """
    return _SEPARATORS.sub(" ", text).strip().casefold()


def fold_file_name(name: str) -> str:
    """Fold the case and composed letters of a file name.

    Some file systems do not tell them apart.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def spell_greek(text: str) -> str:
    """Write the names of Greek letters in their place.

    >>> spell_greek("β-VAE")
    'beta-VAE'
    """
    return text if text.isascii() else _GREEK_LETTER.sub(lambda match: _name_of(match[0]), text)


def _without_accents(text: str) -> str:
    """Fold width, case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed).translate(_TYPED_AS))


def _name_of(letter: str) -> str:
    return unicodedata.name(unicodedata.normalize("NFKC", letter)).split()[3].lower()
