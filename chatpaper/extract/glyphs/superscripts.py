"""Superscripts and subscripts in plain text: `10^51 erg`, `W_q`, `x_{i+1}`.

A PDF has them as smaller type above or below the base line; read one after the other, 10⁵¹ is 1051
and W_q a word. Size and base line tell whether type is raised or lowered. Raised type is no power
if it is the mark of a note, a citation or an affiliation, an ordinal ending or a trade mark: that
depends on what it stands on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import BBox
from chatpaper.extract.boxes import enclose
from chatpaper.extract.font_names import is_math_font
from chatpaper.extract.page import Span
from chatpaper.extract.textline import SPACE_EM, TextLine, join_spans

# TeX sets scripts at 0.7 to 0.8 of the surrounding size, word processors at 0.58 to 0.66.
_MOST_SCRIPT_SIZE = 0.85
# TeX raises by 0.36 em and lowers by 0.15 em (The TeXbook, appendix G); smaller shifts are a change
# of font.
_LEAST_RAISED_EM, _LEAST_LOWERED_EM = 0.15, 0.08
# Scripts are shifted by less than the height of a line; beyond that they belong to another line.
_MOST_SHIFTED_EM = 0.8

# The text before a script that is looked at; a formula in brackets is hardly longer.
_STEM_SPANS, _STEM_CHARACTERS = 12, 90

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]")
_UNREADABLE = re.compile("[\x00-\x1f\ufffd\ue000-\uf8ff]")
_MINUS = r"\-−–"
# Not powers: primes and degrees, and the usual marks of notes.
_NO_POWER = re.compile(r"['′″‴°◦∘º“”\"]+|[*∗⁎†‡§¶⋆★♠♣♢♡◇♭♯#‖∥⊥✉]+")
_STARRED = re.compile(r"[*∗⋆†]")
_CHARGE = re.compile(rf"\d*[+{_MINUS}]")
_ELEMENT = re.compile(r"(?:(?<![^\W\d_])[^\W\d_]{1,2}|[\d)\]])\Z")
_SIGNED = re.compile(rf"[+{_MINUS}±∓]\s?[\w∞.]")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?\Z")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
_POWER_OF_NUMBER = re.compile(r"\d{1,3}|[^\W\d_]")
_VARIABLE = re.compile(r"(?<![^\W_])[^\W\d_]\Z")
_FUNCTION = re.compile(r"(?<![^\W_])(?:sin|cos|tan|cot|sec|csc|sinh|cosh|tanh|log|ln|lg|exp|det)\Z")
# "5 cm", "g/cm", "per mm": unit symbols have at most three letters and follow a number or another
# unit.
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])\d\s?|/\s?|\bper |[})\d] |[·⋅×] ?|\d\s[A-Za-zµμ]{1,3}[ ·⋅])[A-Za-zµμ]{1,3}\Z"
)
_BRACKETS = ")]}⟩⌉⌋|∥‖"
_FORMULA_IN_BRACKETS = re.compile(r"[(\[{⟨|∥‖][^(\[{⟨|∥‖]{0,80}\Z")


@dataclass(frozen=True, slots=True)
class _Script:
    """Spans on one shifted base line; `sign` is 1 for raised and -1 for lowered type."""

    sign: int
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The characters of all spans."""
        return "".join(span.text for span in self.spans)


def write_out_scripts(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Write out the superscripts and subscripts of formulas in spans, given from left to right."""
    if len(spans) < 2 or len({round(span.size, 1) for span in spans}) < 2:
        return tuple(spans)
    written: list[Span] = []
    base: Span | None = None
    place = 0
    while place < len(spans):
        script = _find_script(spans, place, base) if base is not None else None
        if script is None or base is None:
            base = spans[place]
            written.append(base)
            place += 1
            continue
        following = (
            spans[place + len(script.spans)] if place + len(script.spans) < len(spans) else None
        )
        tight = _strip_slant_space(base, script) if written[-1] is base else base
        found = _write_out(
            script, [*written[:-1], tight] if tight is not base else written, tight, following
        )
        if found != script.spans:
            written[-1], base = (tight, tight) if tight is not base else (written[-1], base)
        written.extend(found)
        place += len(script.spans)
    return tuple(written)


def format_with_scripts(line: TextLine) -> str:
    """Format the text of a line with its scripts written out.

    Text that was added before the spans of the line, or cut off, stays so.
    """
    spans = write_out_scripts(line.spans)
    if spans == line.spans:
        return line.text
    plain, text = join_spans(line.spans), join_spans(spans)
    if plain.endswith(line.text):
        return text[len(plain) - len(line.text) :]
    return line.text[: -len(plain)] + text if line.text.endswith(plain) else line.text


def _find_script(spans: Sequence[Span], start: int, base: Span) -> _Script | None:
    sign = _classify_shift(spans[start], base)
    if not sign:
        return None
    end = start + 1
    while (
        end < len(spans)
        and not spans[end - 1].text.endswith(" ")
        and _classify_shift(spans[end], base) == sign
    ):
        end += 1
    return _Script(sign, tuple(spans[start:end]))


def _strip_slant_space(base: Span, script: _Script) -> Span:
    """Strip the space after a letter that is only the room of its slant below a power."""
    letter = base.text.removesuffix(" ")
    if (
        script.sign < 0
        or letter == base.text
        or not is_math_font(base.font)
        or not letter[-1:].isalpha()
    ):
        return base
    return replace(base, text=letter, bbox=base.bbox._replace(x1=script.spans[0].bbox.x0))


def _classify_shift(span: Span, base: Span) -> int:
    """Return 1 for raised type, -1 for lowered type, 0 for what is no script of `base`."""
    raised = (base.baseline - span.baseline) / base.size
    if span.size > _MOST_SCRIPT_SIZE * base.size or abs(raised) > _MOST_SHIFTED_EM:
        return 0
    return int(raised >= _LEAST_RAISED_EM) - int(-raised >= _LEAST_LOWERED_EM)


def _write_out(
    script: _Script, before: Sequence[Span], base: Span, following: Span | None
) -> tuple[Span, ...]:
    """Write a script after the spans `before` as one span with its sign, or leave it as it is."""
    text = script.text.strip()
    if not text or _UNREADABLE.search(text) or not _touches(script.spans[0], before[-1], base):
        return script.spans
    stem = "".join(span.text for span in before[-_STEM_SPANS:])[-_STEM_CHARACTERS:]
    if script.sign > 0 and not _is_power(stem, base, script, following):
        return script.spans
    if script.sign < 0 and not _is_index(stem, base, text):
        return _set_apart(script) if stem[-1].isdigit() or stem[-1] in "%×" else script.spans
    nested = "".join(span.text for span in write_out_scripts(script.spans)).strip()
    is_ended = following is None or script.text != script.text.rstrip()
    written = _brace(nested, "" if is_ended or following is None else following.text[:1])
    sign = "^" if script.sign > 0 else "_"
    gap = " " if script.text[-1:].isspace() else ""
    box, left = enclose(span.bbox for span in script.spans), before[-1].bbox.x1
    return (
        replace(
            script.spans[0],
            text=f"{sign}{written}{gap}",
            bbox=BBox(left, box.y0, max(left, box.x1), box.y1),
            baseline=base.baseline,
            size=base.size,
        ),
    )


def _touches(first: Span, left: Span, base: Span) -> bool:
    """Tell whether a script begins right after the span on its left, without a space."""
    if left.text[-1:].isspace() or first.text[:1].isspace():
        return False
    # An index begins below the power of the same letter.
    overlap = SPACE_EM * base.size + (0.0 if left is base else left.bbox.width)
    return -overlap <= first.bbox.x0 - left.bbox.x1 <= SPACE_EM * base.size


def _set_apart(script: _Script) -> tuple[Span, ...]:
    """Put a space before lowered type after a number, which is a remark on it: 95.2 ±0.3."""
    first = script.spans[0]
    return (replace(first, text=f" {first.text}"), *script.spans[1:])


def _brace(text: str, next_letter: str) -> str:
    """Put a script in braces unless it is one word or number, clearly ended."""
    alone = _TOKEN.fullmatch(text) is not None
    runs_on = (text[-1].isalpha() and next_letter.isalpha()) or (
        text[-1].isdigit() and next_letter.isdigit()
    )
    return text if alone and not runs_on else f"{{{text}}}"


def _is_index(stem: str, base: Span, text: str) -> bool:
    """Tell whether lowered type is an index; below a number it is a remark (95.2 ±0.3)."""
    if not any(map(str.isalnum, text)) and not re.fullmatch(rf"[+{_MINUS}*∗⊥∥∞]+", text):
        return False
    last = stem[-1]
    return (
        last.isalpha()
        or last in _BRACKETS
        or "^" in stem[-6:]
        or (is_math_font(base.font) and not last.isdigit())
    )


def _is_power(stem: str, base: Span, script: _Script, following: Span | None) -> bool:
    """Tell whether raised type belongs to a formula, by the end of what it stands on."""
    text = script.text.strip()
    in_formula = is_math_font(base.font) or bool(_VARIABLE.search(stem)) or "_" in stem[-6:]
    if _NO_POWER.fullmatch(text):
        return in_formula and bool(_STARRED.fullmatch(text))
    if not re.search(r"[\w+−–-]", text) or (text[0] in "[(（【" and not in_formula):
        return False
    if _SIGNED.match(text) or (_CHARGE.fullmatch(text) and _ELEMENT.search(stem)):
        return stem[-1].isalnum() or stem[-1] in _BRACKETS or in_formula
    if number := _NUMBER.search(stem):
        return not _YEAR.match(number[0]) and _POWER_OF_NUMBER.fullmatch(text) is not None
    if in_formula:
        return stem[-1] not in ",.;:" and (
            stem[-1].isalnum() or stem[-1] in _BRACKETS or is_math_font(base.font)
        )
    return _is_power_of_words(stem, text, script, following)


def _is_power_of_words(stem: str, text: str, script: _Script, following: Span | None) -> bool:
    """Tell whether type raised after upright letters or a bracket is a power, not a mark."""
    if stem[-1] in _BRACKETS:
        inside = _FORMULA_IN_BRACKETS.search(stem[:-1])
        return (
            inside is not None
            and len(re.findall(r"[^\W\d_]{2,}", inside[0])) == 0
            and text.isalnum()
        )
    if text.isdigit():
        starts_formula = (
            following is not None
            and is_math_font(following.font)
            and following.text.strip()[:1].isalpha()
        )
        return bool(len(text) == 1 and _UNIT.search(stem)) or bool(
            _FUNCTION.search(stem) and (starts_formula or len(text) == 1)
        )
    return stem[-1].isalnum() and any(
        is_math_font(span.font) and span.text.strip().isalpha() for span in script.spans
    )
