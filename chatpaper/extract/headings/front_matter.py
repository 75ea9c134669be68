"""The title, and where it begins and ends in the flow of the document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from chatpaper.domain import BBox
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.extract.boxes import contains, overlap_width
from chatpaper.extract.font_names import is_math_font
from chatpaper.extract.headings.known_titles import opens_text
from chatpaper.extract.layout.text import is_prose
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Span
from chatpaper.extract.textline import SPACE_EM, TextLine, join_spans

# Titles have at most so many lines and characters.
_TITLE_LINES = 6
_TITLE_CHARACTERS = 350
# At most a cover comes before the title page.
LAST_TITLE_PAGE = 2
# The title is in the upper part of its page.
_TITLE_SHARE = 0.62
# Its lines follow each other within this many type sizes, and have one size, give or take.
_TITLE_LEADING = 1.75
_SAME_SIZE_POINTS = 0.7
_TABLES = load_word_tables(__name__)
_BANNER = re.compile(rf"\b(?:{_TABLES.join('banner')})\b|^open$|^article$", re.IGNORECASE)
# Names of periodicals begin or end with what they are ("Physical Review Letters", "Journal of
# Machine Learning Research 12"); titles of papers have such words in phrases ("Deep Learning: A
# Review", "Letters from the Field").
_PERIODICAL = re.compile(
    r"(?:the\s+)?(?:(?!an?\b|of\b|for\b|and\b|systematic\b|comprehensive\b|brief\b|short\b|"
    r"literature\b|critical\b)"
    r"[\w.&'’-]+\s+){0,3}(?:journal|proceedings|transactions|letters|reviews?|bulletin|annals"
    r"|magazine)"
    r"(?:\s+(?:of|on|in|for)\b|[\s.,:]*$|[\s.,:]+\d)",
    re.IGNORECASE,
)
# Laboratories and conferences print the number of a report or paper: "CERN-EP-2023-001".
_REPORT_NUMBER = re.compile(r"(?=\S*\d)[A-Z]{2,}\w*(?:[-/]\w+)+")
# Title pages of theses and reports have names of institutions in large type.
_INSTITUTION = re.compile(
    r"(?:the\s+)?(?:[\w.&'’-]+\s+){0,3}(?:university|institute|college|academy|laboratory|department"
    r"|faculty|school)(?:\s+(?:of|for)(?:\s+[\w.&'’-]+){1,5})?",
    re.IGNORECASE,
)
# Words that occur in phrases, but not in lists of names.
_PHRASE = re.compile(rf"\b(?:{_TABLES.join('phrase')})\b", re.IGNORECASE)
# Lines of authors: names, initials, what is between them, and raised marks after them.
_BETWEEN_NAMES = re.compile(r"[,;&·•]|\b(?:and|et)\b", re.IGNORECASE)
_INITIAL = re.compile(r"\b[^\W\d_]\.(?:\s?-)?")
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’‐–.-])*")
_AUTHOR_MARK = re.compile(r"(?:(?:\d{1,3}|[a-z]|[∗*†‡§¶‖#⋆])\s?,?\s?)+")
_PARTICLES = frozenset(_TABLES.list_words("particle"))
_NAME_WORDS = 5
# Lines of a title follow each other within this many type sizes, where they are set solid.
_AUTHORS_LEADING = 1.4
_LEAST_CAPITAL_WORDS = 3
# Authors are set at 0.7 of the title's size or less by the classes of LaTeX and most publishers.
_LEAST_SUBTITLE_SHARE = 0.78
# Logos have a motto at most.
_CARD_LINES = 3
_LABEL = re.compile(rf"\A(?:{_TABLES.join('label')})\s*[:：]\s*", re.IGNORECASE)
_MARKS = re.compile(r"[\s∗*⁎†‡§¶⋆★✩♯#‖]+$|(?<=\w)[∗⁎†‡§¶⋆★✩‖]+")
# Titles are hardly smaller than the banner above them; if everything else is, the banner is the
# title.
_LEAST_TITLE_SHARE = 0.7
# Metadata titles that are not titles: names of files and templates.
_NO_TITLE = re.compile(
    r"\.(?:tex|docx?|dvi|pdf|indd)\b|^untitled|^microsoft word|^paper|^template|^\W*$",
    re.IGNORECASE,
)
_LEAST_TITLE_LETTERS = 8
_SUBSECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d]")


@dataclass(frozen=True, slots=True)
class Title:
    """The title; its lines in the flow: `start` to before `end`, and `again` after a cover."""

    text: str = ""
    start: int = 0
    end: int = 0
    again: range = range(0)


def find_title(
    flow: Sequence[TextLine],
    page_height: float,
    metadata_title: str,
    running: set[str],
    pictures: Sequence[BBox],
    typesetting: Typesetting,
) -> Title:
    """Find the title: what the metadata says if the first page has it, else its largest lines.

    `page_height` is that of the first page in points. `running` are the folded texts of running
    heads, among which are names of journals. `pictures` are the boxes of the graphics of the first
    page: large type in them belongs to logos, unless all other type there is as small as the body.
    """
    named = "" if _NO_TITLE.search(metadata_title.strip()) else " ".join(metadata_title.split())
    first_page = flow[0].page if flow else 1
    lowest = _TITLE_SHARE * page_height
    top = [line for line in flow if line.page == first_page and line.bbox.y1 < lowest]
    blocks = [block for block in _group_blocks(top, typesetting.spread) if _may_be_title(block)]
    if not blocks or first_page > LAST_TITLE_PAGE:
        return Title(named)
    title = _find_named_block(blocks, named)
    if title is None:
        logos = [picture for picture in pictures if not _is_card(picture, top)]
        outside = [block for block in blocks if not _is_in_picture(block, logos)]
        body_size = typesetting.body_size + _SAME_SIZE_POINTS
        has_large = any(_find_size(block) > body_size for block in outside)
        largest = _find_largest_block(outside if has_large else blocks, running)
        title = [*largest, *_find_subtitle(largest, blocks, typesetting.spread)]
    return _build_title(title, {id(line): index for index, line in enumerate(flow)})


def _find_named_block(blocks: Sequence[list[TextLine]], named: str) -> list[TextLine] | None:
    """Find the block whose text is `named`, give or take the number of a footnote."""
    wanted = fold_letters(named)
    if len(wanted) < _LEAST_TITLE_LETTERS:
        return None
    for block in blocks:
        letters = fold_letters(_join_title_lines(block))
        if wanted in (letters, letters.rstrip("0123456789")):
            return block
    return None


def _find_largest_block(blocks: Sequence[list[TextLine]], running: set[str]) -> list[TextLine]:
    """Find the first block in the largest type that is no banner.

    A banner, but not the name of a periodical or an institution, is the title if all else is much
    smaller.
    """
    largest = max(map(_find_size, blocks))
    left = [block for block in blocks if not _is_banner(block, running)]
    if max(map(_find_size, left), default=0.0) < _LEAST_TITLE_SHARE * largest:
        left = [block for block in blocks if not _names_publisher(_join_title_lines(block))]
    left = left or list(blocks)
    least = max(map(_find_size, left)) - _SAME_SIZE_POINTS
    return next(block for block in left if _find_size(block) > least)


def _find_size(block: Sequence[TextLine]) -> float:
    return block[0].style.size


def _is_card(picture: BBox, lines: Sequence[TextLine]) -> bool:
    """Tell whether a graphic is the background of title, authors and abstract: prose is on it."""
    prose = (
        line for line in lines if is_prose(line.text) and contains(picture, line.bbox, tolerance=2)
    )
    return len(list(islice(prose, _CARD_LINES))) == _CARD_LINES


def _find_subtitle(
    title: Sequence[TextLine], blocks: Sequence[Sequence[TextLine]], spread: float
) -> Sequence[TextLine]:
    """Find what continues a title right below it, a little smaller: a phrase in the same font.

    After a colon it may be anything.
    """
    last = title[-1]
    below = next(
        (
            block
            for block in blocks
            if block[0].baseline > last.baseline and overlap_width(block[0].bbox, last.bbox) > 0
        ),
        None,
    )
    if below is None or _lists_authors(below[0], last, spread):
        return ()
    is_open = last.text.rstrip().endswith((":", "："))
    has_same_font = (below[0].style.font, below[0].style.bold) == (last.style.font, last.style.bold)
    if not is_open and not has_same_font:
        return ()
    tight = below[0].baseline - last.baseline <= _TITLE_LEADING * last.style.size
    size, largest = below[0].style.size, last.style.size
    alike = _LEAST_SUBTITLE_SHARE * largest <= size and (size < largest or is_open)
    goes_on = is_open or _PHRASE.search(_join_title_lines(below))
    return below if tight and alike and goes_on else ()


def _is_in_picture(block: Sequence[TextLine], pictures: Sequence[BBox]) -> bool:
    return any(contains(picture, line.bbox, tolerance=2) for line in block for picture in pictures)


def _build_title(block: Sequence[TextLine], position: dict[int, int]) -> Title:
    start = position[id(block[0])]
    return Title(_join_title_lines(block), start, max(position[id(line)] for line in block) + 1)


def _group_blocks(lines: Sequence[TextLine], spread: float) -> list[list[TextLine]]:
    """Group lines of one style below each other; `spread` is by how much they are set apart."""
    blocks: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if blocks and _continues(blocks[-1][-1], line, spread):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _continues(above: TextLine, line: TextLine, spread: float) -> bool:
    size = _find_letter_size(above)
    alike = abs(_find_letter_size(line) - size) <= _SAME_SIZE_POINTS
    return (
        not _lists_authors(line, above, spread)
        and (alike or abs(line.style.size - above.style.size) <= _SAME_SIZE_POINTS)
        and line.style.bold == above.style.bold
        and line.style.italic == above.style.italic
        and line.baseline - above.baseline <= _TITLE_LEADING * spread * size
        and overlap_width(above.bbox, line.bbox) > 0
    )


def _lists_authors(line: TextLine, above: TextLine, spread: float) -> bool:
    """Tell whether a line has names alone, and more speaks for authors than that.

    Several have initials or marks of institutes, or the line is set apart from the one above by
    white space, or by its letters, if those above are all capitals.
    """
    unmarked = join_spans([span for span in line.spans if not _is_author_mark(span)])
    names = [name for name in _BETWEEN_NAMES.split(unmarked) if name.strip()]
    if not names or not all(map(_is_name, names)):
        return False
    apart = line.baseline - above.baseline >= _AUTHORS_LEADING * spread * _find_letter_size(above)
    shouted = above.text.isupper() and len(above.text.split()) >= _LEAST_CAPITAL_WORDS
    return (
        len(_INITIAL.findall(unmarked)) > 1
        or sum(map(_is_author_mark, line.spans)) > 1
        or (apart and len(names) > 1)
        or (shouted and not unmarked.isupper() and not above.text.endswith((":", "-", "–")))
    )


def _is_author_mark(span: Span) -> bool:
    return span.superscript and _AUTHOR_MARK.fullmatch(span.text.strip()) is not None


def _is_name(text: str) -> bool:
    """Tell whether a text is made as names of persons are: of a few words with capitals."""
    words = _INITIAL.sub("", text).split()
    return (
        0 < len(words) <= _NAME_WORDS
        and all(
            word in _PARTICLES or (word[0].isupper() and _NAME_WORD.fullmatch(word))
            for word in words
        )
        and not _PHRASE.search(" ".join(words))
    )


def _find_letter_size(line: TextLine) -> float:
    sizes = [
        round(span.size, 1)
        for span in line.spans
        if any(character.isalpha() for character in span.text)
        and not is_math_font(span.font)
        and not span.superscript
    ]
    return max(sizes, default=line.style.size)


def _may_be_title(block: Sequence[TextLine]) -> bool:
    text = _join_title_lines(block)
    if opens_text(text) or _SUBSECTION.match(text):
        return False
    return (
        len(block) <= _TITLE_LINES
        and len(text) <= _TITLE_CHARACTERS
        and len(fold_letters(text)) >= _LEAST_TITLE_LETTERS
    )


def _is_banner(block: Sequence[TextLine], running: set[str]) -> bool:
    """Tell whether a block is the name of the journal, or says what kind of article this is."""
    text = _join_title_lines(block)
    named = _BANNER.search(text) or _names_publisher(text)
    return bool(named) and (fold_letters(text) in running or len(text.split()) <= 8)


def _names_publisher(text: str) -> bool:
    """Tell whether a text is the name of a periodical or a report's number, or institutions."""
    names = map(str.strip, text.split(","))
    return bool(_PERIODICAL.match(text) or _REPORT_NUMBER.fullmatch(text)) or all(
        map(_INSTITUTION.fullmatch, names)
    )


def _join_title_lines(block: Sequence[TextLine]) -> str:
    """Join the lines of a title, without the marks of footnotes."""
    text = ""
    for line in block:
        main = _find_letter_size(line)
        spans = [
            span
            for span, after in zip_longest(line.spans, line.spans[1:])
            if _is_within_name(span, after)
            or not _is_mark(span.text, span.size, main, span.superscript)
        ]
        piece = join_spans(spans)
        text = f"{text[:-1]}{piece}" if _is_hyphenated(text, piece) else f"{text} {piece}"
    return _LABEL.sub("", _MARKS.sub("", re.sub(r"\s+", " ", text)).strip())


def _is_within_name(span: Span, after: Span | None) -> bool:
    """Tell whether a word continues right after raised type: "R²-Guard"."""
    if after is None or after.bbox.x0 - span.bbox.x1 > SPACE_EM * after.size:
        return False
    return re.match(r"[-‐–]?[^\W\d_]", after.text) is not None


def _is_hyphenated(text: str, piece: str) -> bool:
    return (
        text.endswith("-")
        and piece[:1].islower()
        and len(text.rsplit(maxsplit=1)[-1]) > len("pre-")
    )


def _is_mark(text: str, size: float, main: float, raised: bool) -> bool:
    short = len(text.strip()) <= len("1,2")
    return short and (raised or size < 0.75 * main) and not text.strip().isalpha()
