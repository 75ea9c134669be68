"""Evidence that a line is a heading, taken together: number, type, place, space, and its like.

Weights are fitted by `tests.benchmarks.fit_headings` and kept in `evidence.toml`.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatpaper.extract.headings.known_titles import is_known_title
from chatpaper.extract.headings.numbering import Number
from chatpaper.extract.headings.parsed_headings import ParsedHeading, StyleKey
from chatpaper.extract.headings.quiet.quiet_candidates import find_column, is_centred
from chatpaper.extract.headings.type_styles import is_plain
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.logistic import load_model
from chatpaper.extract.textline import TextLine

_MODEL = load_model(__package__, "evidence.toml")
# White space beyond this, in leadings, says no more.
_MOST_WHITE = 1.5
# Less than this is the usual distance of lines.
_LEAST_WHITE = 0.12
_LARGER_POINTS = 0.7
_LEAST_TEXT_CHARACTERS = 25
_FLUSH_POINTS = 3.0
# Short words, such as "of", are small in titles too.
_LONG_WORD = 4
_MANY_WORDS = 12


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the evidence about a line is taken from beside the line."""

    flow: Sequence[TextLine]
    typesetting: Typesetting
    kept: Sequence[ParsedHeading]


Place = Literal["centred", "flush", "indented"]
GroupKey = tuple[StyleKey, Place, int]


def rate_entries(entries: Sequence[ParsedHeading], around: Surroundings) -> list[float]:
    """Rate how likely entries are headings, from 0 to 1."""
    return list(map(_MODEL.rate, describe_entries(entries, around)))


def describe_entries(
    entries: Sequence[ParsedHeading], around: Surroundings
) -> list[Mapping[str, float]]:
    """Describe each entry by numbers, most of them from 0 to 1, and by those of its like."""
    starts = {entry.candidate.position for entry in (*around.kept, *entries)}
    own = [_describe_line(entry, around, starts) for entry in entries]
    ordered = _find_ordered(entries, around.kept)
    groups: defaultdict[GroupKey, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        groups[_make_group_key(entry, around.typesetting)].append(index)
    pages = max(1, len({line.page for line in around.flow}))
    found: list[Mapping[str, float]] = [{} for _ in entries]
    for members in groups.values():
        numbers = Counter(entries[index].number.parts for index in members)
        count = len(members)

        def share(name: str, members: Sequence[int] = members) -> float:
            return sum(own[index][name] for index in members) / len(members)

        shared = {
            "like: many": min(math.log2(count), 4.0) / 4,
            "like: white above": share("white above"),
            "like: white below": share("white below"),
            "like: heads text": share("heads text"),
            "like: titled": share("titled"),
            "like: stop": share("stop"),
            "like: ordered": sum(ordered[index] for index in members) / count,
            "like: repeated": 1 - len(numbers) / count if numbers.keys() - {()} else 0.0,
            "like: a page": min(count / pages, 3.0) / 3,
            "kept a page": min(len(around.kept) / pages, 3.0) / 3,
        }
        for index in members:
            number = entries[index].number
            found[index] = {
                **own[index],
                **shared,
                "ordered": float(ordered[index]),
                "repeated": float(number.kind != "none" and numbers[number.parts] > 1),
            }
    return found


def _make_group_key(entry: ParsedHeading, typesetting: Typesetting) -> GroupKey:
    return entry.style_key, _find_place(entry, typesetting), entry.number.depth


def _find_place(entry: ParsedHeading, typesetting: Typesetting) -> Place:
    line = entry.candidate.lines[0]
    if is_centred(line, typesetting):
        return "centred"
    column = find_column(line, typesetting)
    flush = column is not None and abs(line.bbox.x0 - column.x0) < _FLUSH_POINTS
    return "flush" if flush else "indented"


def _describe_line(
    entry: ParsedHeading, around: Surroundings, starts: Collection[int]
) -> dict[str, float]:
    candidate, typesetting = entry.candidate, around.typesetting
    style, place = candidate.style, _find_place(entry, typesetting)
    after = candidate.position + len(candidate.lines)
    above = _measure_white(around.flow, candidate.position - 1, candidate.position, typesetting)
    below = _measure_white(around.flow, after - 1, after, typesetting)
    plain = is_plain(style, typesetting)
    numbered = entry.number.kind != "none"
    words = [word for word in entry.title.split() if len(word) >= _LONG_WORD and word.isalpha()]
    cased = [word for word in words if word.lower() != word.upper()]
    titled = sum(not word.islower() for word in cased) / len(cased) if cased else 1.0
    found = {
        "plain": plain,
        "bold": style.bold,
        "italic": style.italic and not style.bold,
        "capitals": style.capitals,
        "larger": style.size > typesetting.body_size + _LARGER_POINTS,
        "smaller": style.size < typesetting.body_size - _LARGER_POINTS,
        "centred": place == "centred",
        "flush": place == "flush",
        "numbered": numbered,
        "deep": entry.number.depth > 1,
        "lettered": entry.number.kind in ("letter", "roman"),
        "plain numbered": plain and numbered,
        "plain centred": plain and place == "centred",
        "column top": above is None,
        "column end": below is None,
        "white above": above or 0.0,
        "white below": below or 0.0,
        "under heading": candidate.position - 1 in starts,
        "heads text": _heads_text(around.flow, after, typesetting, starts),
        "titled": titled,
        "words": min(len(entry.title.split()), _MANY_WORDS) / _MANY_WORDS,
        "stop": candidate.text.endswith((".", "。")),
        "question": candidate.text.endswith(("?", "!", ":", "：")),
        "known": is_known_title(entry.title) or entry.kind != "section",
        "colon": ":" in candidate.text or "：" in candidate.text,
        "pointed": bool(candidate.destination or candidate.outline_level),
        "lines": len(candidate.lines) > 1,
        "uncased": not cased,
        "fits": _fits(entry, around.kept),
    }
    return {name: float(value) for name, value in found.items()}


def _measure_white(
    flow: Sequence[TextLine], upper: int, lower: int, typesetting: Typesetting
) -> float | None:
    """Measure white space between two lines, in leadings; None where a column or the flow ends."""
    if upper < 0 or lower >= len(flow):
        return None
    gap = flow[lower].baseline - flow[upper].baseline
    if flow[lower].page != flow[upper].page or gap <= 0:
        return None
    return max(0.0, min(gap / typesetting.leading - 1, _MOST_WHITE)) / _MOST_WHITE


def _heads_text(
    flow: Sequence[TextLine], after: int, typesetting: Typesetting, starts: Collection[int]
) -> bool:
    """Tell whether a line of text, or of a heading, is below."""
    if after in starts or after >= len(flow):
        return True
    below = flow[after]
    return (
        len(below.text) >= _LEAST_TEXT_CHARACTERS
        and abs(below.style.size - typesetting.body_size) <= 1
    )


def _fits(entry: ParsedHeading, kept: Sequence[ParsedHeading]) -> bool:
    """Tell whether a number lies between those of the kept headings before and after it."""
    same = [other for other in kept if other.number.kind == entry.number.kind]
    before = [o for o in same if o.candidate.position < entry.candidate.position][-1:]
    after = [o for o in same if o.candidate.position > entry.candidate.position][:1]
    return all(o.number.parts < entry.number.parts for o in before) and all(
        entry.number.parts < o.number.parts for o in after
    )


def _find_ordered(entries: Sequence[ParsedHeading], kept: Sequence[ParsedHeading]) -> list[bool]:
    """Tell of each entry whether its number is a first one, or follows any before it."""
    seen: set[tuple[str, tuple[int, ...]]] = set()
    kept_ids = {id(entry) for entry in kept}
    ordered: dict[int, bool] = {}
    for entry in sorted((*kept, *entries), key=lambda each: each.candidate.position):
        number = entry.number
        if id(entry) not in kept_ids:
            ordered[id(entry)] = number.kind != "none" and _follows_any(number, seen)
        seen.add((number.kind, number.parts))
    return [ordered[id(entry)] for entry in entries]


def _follows_any(number: Number, seen: Collection[tuple[str, tuple[int, ...]]]) -> bool:
    *outer, last = number.parts
    if last <= 1:
        return not outer or (number.kind, tuple(outer)) in seen
    return (number.kind, (*outer, last - 1)) in seen
