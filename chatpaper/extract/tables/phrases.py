"""The words of a table, gathered to phrases: what no gap wider than a word space parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import BBox
from chatpaper.domain.text.meaning import has_readable_text
from chatpaper.extract.boxes import enclose, intersects
from chatpaper.extract.glyphs.superscripts import write_out_scripts
from chatpaper.extract.page import Span, Word
from chatpaper.extract.textline import SPACE_EM, TextLine

# Word spaces are 0.25 to 0.33 em wide; TeX's narrowest tables leave half an em between columns.
PHRASE_GAP_EM = 0.4
# Spaces around operators are wider, as formulas add space of their own; so are those after commas.
_OPERATOR_GAP_EM = 0.65
_OPERATORS = frozenset("±∓×·⋅∗+−=≤≥<>→/,")
# Words of one line differ by less than this in height, in type sizes: a label that stands at the
# middle between two rows is further from both.
_LEVEL_EM = 0.3
# An index is lowered by no more than this, and where it stands under a power by 0.25 em.
_INDEX_EM = 0.45
# Smaller type in a line is an index or a power, and shares the base line.
_SCRIPT_SHARE = 0.85
# A word lies in a span if more of it does than boxes are rounded by.
_LEAST_OVERLAP_POINTS = 0.1


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other at word spaces, on one base line; `size` is in points."""

    words: tuple[Word, ...]
    bbox: BBox
    baseline: float
    size: float

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def middle(self) -> float:
        """The x coordinate halfway between both ends."""
        return (self.bbox.x0 + self.bbox.x1) / 2


def join_phrases(parts: Sequence[Phrase]) -> Phrase:
    """Join phrases, given from left to right, to one."""
    return Phrase(
        tuple(word for part in parts for word in part.words),
        enclose(part.bbox for part in parts),
        parts[0].baseline,
        max(part.size for part in parts),
    )


def split_phrase(phrase: Phrase, before: int) -> tuple[Phrase, Phrase]:
    """Split a phrase before one of its words."""
    first, second = phrase.words[:before], phrase.words[before:]
    return (
        replace(phrase, words=first, bbox=enclose(word.bbox for word in first)),
        replace(phrase, words=second, bbox=enclose(word.bbox for word in second)),
    )


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """The phrases of a table at one height, from left to right."""

    baseline: float
    size: float
    phrases: tuple[Phrase, ...]


def gather_lines(lines: Sequence[TextLine], words: Sequence[Word]) -> list[PrintedLine]:
    """Gather the lines of a table from top to bottom; `words` are all those of its page."""
    if not lines:
        return []
    region = enclose(line.bbox for line in lines)
    inside = [word for word in words if intersects(word.bbox, region)]
    found = [
        word for line in lines for word in _split_line(line, inside) if has_readable_text(word.text)
    ]
    levels: list[list[Phrase]] = []
    size = 0.0
    for word in sorted(found, key=lambda word: word.baseline):
        if not levels or not _is_level(levels[-1][0], size, word):
            levels.append([])
            size = 0.0
        levels[-1].append(word)
        size = max(size, word.size)
    return [
        PrintedLine(
            sum(word.baseline for word in level) / len(level),
            max(word.size for word in level),
            tuple(_join_words(level)),
        )
        for level in levels
    ]


def _is_level(first: Phrase, size: float, word: Phrase) -> bool:
    """Tell whether a word stands on a line of this type size, or is a lone index under it."""
    share = _LEVEL_EM if word.size >= _SCRIPT_SHARE * size else _INDEX_EM
    return word.baseline - first.baseline <= share * size


def _join_words(words: Sequence[Phrase]) -> Iterator[Phrase]:
    """Join words to phrases where only a word space parts them."""
    phrase: Phrase | None = None
    for word in sorted(words, key=lambda word: word.bbox.x0):
        if phrase is None:
            phrase = word
        elif word.bbox.x0 - phrase.bbox.x1 <= _allow_gap(phrase, word):
            phrase = join_phrases([phrase, word])
        else:
            yield phrase
            phrase = word
    if phrase is not None:
        yield phrase


def _allow_gap(phrase: Phrase, word: Phrase) -> float:
    """Return the widest space in points that is no more than one between words here."""
    is_formula = phrase.words[-1].text[-1] in _OPERATORS or word.text in _OPERATORS
    em = _OPERATOR_GAP_EM if is_formula else PHRASE_GAP_EM
    return em * max(word.size, phrase.size)


def _split_line(line: TextLine, words: Sequence[Word]) -> Iterator[Phrase]:
    """Split a line into its words, each a phrase of its own; a word may change its font."""
    last: Phrase | None = None
    ended = False
    for span in write_out_scripts(line.spans):
        ended = ended or span.text[:1].isspace()
        is_script = span.size < _SCRIPT_SHARE * line.style.size
        for word in _split_span(span, words, line.baseline if is_script else span.baseline):
            gap = word.bbox.x0 - last.bbox.x1 if last is not None else 0.0
            if last is None:
                last = word
            elif ended or gap > SPACE_EM * span.size:
                yield last
                last = word
            else:
                box = enclose([last.bbox, word.bbox])
                last = Phrase(
                    (Word(last.text + word.text, box),),
                    box,
                    last.baseline,
                    max(last.size, word.size),
                )
            ended = True
        ended = span.text[-1:].isspace()
    if last is not None:
        yield last


def _split_span(span: Span, words: Sequence[Word], baseline: float) -> list[Phrase]:
    """Split a span at its spaces; the boxes are those of the page's words where they agree."""
    texts = span.text.split()
    boxes = [span.bbox] if texts == [span.text] else _find_boxes(span, len(texts), words)
    return [
        Phrase((Word(text, box),), box, baseline, span.size)
        for text, box in zip(texts, boxes, strict=True)
    ]


def _find_boxes(span: Span, count: int, words: Sequence[Word]) -> list[BBox]:
    """Find the boxes of so many words of a span: parts of words that reach out of it are cut."""
    left, top, right, bottom = span.bbox
    middle = (top + bottom) / 2
    boxes = sorted(
        BBox(max(x0, left), top, min(x1, right), bottom)
        for x0, y0, x1, y1 in (word.bbox for word in words)
        if y0 < middle < y1 and min(x1, right) - max(x0, left) > _LEAST_OVERLAP_POINTS
    )
    return boxes if len(boxes) == count else _estimate_boxes(span)


def _estimate_boxes(span: Span) -> list[BBox]:
    """Estimate the boxes of the words of a span, as if all its letters were equally wide."""
    step = span.bbox.width / len(span.text)
    boxes = []
    end = 0
    for text in span.text.split():
        start = span.text.index(text, end)
        end = start + len(text)
        left = span.bbox.x0
        boxes.append(BBox(left + start * step, span.bbox.y0, left + end * step, span.bbox.y1))
    return boxes
