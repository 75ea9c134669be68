"""The authors whom a paper names on its first page.

They stand in the record of a paper from arXiv; of a file there is the first page alone. A list that
may lack somebody is worse than none: names are returned where the page leaves no doubt.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatpaper.domain import Document
from chatpaper.domain.text.folding import collapse_spaces, fold_accents
from chatpaper.domain.text.scripts import HAN, LATIN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.context.boilerplate import PARTICLE, names_institute
from chatpaper.summarize.context.prompt_injection import blank_commands

_TABLES = load_word_tables(__name__)
_NO_NAME = re.compile(rf"\b(?:{_TABLES.join('no_name')})\b", re.IGNORECASE)
_BEFORE = re.compile(_TABLES.join("before"), re.IGNORECASE)
_TITLE = re.compile(rf",\s*(?:{_TABLES.join('titles')})(?=\s*(?:,|\Z))")
_MARK = r"[∗*†‡§¶⋄♠♣♦♡♢⇤⋆+#$^]|\d{1,2}"
# Marks behind a name, the number of an identifier, and a comma between two marks.
_MARKS = re.compile(rf"(?:\s?(?:{_MARK}|\[[\dX−-]+\]|[,.](?=\s?(?:{_MARK}))))+")
_BEGINS_WITH_MARK = re.compile(rf"\s*(?:{_MARK}|•)")
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|&)\s|;|,|&|\band\s)\s*")
_CAPITAL = rf"(?![a-zß-ÿ])[{LATIN}]"
_WORD = rf"(?:{_CAPITAL}[{LATIN}]*[’'-])*{_CAPITAL}[{LATIN}]+(?:[’'-][{LATIN}]+)*"
_INITIALS = rf"{_CAPITAL}(?:\.-?{_CAPITAL})*\.?"
# A family name may have one letter: Weinan E.
_NAME = re.compile(
    rf"(?:{_WORD}|{_INITIALS})(?: (?:{_WORD}|{_INITIALS}|{PARTICLE}))* {_WORD}|{_WORD} {_CAPITAL}"
    rf"|[{HAN}]{{2,4}} ?[(（]{_WORD}(?: {_WORD})+[)）]"
)
_HANDLES = re.compile(r"\{([^{}]*)\}\s?@|([\w.+-]+)@")
# A single word is no name of a person, and two names between which a comma is lost have five.
MOST_WORDS = 4
# A handle has so many letters of a longer name at least: "usz" of Uszkoreit.
TELLING_LETTERS = 3
_LETTER_AS_MARK = re.compile(rf"[a-z]{_CAPITAL}[a-z]")
# As in 崔青松 (Qingsong Cui).
_IN_BRACKETS = re.compile(r"[(（](.*)[)）]")


def read_authors(document: Document) -> tuple[str, ...]:
    """Return the authors in their order, as the first page prints them; () where it leaves doubt.

    Either names in a row stand before all else, or each author stands above an address of their
    own.
    """
    front = blank_commands(document.front_matter)
    lines = [collapse_spaces(line) for line in front.splitlines() if line.strip()]
    if any(map(_LETTER_AS_MARK.match, lines)):
        # The same letters stand behind the names, and look like parts of them.
        return ()
    if lines and _BEFORE.fullmatch(lines[0]):
        del lines[0]
    body = " ".join((document.abstract, *(section.text for section in document.sections)))
    used = frozenset(re.findall(r"\b[a-zß-ÿ]{2,}\b", body))
    names = _names_in_a_row(lines) or _names_above_addresses(lines)
    return () if any(_is_made_of(name, used) for name in names) else names


def _names_in_a_row(lines: Sequence[str]) -> tuple[str, ...]:
    """Read the names before the first line that has something else.

    Rows without commas and marks are of names of two words each, where there are as many addresses.
    """
    rows: list[str] = []
    for line in lines:
        if not _continues(rows, line):
            break
        rows.append(line)
    parted = [_parted(row) for row in _joined(rows)]
    if any(_may_be_several(parts) for parts in parted):
        handles = [handle for line in lines for handle in _handles(line)]
        parted = [_in_pairs(parts[0]) if _may_be_several(parts) else parts for parts in parted]
        if sum(map(len, parted)) != len(handles):
            return ()
    names = tuple(name for parts in parted for name in parts)
    below = lines[len(rows) :]
    # Somebody who stands below the names is missing among them.
    is_cut = any(map(_has_name, below[:1])) or (
        len(names) == 1 and any(map(_has_name_alone, below))
    )
    return names if not is_cut and all(map(_is_name, names)) else ()


def _continues(rows: Sequence[str], line: str) -> bool:
    """Tell whether a line has names alone, after the rows of names above it."""
    if _is_no_row(line):
        return False
    parts = _parted(line)
    is_open = bool(rows) and _goes_on(rows[-1])
    if is_open:
        return all(map(_may_be_name, parts[1:])) and re.match(_CAPITAL, line) is not None
    # A single name below others has a mark as they have, or may be a place.
    is_row = (
        not rows
        or len(parts) > 1
        or _may_be_several(parts)
        or all(_MARKS.search(row) for row in (rows[-1], line))
    )
    return is_row and all(map(_may_be_name, parts))


def _may_be_name(part: str) -> bool:
    """Tell whether a part of a row is a name, the beginning of one, or several without a comma."""
    return _NAME.fullmatch(part) is not None or re.fullmatch(_WORD, part) is not None


def _goes_on(row: str) -> bool:
    """Tell whether a list, or the last name of it, goes on in the next line."""
    *first, last = _parted(row)
    return (bool(first) and " " not in last) or re.search(r"(?:,|\band|&)\s*\Z", row) is not None


def _joined(rows: Sequence[str]) -> Iterator[str]:
    """Yield the rows, those in one between which a name or a list goes on."""
    text = ""
    for row, following in pairwise((*rows, "")):
        text = f"{text} {row}".strip()
        if not following or not _goes_on(row):
            yield text
            text = ""


def _parted(row: str) -> list[str]:
    """Return the parts of a row between commas and marks, without marks and titles."""
    text = _TITLE.sub("", row)
    parts = (part.strip(" .") for part in _BETWEEN.split(_MARKS.sub(" , ", f" {text} ")))
    return [part for part in parts if part] or [""]


def _may_be_several(parts: Sequence[str]) -> bool:
    """Tell whether a row may have several names between which there is no comma."""
    words = parts[0].split()
    is_plain = all(re.fullmatch(_WORD, word) for word in words)
    return len(parts) == 1 and len(words) >= MOST_WORDS and is_plain


def _in_pairs(names: str) -> list[str]:
    words = names.split()
    return [" ".join(pair) for pair in zip(words[::2], words[1::2], strict=False)]


def _names_above_addresses(lines: Sequence[str]) -> tuple[str, ...]:
    """Read the lines that are a name each, with an address between each and the next one."""
    names: list[str] = []
    addresses = 0
    waiting: list[str] = []
    for line in lines:
        handles = list(_handles(line))
        if _has_name_alone(line):
            waiting.append(_parted(line)[0])
        elif handles and not _BEGINS_WITH_MARK.match(line):
            addresses += len(handles)
            # A place may look like a name; the name is on top.
            names += [name for name in waiting[:1] if _fits(name, handles[0])]
            waiting = []
    return tuple(names) if len(names) == addresses else ()


def _has_name_alone(line: str) -> bool:
    """Tell whether a line may be one name, with marks, and nothing else."""
    return _has_name(line) and len(_parted(line)) == 1


def _has_name(line: str) -> bool:
    return not _is_no_row(line) and any(map(_is_name, _parted(line)))


def _is_no_row(line: str) -> bool:
    """Tell whether a line is no row of names: it names an institute, say, or begins with a mark."""
    return (
        _BEGINS_WITH_MARK.match(line) is not None
        or names_institute(line)
        or _NO_NAME.search(line) is not None
    )


def _handles(line: str) -> Iterator[str]:
    """Yield what stands before the @ of each address of a line."""
    for several, one in _HANDLES.findall(line):
        yield from (part.strip() for part in (several or one).split(",") if part.strip())


def _fits(name: str, handle: str) -> bool:
    """Tell whether the handle of an address has a word of a name, or the beginning of one."""
    bracketed = _IN_BRACKETS.search(name)
    words = map(fold_accents, (bracketed[1] if bracketed else name).split())
    told = fold_accents(handle)
    return any(word[:TELLING_LETTERS] in told for word in words if len(word) > 1)


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and len(text.split()) <= MOST_WORDS


def _is_made_of(name: str, used: frozenset[str]) -> bool:
    """Tell whether all words of a name are words of the paper, as in Large Language Models."""
    words = re.findall(rf"[{LATIN}]{{2,}}", name)
    return bool(words) and all(word.lower() in used for word in words)
