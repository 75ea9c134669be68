"""Identify glyphs by their shape, where their code stands for another character.

Publishers set formulas in fonts of signs at the codes of digits and letters: "5" prints an equals
sign, "m" a mu. Only the shape tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple

import pymupdf
from pymupdf import mupdf

# Glyphs are compared as squares of so many dots a side, whatever their size.
_SIDE = 24
# A glyph is drawn on so many points a side, at a third of that size, before it is scaled.
_DRAWN_SIDE = 120
# Grey values below this, from 0 (black) to 255 (white), are ink.
_DARK = 128
_INK = bytes(ord("1") if value < _DARK else ord("0") for value in range(256))
# Shared dots of two glyphs as a share of all, less if one of them is wider. The signs of publishers
# reach 0.5 to 0.97, letters and digits in their place 0.0 to 0.4.
_LEAST_LIKENESS = 0.5
_LEAST_LEAD = 0.25
# Some letters of a Greek font hardly look like the reference, above all in italics: the others
# decide for all.
_LEAST_GREEK = 2
_MOST_LIKENESS_OF_LATIN = 0.45
# A font of signs has few codes; a font for text has the alphabet.
_MOST_CODES = 40
# If so many letters are what they are read as, all are.
_SAMPLE = 4
# Shapes of nearly the same proportions count as the same.
_TOLERATED_STRETCH = 1.5

_NO_LANGUAGE = mupdf.FZ_LANG_UNSET

_VISIBLE = "".join(map(chr, range(33, 127)))
_SYMBOL = "symb"
_ROMAN = ("tiro", "tiit", "tibo", "helv", "heit")
_SIGNS = "=−+×±÷<>≤≥∼≈"
# The codes of Greek letters in such fonts, by the layout of Adobe's Symbol; the last letters
# differ.
_GREEK = dict(
    zip(
        "abcdefghijklmnpqrstuvwxyzDFGLPQSVWXY",
        "αβχδεφγηιφκλμνπθρστυωωξψζΔΦΓΛΠΘΣΩΩΞΨ",
        strict=True,
    )
)


_CANDIDATES = _SIGNS + "".join(dict.fromkeys(_GREEK.values()))


class _Shape(NamedTuple):
    """The shape of a glyph: its dots as bits of a number, and its width divided by its height."""

    dots: int
    proportion: float


def identify_signs(font: pymupdf.Font, letters: Mapping[int, str]) -> dict[int, str]:
    """Find the codes that print another sign than the character that they are read as.

    `letters` has the ASCII character that each code is read as. Returns the sign by code.
    """
    if len(letters) > _MOST_CODES or _is_text(font, list(letters.values())):
        return {}
    drawn = zip(letters, _draw_shapes(font, list(letters.values())), strict=True)
    shapes = {code: shape for code, shape in drawn if shape}
    own = {
        code: _find_likeness(shape, _draw_references(letters[code]))
        for code, shape in shapes.items()
    }
    found: dict[int, str] = {}
    greek: dict[int, str] = {}
    for code, shape in shapes.items():
        candidates = {
            sign: _find_likeness(shape, _draw_sign(sign))
            for sign in _list_candidates(letters[code])
        }
        sign = max(candidates, key=lambda each: candidates[each])
        if candidates[sign] >= max(_LEAST_LIKENESS, own[code] + _LEAST_LEAD):
            (greek if sign == _GREEK.get(letters[code]) else found)[code] = sign
    if len(greek) >= _LEAST_GREEK:
        unlike = (
            code
            for code in shapes
            if own[code] <= _MOST_LIKENESS_OF_LATIN and letters[code] in _GREEK
        )
        greek |= {code: _GREEK[letters[code]] for code in unlike if code not in found}
    return found | greek


def _is_text(font: pymupdf.Font, letters: Sequence[str]) -> bool:
    """Tell whether the first letters and digits of a font look like what they are read as.

    Small letters look like capitals in small capitals.
    """
    first = [letter for letter in letters if letter.isalnum()][:_SAMPLE]
    return len(first) == _SAMPLE and all(
        shape is not None
        and any(
            _find_likeness(shape, _draw_references(each)) >= _LEAST_LIKENESS
            for each in (letter, letter.upper())
        )
        for shape, letter in zip(_draw_shapes(font, first), first, strict=True)
    )


def _list_candidates(letter: str) -> Iterator[str]:
    yield from (sign for sign in _SIGNS if sign != letter)
    if letter in _GREEK:
        yield _GREEK[letter]


def _find_likeness(shape: _Shape, others: tuple[_Shape, ...]) -> float:
    return max((_measure_overlap(shape, other) for other in others), default=0.0)


def _measure_overlap(one: _Shape, other: _Shape) -> float:
    shared = (one.dots & other.dots).bit_count() / max(1, (one.dots | other.dots).bit_count())
    stretch = max(one.proportion, other.proportion) / min(one.proportion, other.proportion)
    return shared * min(1.0, _TOLERATED_STRETCH / stretch)


@cache
def _draw_references(letter: str) -> tuple[_Shape, ...]:
    """Draw a visible ASCII character as fonts for text print it."""
    drawn = (_draw_known_font(name, _VISIBLE).get(letter) for name in _ROMAN)
    return tuple(shape for shape in drawn if shape is not None)


@cache
def _draw_sign(sign: str) -> tuple[_Shape, ...]:
    shape = _draw_known_font(_SYMBOL, _CANDIDATES).get(sign)
    return (shape,) if shape else ()


@cache
def _draw_known_font(name: str, letters: str) -> Mapping[str, _Shape | None]:
    """Draw characters of a font that the library brings, all at once: each page takes time."""
    return dict(zip(letters, _draw_shapes(pymupdf.Font(name), letters), strict=True))


def _draw_shapes(font: pymupdf.Font, letters: Sequence[str]) -> list[_Shape | None]:
    """Draw the glyphs for several characters side by side; None for blank ones."""
    width = _DRAWN_SIDE * max(1, len(letters))
    area = mupdf.FzIrect(0, 0, width, _DRAWN_SIDE)
    gray, text = mupdf.fz_device_gray(), mupdf.fz_new_text()
    size, baseline = _DRAWN_SIDE / 3, _DRAWN_SIDE * 2 / 3
    for place, letter in enumerate(letters):
        if glyph := font.has_glyph(ord(letter)):
            at = mupdf.FzMatrix(size, 0, 0, -size, _DRAWN_SIDE * place + size, baseline)
            mupdf.fz_show_glyph(
                text, font.this, at, glyph, ord(letter), 0, 0, mupdf.FZ_BIDI_LTR, _NO_LANGUAGE
            )
    image = mupdf.fz_new_pixmap_with_bbox(gray, area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(image, 255)
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), image)
    mupdf.fz_fill_text(device, text, mupdf.FzMatrix(), gray, [0.0], 1.0, mupdf.FzColorParams())
    mupdf.fz_close_device(device)
    samples = bytes(mupdf.fz_pixmap_samples_memoryview(image))
    return [
        _build_shape(
            [
                samples[start + left : start + left + _DRAWN_SIDE]
                for start in range(0, len(samples), width)
            ]
        )
        for left in range(0, _DRAWN_SIDE * len(letters), _DRAWN_SIDE)
    ]


def _build_shape(lines: Sequence[bytes]) -> _Shape | None:
    """Scale what is dark in rows of grey dots to the common measure; None if nothing is."""
    inked = [line.translate(_INK) for line in lines]
    rows = [number for number, line in enumerate(inked) if b"1" in line]
    if not rows:
        return None
    merged = 0
    for number in rows:
        merged |= int.from_bytes(inked[number])
    across = merged.to_bytes(len(lines[0]))
    top, left = rows[0], across.index(b"1")
    height, width = rows[-1] - top + 1, across.rindex(b"1") - left + 1
    # The middle of each of the dots.
    middles = [2 * number + 1 for number in range(_SIDE)]
    columns = itemgetter(*(left + middle * width // (2 * _SIDE) for middle in middles))
    dots = b"".join(
        bytes(columns(inked[top + middle * height // (2 * _SIDE)])) for middle in middles
    )
    return _Shape(int(dots, 2), width / height)
