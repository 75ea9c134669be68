"""Headings: which candidates are ones, with what number and level.

Destinations and bookmarks are trusted where a line looks like a heading; they teach which looks headings have in this
document. Numbers must run in order. Levels come from numbers, then from looks, never from size alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatpaper.extract.candidates import (
    Candidate,
    Look,
    bare,
    find_candidates,
    is_abstract_word,
    look_of,
    section_destination,
)
from chatpaper.extract.numbering import NO_NUMBER, Number, may_follow, readings
from chatpaper.extract.page import PdfContent
from chatpaper.extract.textline import TextLine
from chatpaper.extract.typesetting import Typesetting

HeadingKind = Literal["section", "abstract", "references", "keywords", "contents"]

_REFERENCES = re.compile(
    r"references?(?:andnotes|cited)?|bibliography|literature(?:cited)?|workscited|citations|参考文献|引用文献"
)
_KEYWORDS = re.compile(
    r"(?:additional)?key(?:words|wordsandphrases)|indexterms|ccsconcepts|categoriesandsubjectdescriptors|generalterms|关键词"
)
_CONTENTS = re.compile(r"(?:table)?of?contents|contents|listof(?:figures|tables)|目录")
_BACK_MATTER = re.compile(
    r"acknowledge?ments?|acknowledgements?andfunding|acknowledgements?anddisclosureoffunding|funding(?:information)?|"
    r"(?:authors?)?contributions?|authors?contributionstatement|(?:conflicts?|declaration)of(?:competing)?interests?|"
    r"competing(?:financial)?interests?|(?:data|code|dataandcode|materials)?(?:availability|accessibility)(?:statement)?|"
    r"dataavailability|dataaccessibility|supporting(?:information)?|supplementa(?:ry|l)(?:information|materials?|data)?|"
    r"additionalinformation|ethic(?:s|al)(?:statement|considerations)?|(?:broader)?impacts?(?:statement)?|limitations?|"
    r"reproducibility(?:statement)?|appendi(?:x|ces)|aboutthe?authors?|nomenclature|致谢|附录"
)
_KNOWN = re.compile(
    r"introduction|background|relatedworks?|previouswork|preliminaries|materialsandmethods?|methods?(?:andmaterials)?|"
    r"methodology|approach|theproposedmethod|proposedmethod|model|experiments?|experimental(?:setup|results)|evaluation|"
    r"results?(?:anddiscussions?)?|discussions?(?:andconclusions?)?|conclusions?(?:and(?:futureworks?|discussions?|outlook))?|"
    r"(?:discussionsand)?conclusions?|concludingremarks|futureworks?|summary|motivation|problemstatement|"
    r"引言|绪论|相关工作|方法|实验|结论|总结|结果"
)
# A document is numbered when that share of its sure headings is; back matter and appendices go without.
_NUMBERED_SHARE = 0.5
# A look is one of headings when so many of its lines have numbers in order, or when it is bold, in capitals or larger.
_ORDERED_SHARE = 0.6
# Weak looks (italics, or another font alone) need more: they are used for much else.
_WEAK_SURE_SHARE = 0.5
# White space below a heading, in leadings; the next line of a paragraph is one leading away.
_SPACE_BELOW = 1.04
# A line of text is that long at least; cells of tables and labels are shorter.
_LEAST_TEXT_CHARACTERS = 25
DEEPEST_LEVEL = 4
_LEVEL_OF_LEAD_INS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the flow of the document: its lines are `position` to `position + line_count`."""

    number: str
    title: str
    level: int
    page: int
    position: int
    line_count: int
    kind: HeadingKind = "section"
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A candidate with the way that it is read."""

    candidate: Candidate
    number: Number
    title: str
    is_abstract: bool = False

    @property
    def key(self) -> "_LookKey":
        return _look_key(self.candidate.look)

    @property
    def kind(self) -> HeadingKind:
        return "abstract" if self.is_abstract else _kind(self.title)

    @property
    def backed(self) -> bool:
        """Whether the file itself says that this is a section."""
        level, starred, _ = section_destination(self.candidate.destination)
        return (0 < level < DEEPEST_LEVEL and not starred) or self.candidate.outline_level > 0

    @property
    def sure(self) -> bool:
        """Whether it is a heading without regard to others."""
        return self.backed or self.kind != "section" or is_known_title(self.title)


_LookKey = tuple[str, float, bool, bool, bool]


def _look_key(look: Look) -> _LookKey:
    """Looks that are one: capitals matter only in type that is neither bold nor of another size than its fellows."""
    return look.font, round(2 * look.size) / 2, look.bold, look.italic, look.capitals and not (look.bold or look.italic)


def _kind(title: str) -> HeadingKind:
    letters = bare(title)
    kinds: tuple[tuple[re.Pattern[str], HeadingKind], ...] = (
        (_REFERENCES, "references"),
        (_KEYWORDS, "keywords"),
        (_CONTENTS, "contents"),
    )
    if is_abstract_word(title):
        return "abstract"
    return next((kind for pattern, kind in kinds if pattern.fullmatch(letters)), "section")


def is_known_title(title: str) -> bool:
    """Whether the title is one that papers of all fields have."""
    letters = bare(title)
    return bool(_KNOWN.fullmatch(letters) or _BACK_MATTER.fullmatch(letters))


def opens_text(text: str) -> bool:
    """Whether a line is the heading of an abstract or of a first section."""
    return any(is_abstract_word(title) or is_known_title(title) for _, title in readings(text))


def find_headings(
    flow: Sequence[TextLine], content: PdfContent, setting: Typesetting, start: int = 0
) -> tuple[Heading, ...]:
    """All headings of the document's flow from `start` on, in its order, also those of abstract and references."""
    found = find_candidates(flow, content, setting)
    candidates = [candidate for candidate in found if candidate.position >= start]
    entries = [_summary_as_abstract(entry, flow) for entry in _numbered(candidates)]
    entries = _after_front_matter(entries)
    entries = _of_heading_looks(entries, flow, setting)
    entries = [entry for part in _parted_at_references(entries) for entry in _in_order(part)]
    return _with_levels(entries, setting)


# --- numbers


def _numbered(candidates: Sequence[Candidate]) -> list[_Entry]:
    roman = _counts_in_roman(candidates)
    entries: list[_Entry] = []
    last: dict[str, Number] = {}
    for candidate in candidates:
        number, title = _reading(candidate, roman, last)
        if number.kind != "none":
            last[number.kind] = number
            if number.kind == "roman":
                last.pop("letter", None)
        entries.append(_Entry(candidate, number, title))
    return entries


def _counts_in_roman(candidates: Sequence[Candidate]) -> bool:
    """Whether sections are I, II, III: two such numerals at least that cannot be letters."""
    values = {
        number.parts for candidate in candidates for number, _ in readings(candidate.text) if number.kind == "roman"
    }
    return bool(values & {(1,)}) and bool(values & {(2,), (3,)})


def _reading(candidate: Candidate, roman: bool, last: Mapping[str, Number]) -> tuple[Number, str]:
    """The way to read a candidate that fits its destination, else the numbers before it."""
    ways = readings(candidate.text)
    _, starred, named = section_destination(candidate.destination)
    for number, title in ways:
        if named and not starred and number.text and bare(number.text) == bare(named):
            return number, title
    for number, title in ways:
        if number.kind == "arabic" or (number.kind == "roman" and roman and _fits(number, last)):
            return number, title
        if number.kind == "letter" and _is_lettered(candidate, number, title) and _fits(number, last):
            return number, title
    if roman and ways[0][0].kind == "roman":
        return ways[0]
    return NO_NUMBER, candidate.text


def _fits(number: Number, last: Mapping[str, Number]) -> bool:
    """Whether a number can come after the last one of its kind: it begins anew, repeats it, or goes on."""
    before = last.get(number.kind)
    if number.parts == (1,) or number.appendix or (number.kind == "letter" and number.depth > 1):
        return True
    if before is None:
        return number.parts[0] == 1
    return before.parts <= number.parts and number.parts[0] - before.parts[0] <= _MISSED_NUMBERS


# So many headings in a row may have been missed before one is taken for something else.
_MISSED_NUMBERS = 2


def _is_lettered(candidate: Candidate, number: Number, title: str) -> bool:
    """Whether the first letter is a number: a point follows, or a gap; "A Survey" has neither."""
    text = candidate.text
    after = text[text.find(number.text) + len(number.text) :][:1]
    if number.appendix or number.depth > 1 or after in ".:)–—-" or not title:
        return True
    spans = candidate.lines[0].spans
    first, *rest = [span for span in spans if span.text.strip()]
    if not rest:
        return "  " in first.text or "\u2003" in first.text
    gap = rest[0].bbox.x0 - first.bbox.x1
    return first.text.strip() == number.text and gap > _NUMBER_GAP_EM * first.size


# The space after a number is half an em at least; between words it is a third, stretched in justified lines only.
_NUMBER_GAP_EM = 0.45


def _summary_as_abstract(entry: _Entry, flow: Sequence[TextLine]) -> _Entry:
    """Journals of the life sciences call the abstract "Summary"; elsewhere that is a last section."""
    first_page = flow[0].page if flow else 1
    is_summary = bare(entry.title) == "summary" and not entry.number.text and entry.candidate.page == first_page
    return replace(entry, is_abstract=True) if is_summary else entry


# --- selection


def _after_front_matter(entries: list[_Entry]) -> list[_Entry]:
    """Without what stands before the first sure heading: the title, authors and their addresses are set apart too."""
    first = next((index for index, entry in enumerate(entries) if entry.sure), None)
    if first is None:
        return entries
    start = first
    if entries[first].kind != "abstract":
        same = entries[first]
        while (
            start
            and entries[start - 1].key == same.key
            and may_follow(entries[start - 1].number, entries[start].number)
        ):
            start -= 1
    return entries[start:]


def _of_heading_looks(entries: list[_Entry], flow: Sequence[TextLine], setting: Typesetting) -> list[_Entry]:
    """The entries that are sure, and those in a look that the sure ones or numbers in order prove."""
    looks: defaultdict[_LookKey, list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.sure or entry.number.kind != "none" or _heads_text(entry, flow, setting):
            looks[entry.key].append(entry)
    accepted = {key for key, members in looks.items() if _is_heading_look(key, members, setting)}
    kept = {id(entry) for key in accepted for entry in looks[key]}
    return [entry for entry in entries if id(entry) in kept or entry.backed or entry.kind != "section"]


def _heads_text(entry: _Entry, flow: Sequence[TextLine], setting: Typesetting) -> bool:
    """Whether body text begins below: after white space, or indented, as a paragraph does; or another heading.

    After a lead-in that happens to fill its line, the text goes on flush left at the usual distance.
    """
    lines = entry.candidate.lines
    following = flow[entry.candidate.position + len(lines) : entry.candidate.position + len(lines) + 1]
    if not following:
        return True  # nothing but figures below
    below, last = following[0], lines[-1]
    if below.page != last.page or below.baseline < last.baseline:
        return True
    if abs(below.style.size - setting.body_size) > 1 or len(below.text) < _LEAST_TEXT_CHARACTERS:
        return below.style.bold and look_of(below.spans, setting.body_size) is not None
    gap = below.baseline - last.baseline
    indented = below.bbox.x0 > last.bbox.x0 + setting.body_size / 2
    return gap > _SPACE_BELOW * setting.leading or indented


def _is_heading_look(key: _LookKey, members: Sequence[_Entry], setting: Typesetting) -> bool:
    _, size, bold, _, capitals = key
    strong = bold or capitals or size > setting.body_size + 1
    sure = sum(entry.sure for entry in members) / len(members)
    ordered = sum(
        may_follow(earlier.number, later.number)
        or (
            later.number.kind == "letter"
            and later.number.parts[-1] in (1, earlier.number.parts[-1] + 1 if earlier.number.parts else 1)
        )
        for earlier, later in zip([_BEFORE_ALL, *members], members, strict=False)
        if later.number.kind != "none"
    )
    if ordered >= _ORDERED_SHARE * len(members):
        return len(members) > 1 or sure > 0
    return strong or sure >= _WEAK_SURE_SHARE


_BEFORE_ALL = _Entry(Candidate(0, (), "", Look("", 0, False, False, False)), NO_NUMBER, "")


def _parted_at_references(entries: list[_Entry]) -> list[list[_Entry]]:
    """What comes up to the bibliography, and after it: supplements may count anew."""
    ends = [index + 1 for index, entry in enumerate(entries) if entry.kind == "references"]
    starts = [0, *ends]
    return [entries[start:end] for start, end in zip(starts, [*ends, len(entries)], strict=True)]


def _in_order(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries without those whose numbers stand in no order with the others: items of lists, cells of tables."""
    dropped: set[int] = set()
    for kind in ("arabic", "roman"):
        own = [entry for entry in entries if entry.number.kind == kind]
        chain = {id(entry) for entry in _longest_chain(own)}
        dropped |= {id(entry) for entry in own if id(entry) not in chain and not entry.backed}
    return [entry for entry in entries if id(entry) not in dropped]


def _longest_chain(entries: Sequence[_Entry]) -> list[_Entry]:
    """The heaviest rising sequence: sure entries weigh more, and so do numbers that follow each other."""
    best: list[tuple[float, int]] = []
    for index, entry in enumerate(entries):
        weight, previous = 0.0, -1
        for earlier in range(index):
            if entries[earlier].number.parts < entry.number.parts:
                step = best[earlier][0] + may_follow(entries[earlier].number, entry.number)
                if step > weight:
                    weight, previous = step, earlier
        begins = entry.number.parts in ((1,), (0,)) and previous < 0
        best.append((weight + (3 if entry.sure else 1) + begins, previous))
    chain: list[_Entry] = []
    index = max(range(len(best)), key=lambda position: best[position][0], default=-1)
    while index >= 0:
        chain.append(entries[index])
        index = best[index][1]
    return chain[::-1]


# --- levels


def _with_levels(entries: Sequence[_Entry], setting: Typesetting) -> tuple[Heading, ...]:
    roman = sum(entry.number.kind == "roman" for entry in entries) > 1
    by_number = {id(entry): _number_level(entry, roman) for entry in entries}
    look_levels = _look_levels(entries, by_number, setting)
    headings: list[Heading] = []
    above = 0
    siblings: dict[_LookKey, int] = {}
    in_appendix = False
    after_references = False
    for entry in entries:
        level = by_number[id(entry)] or siblings.get(entry.key) or min(_unnumbered_level(entry, look_levels), above + 1)
        above = level
        siblings = siblings | {entry.key: level} if level > 1 and not by_number[id(entry)] else {}
        after_references |= entry.kind == "references"
        in_appendix |= _begins_appendix(entry, level, roman, after_references)
        ends = level == 1 and not entry.number.text and _is_back_matter(entry.title)
        in_appendix &= not ends or _names_appendix(entry.title)
        headings.append(_heading(entry, level, in_appendix))
    return tuple(headings)


def _heading(entry: _Entry, level: int, appendix: bool) -> Heading:
    candidate = entry.candidate
    return Heading(
        number=entry.number.text,
        title=entry.title or candidate.text,
        level=min(level, DEEPEST_LEVEL),
        page=candidate.page,
        position=candidate.position,
        line_count=len(candidate.lines),
        kind=entry.kind,
        appendix=appendix and entry.kind == "section",
    )


def _number_level(entry: _Entry, roman: bool) -> int:
    """The level that a number tells; 0 without one."""
    number = entry.number
    if number.kind == "none":
        return 0
    if number.kind == "letter" and number.depth == 1 and roman:
        return 1 if number.appendix else 2
    if number.kind == "arabic" and number.depth == 1 and roman:
        return _LEVEL_OF_LEAD_INS
    return number.depth


def _look_levels(
    entries: Sequence[_Entry], by_number: Mapping[int, int], setting: Typesetting
) -> Mapping[_LookKey, int]:
    """The level that each look has: of its numbered headings, else by rank among the looks without numbers."""
    votes: defaultdict[_LookKey, Counter[int]] = defaultdict(Counter)
    for entry in entries:
        if by_number[id(entry)]:
            votes[entry.key][by_number[id(entry)]] += 1
    levels = {key: counter.most_common(1)[0][0] for key, counter in votes.items()}
    numbered = sum(1 for level in by_number.values() if level)
    if levels and numbered >= _NUMBERED_SHARE * len(entries):
        return levels | _levels_beside(levels, entries)
    return _ranked_levels(entries) | levels


def _levels_beside(levels: Mapping[_LookKey, int], entries: Sequence[_Entry]) -> dict[_LookKey, int]:
    """In a numbered document, other looks are as high as the numbered ones of their size, else lead-ins."""
    found: dict[_LookKey, int] = {}
    for key in {entry.key for entry in entries} - set(levels):
        larger = [level for other, level in levels.items() if key[1] >= other[1] and key[2] >= other[2]]
        found[key] = min(larger, default=_LEVEL_OF_LEAD_INS)
    return found


def _ranked_levels(entries: Sequence[_Entry]) -> dict[_LookKey, int]:
    """Looks in the order of rank: that of the titles all papers have comes first, then by size, weight, capitals."""
    known = Counter(entry.key for entry in entries if _KNOWN.fullmatch(bare(entry.title)))
    known.update(entry.key for entry in entries if entry.kind == "references")
    if not known:
        known.update(entry.key for entry in entries)
    top = known.most_common(1)[0][0] if known else None
    levels: dict[_LookKey, int] = {}
    rank, before = 1, None
    for key in sorted({entry.key for entry in entries}, key=_prominence, reverse=True):
        if top is not None and _prominence(key) >= _prominence(top):
            levels[key] = 1
            continue
        if before != _prominence(key):
            rank, before = rank + 1, _prominence(key)
        levels[key] = rank
    return levels


def _prominence(key: _LookKey) -> tuple[float, bool, bool, bool]:
    _, size, bold, italic, capitals = key
    return size, bold, capitals, not italic


def _unnumbered_level(entry: _Entry, look_levels: Mapping[_LookKey, int]) -> int:
    if _is_back_matter(entry.title) or entry.kind != "section":
        return 1
    return look_levels.get(entry.key, _LEVEL_OF_LEAD_INS)


def _is_back_matter(title: str) -> bool:
    return bool(_BACK_MATTER.fullmatch(bare(title)))


def _names_appendix(title: str) -> bool:
    return bool(re.match(r"appendi|supplement|附录", title, re.I))


def _begins_appendix(entry: _Entry, level: int, roman: bool, after_references: bool) -> bool:
    if entry.kind != "section" or level != 1:
        return False
    lettered = entry.number.kind == "letter"
    return lettered or entry.number.appendix or _names_appendix(entry.title) or after_references
