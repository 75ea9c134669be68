"""The styles in which lines are set, as far as they tell headings from body text."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.extract.font_names import is_math_font, is_mono_font
from chatpaper.extract.headings.known_titles import is_abstract_word, is_back_matter
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Span
from chatpaper.extract.textline import TextLine

# No heading has more characters.
MAX_CHARACTERS = 160
# Type larger than the body by this catches the eye; less is the rounding of converters.
_LARGER_POINTS = 0.7
# Notes, captions and cells are smaller than the body by this; headings are only if in small
# capitals.
_SMALLER_POINTS = 1.1
# … or in capitals only, which are as tall as larger small letters.
_SMALLEST_CAPITALS = 0.74
_LEAST_CAPITALS = 4
# Share of the letters in the heading's style; the rest are symbols and emphasised words.
_ONE_STYLE = 0.8


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """How a heading is set: `capitals` may be small ones, `size` is that of the largest letters."""

    font: str
    size: float
    bold: bool
    italic: bool
    capitals: bool


def find_named_style(lines: Sequence[TextLine]) -> TypeStyle:
    """Find the style of lines that a bookmark names: that of their beginning."""
    first = next(
        (s for s in lines[0].spans if sum(map(str.isalpha, s.text)) > 1 and not s.superscript),
        lines[0].spans[0],
    )
    return TypeStyle(
        first.font, round(first.size, 1), first.bold, first.italic, _is_capitals(lines[0].text)
    )


def find_heading_style(line: TextLine, typesetting: Typesetting) -> TypeStyle | None:
    """Find the style of a line that is set unlike the body all along; None for other lines."""
    main = line.style
    capitals = _is_upper(line.text) and len(line.text) >= _LEAST_CAPITALS
    smallest = (
        _SMALLEST_CAPITALS * typesetting.body_size
        if capitals
        else typesetting.body_size - _SMALLER_POINTS
    )
    if len(line.text) > MAX_CHARACTERS:
        return None
    plain = (
        main.font == typesetting.body_font
        and abs(main.size - typesetting.body_size) < _LARGER_POINTS
    )
    largest = typesetting.body_size + _LARGER_POINTS
    if plain and not capitals and all(span.size <= largest for span in line.spans):
        return None
    style = find_type_style(line.spans, typesetting.body_size)
    if style is None or is_mono_font(style.font) or is_run_in(line.spans, typesetting):
        return None
    if style.size < smallest and not (
        is_abstract_word(line.text) or (style.bold and is_back_matter(line.text))
    ):
        return None
    return style if _is_set_apart(style, typesetting) else None


def _is_set_apart(style: TypeStyle, typesetting: Typesetting) -> bool:
    return (
        style.bold
        or style.italic
        or style.capitals
        or style.size > typesetting.body_size + _LARGER_POINTS
        or style.font != typesetting.body_font
    )


def is_run_in(spans: Sequence[Span], typesetting: Typesetting) -> bool:
    """Tell whether a line begins in another type and goes on in that of the body."""
    lettered = [span for span in spans if _count_letters(span.text) > 1]
    if len(lettered) < 2 or _is_body_type(lettered[0], typesetting):
        return False
    return _is_body_type(lettered[-1], typesetting) and not _is_upper(lettered[-1].text)


def _is_body_type(span: Span, typesetting: Typesetting) -> bool:
    return (
        span.font == typesetting.body_font
        and abs(span.size - typesetting.body_size) < _LARGER_POINTS
        and not (span.bold or span.italic)
    )


def is_plain(style: TypeStyle, typesetting: Typesetting) -> bool:
    """Tell whether a style is that of the body."""
    return not _is_set_apart(style, typesetting)


def find_type_style(spans: Sequence[Span], body_size: float) -> TypeStyle | None:
    """Find the style that nearly all letters share; None if styles are mixed.

    They are in a paragraph with a bold beginning. Type larger than the body's is no paragraph, so
    single words may differ there.
    """
    lettered = [
        (span, _count_letters(span.text))
        for span in spans
        if not span.superscript and not is_math_font(span.font)
    ]
    total = sum(count for _, count in lettered)
    if 2 * total <= sum(_count_letters(span.text) for span in spans):
        return None
    bold = sum(count for span, count in lettered if span.bold)
    italic = sum(count for span, count in lettered if span.italic)
    main = max(lettered, key=lambda pair: pair[1])[0]
    if main.size < body_size + _LARGER_POINTS and _is_mixed(lettered, bold, italic, total):
        return None
    text = "".join(span.text for span, _ in lettered)
    sizes = [span.size for span, count in lettered if count]
    largest = round(max(sizes), 1)
    small_capitals = min(sizes) < largest - 1 and _is_upper(text)
    is_initial = abs(main.size - largest) > 1 and not small_capitals
    return TypeStyle(
        font=main.font,
        size=round(main.size, 1) if is_initial else largest,
        bold=2 * bold > total,
        italic=2 * italic > total,
        capitals=small_capitals or _is_capitals(text),
    )


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_mixed(lettered: Sequence[tuple[Span, int]], bold: int, italic: int, total: int) -> bool:
    """Tell whether one style gives way to another: a lead-in whose line goes on in body type."""
    shares = (bold,) if 2 * bold > total else (bold, italic)
    if any((1 - _ONE_STYLE) * total < count < _ONE_STYLE * total for count in shares):
        return True
    last = [span for span, count in lettered if count][-1]
    return 2 * bold > total and not last.bold


def _is_capitals(text: str) -> bool:
    """Tell whether all letters are capitals, and it is more than an acronym."""
    return _is_upper(text) and sum(map(str.isalpha, text)) >= _LEAST_CAPITALS


def _is_upper(text: str) -> bool:
    """Tell whether most letters are capitals and none is small; Chinese has no case."""
    return text.isupper() and 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))


def has_same_style(style: TypeStyle, other: TypeStyle) -> bool:
    """Tell whether two styles are those of one heading; small capitals may change the font."""
    return (
        abs(style.size - other.size) < _LARGER_POINTS
        and (style.bold, style.italic) == (other.bold, other.italic)
        and (style.font == other.font or style.capitals == other.capitals)
    )
