"""Choose what of a document is shown to the model.

All of it is shown where it fits, else what is worth most. Sections go by their worth to the
questions, whole paragraphs at a time; what is left out is put on record. Hidden text is no part of
a document's sections and never gets here, and what tells nothing of the paper is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import Coverage, Document, Section, SectionKind
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.boilerplate import strip_front_matter, without_boilerplate
from chatpaper.summarize.context.floats import select_floats

# What of a paper answers most of the questions, if not everything can be read: what it claims, then
# how it was done and what came out, then what others did.
WORTH: tuple[SectionKind, ...] = (
    "abstract",
    "introduction",
    "conclusion",
    "method",
    "experiments",
    "related",
    "other",
    "appendix",
)

# What figures and tables get at least where not even the running text fits: the main results, but
# no appendix.
LEAST_FLOATS_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Selection:
    """Text for the prompt, and what of the document it covers."""

    text: str
    coverage: Coverage


def select_text(document: Document, budget_tokens: int) -> Selection:
    """Return the most useful text of the document that takes at most `budget_tokens`.

    It is in reading order, and ends with a list of the figures and tables, with their captions and
    the rows of the tables.
    """
    document = without_boilerplate(document)
    sections = document.sections
    names = strip_front_matter(document.front_matter)
    front = f"Authors and affiliations\n{names}" if names else ""
    budget_tokens = max(0, budget_tokens - estimate_tokens(front))
    floats = select_floats(document, _floats_tokens(document, budget_tokens))
    budget_tokens -= estimate_tokens(floats.text)
    kept = [section.text for section in sections]
    if sum(map(_cost, sections)) > budget_tokens:
        kept = _kept_texts(document, budget_tokens)
    shown = [_shown(section, text) for section, text in zip(sections, kept, strict=True) if text]
    parts = [part for part in (front, *shown, floats.text) if part]
    garbled = sum(text.characters for text in document.garbled_text)
    coverage = replace(
        _coverage(sections, kept, floats.tables_left_out), characters_garbled=garbled
    )
    return Selection("\n\n".join(parts), coverage)


def _floats_tokens(document: Document, budget_tokens: int) -> int:
    """Return how many tokens figures and tables may take.

    They may take all that the sections before the appendix leave over, and a share at least.
    """
    kinds = document.classify_sections()
    body = sum(
        _cost(section)
        for section, kind in zip(document.sections, kinds, strict=True)
        if kind != "appendix"
    )
    return max(budget_tokens - body, round(budget_tokens * LEAST_FLOATS_SHARE))


def _kept_texts(document: Document, budget_tokens: int) -> list[str]:
    """Return, for each section, the beginning of it that is kept.

    Every kind of section gets an equal share of the budget first, so that a long introduction does
    not push out the results; what a kind leaves over goes to the others in the order of their
    worth.
    """
    kinds = document.classify_sections()
    kept = [""] * len(kinds)
    order = sorted(range(len(kinds)), key=lambda index: WORTH.index(kinds[index]))
    present = [kind for kind in WORTH if kind in kinds and kind not in ("appendix", "other")]
    share_tokens = budget_tokens // max(1, len(present))
    left_tokens = budget_tokens
    for limits in (dict.fromkeys(present, share_tokens), dict.fromkeys(WORTH, budget_tokens)):
        spent = dict.fromkeys(WORTH, 0)
        for index in order:
            kind, section = kinds[index], document.sections[index]
            room = min(left_tokens, limits.get(kind, 0) - spent[kind])
            longer = _beginning(section, room + estimate_tokens(kept[index]))
            if len(longer) > len(kept[index]):
                cost = estimate_tokens(longer) - estimate_tokens(kept[index])
                spent[kind] += cost
                left_tokens -= cost
                kept[index] = longer
    return kept


def _beginning(section: Section, room_tokens: int) -> str:
    """Return as many whole paragraphs from the start of the section as fit."""
    room_tokens -= estimate_tokens(section.title)
    kept: list[str] = []
    for paragraph in section.text.split("\n\n"):
        room_tokens -= estimate_tokens(paragraph)
        if room_tokens < 0:
            break
        kept.append(paragraph)
    return "\n\n".join(kept)


def _cost(section: Section) -> int:
    return estimate_tokens(section.title) + estimate_tokens(section.text)


def _shown(section: Section, text: str) -> str:
    return f"{section.number} {section.title}".strip() + f"\n{text}"


def _coverage(
    sections: Sequence[Section], kept: Sequence[str], tables_left_out: tuple[str, ...]
) -> Coverage:
    names = [f"{section.number} {section.title}".strip() for section in sections]
    characters_read = sum(map(len, kept))
    has_text = [bool(section.text) for section in sections]
    return Coverage(
        sections_read=tuple(name for name, text in zip(names, kept, strict=True) if text),
        sections_left_out=tuple(
            name
            for name, text, full in zip(names, kept, has_text, strict=True)
            if full and not text
        ),
        characters_read=characters_read,
        characters_left_out=sum(len(section.text) for section in sections) - characters_read,
        tables_left_out=tables_left_out,
        sections_shortened=tuple(
            name
            for name, text, section in zip(names, kept, sections, strict=True)
            if text and len(text) < len(section.text)
        ),
    )
