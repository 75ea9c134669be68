"""What stands in a paper and tells nothing of it.

Such are publishers' notices, tables of contents, and lists of hundreds of names. It is not sent to
a model. The checks go on reading it, since an answer may quote it.
"""

import re
from dataclasses import replace

from chatpaper.domain import Document, Section
from chatpaper.domain.text.tables import load_word_tables

# A dozen authors with their institutes take some 1,000 characters; institutes of a collaboration go
# on for pages.
SHOWN_CHARACTERS = 2000
# Longer lists of names are those of a collaboration, which the record of the paper has anyhow.
MOST_NAMES = 30
# Entries of a table of contents in one paragraph from which on it is one.
_LEAST_ENTRIES = 3
# So many lines of prose on a title page without an institute are notes on who did what, or text of
# the paper.
_MOST_PROSE_LINES = 2
_PROSE_CHARACTERS, _PROSE_WORDS = 40, 5

_TABLES = load_word_tables(__name__)
# The words of publishers' notices.
_NOTICE = re.compile(
    rf"\b(?:{_TABLES.join('notices')})"
    f"|{_TABLES.join('signs_of_notices')}",
    re.IGNORECASE,
)
_OF_PUBLISHER = re.compile(_TABLES.join("of_publisher"), re.IGNORECASE)
_DATE = (
    r"(?:\d{1,2}\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s"
    r"(?:\d{1,2},?\s)?\d{4}"
)
_DATE_ALONE = re.compile(
    rf"\(?(?:received|accepted|revised|published|open|article|{_DATE}|[-–;,.:)\s])+\Z",
    re.IGNORECASE,
)
# What names an institute, or gives an address there.
_INSTITUTE = re.compile(
    rf"\b(?:{_TABLES.join('institutes')})"
    f"|@|{_TABLES.join('institutes_in_chinese')}",
    re.IGNORECASE,
)
_PARAGRAPH_NOTICE = re.compile(rf"\s*(?:{_TABLES.join('paragraph_notice')})", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){4,60}\s?\d{1,4}\b|…{2,20}\s?\d{1,4}\b")
_BETWEEN_NAMES = re.compile(r"[,;&\n•·]|\band\b")
_MARKS = re.compile(r"[\d*∗†‡§¶⋆^{}()\[\]]+")
# Particles may stand between the capitals of names of persons.
PARTICLE = rf"(?:{_TABLES.join('particles')})"
_NAME = re.compile(rf"(?:(?:[A-Z][\w.'’-]*|{PARTICLE})(?:[\s-]|\Z)){{2,5}}\Z")


def strip_front_matter(front_matter: str) -> str:
    """Return authors and affiliations alone.

    Publishers' notices, notes on the authors, and long lists of names are left out.
    """
    kept = [unit for unit in _units(front_matter.splitlines()) if not _tells_nothing(unit)]
    return _without_name_lists("\n".join("\n".join(unit) for unit in kept))[
        :SHOWN_CHARACTERS
    ].strip()


def names_institute(line: str) -> bool:
    """Tell whether a line has a word that names an institute, or an address there."""
    return _INSTITUTE.search(line) is not None


def without_boilerplate(document: Document) -> Document:
    """Return the document without paragraphs that tell nothing of the paper."""
    return replace(document, sections=tuple(map(_cleared, document.sections)))


def _cleared(section: Section) -> Section:
    paragraphs = section.text.split("\n\n")
    kept = [paragraph for paragraph in paragraphs if not _is_boilerplate(paragraph)]
    return section if len(kept) == len(paragraphs) else replace(section, text="\n\n".join(kept))


def _is_boilerplate(paragraph: str) -> bool:
    if _PARAGRAPH_NOTICE.match(paragraph) or len(_LEADERS.findall(paragraph)) >= _LEAST_ENTRIES:
        return True
    names = _names_in(paragraph)
    return names > MOST_NAMES and 2 * names > len(_BETWEEN_NAMES.split(paragraph))


def _units(lines: list[str]) -> list[list[str]]:
    """Return the lines in runs that read on: a sentence that is set in several lines is one."""
    units: list[list[str]] = []
    for line in filter(str.strip, lines):
        if units and _reads_on(units[-1][-1], line):
            units[-1].append(line)
        else:
            units.append([line])
    return units


def _reads_on(above: str, line: str) -> bool:
    last = above.rstrip()[-1:]
    if last in ",;":
        return line[:1].islower() or bool(_NOTICE.search(above))
    if last in ".!?:":
        return False
    if line[:1].islower() and _NOTICE.search(above):
        return True
    return last == "-" or (_is_prose(above) and (line[:1].islower() or _is_prose(line)))


def _is_prose(line: str) -> bool:
    words = line.split()
    return (
        len(line) >= _PROSE_CHARACTERS
        and len(words) >= _PROSE_WORDS
        and 2 * sum(word[0].islower() for word in words) > len(words)
    )


def _tells_nothing(unit: list[str]) -> bool:
    text = " ".join(unit)
    if _DATE_ALONE.match(text):
        return True
    has_institute = _INSTITUTE.search(text) is not None
    if _NOTICE.search(text):
        return not has_institute or _OF_PUBLISHER.search(text) is not None
    return sum(map(_is_prose, unit)) > _MOST_PROSE_LINES and not has_institute


def _without_name_lists(text: str) -> str:
    """Return the text, where the lines of a long list of names give way to a word on it."""
    lines = text.splitlines()
    names = [0 if _INSTITUTE.search(line) else _names_in(line) for line in lines]
    if sum(names) <= MOST_NAMES:
        return text
    kept = [line for line, count in zip(lines, names, strict=True) if not count]
    return "\n".join(["(a long list of authors)", *kept])


def _names_in(text: str) -> int:
    """Count the names of people that a text lists.

    A name is two to five words with capital letters, between commas.
    """
    return sum(
        bool(_NAME.match(_MARKS.sub(" ", part).strip()[:80])) for part in _BETWEEN_NAMES.split(text)
    )
