"""The links that a paper announces as its own: its code, models, data, demo or project page.

Each link is judged by the words that lead to it. Those of a link in a note are the note's own, or,
if it is nothing but a link, the words before the mark of the note. Those of a link without a
printed address ("here", "Project page", an icon) are the words before it and its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from chatpaper.domain import BBox, Section
from chatpaper.domain.text.announcements import (
    is_announced,
    is_borrowed,
    is_labelled,
    opens_availability,
)
from chatpaper.extract.boxes import contains_center
from chatpaper.extract.layout.footnotes import Note
from chatpaper.extract.links.addresses import (
    PRINTED_LINK,
    complete_link,
    is_code_host,
    normalize_link,
)
from chatpaper.extract.page import Link, Page
from chatpaper.extract.textline import TextLine, join_spans

Place = Literal["front", "abstract", "text", "availability"]

# Papers, licences and people are not code; anonymous code is shown to reviewers only by its
# authors.
_NEVER_OWN = (
    "doi.org",
    "arxiv.org",
    "openreview.net",
    "orcid.org",
    "creativecommons.org",
    "acm.org",
    "ieee.org",
)
_ALWAYS_OWN = "anonymous.4open.science"
# A note of fewer words belongs to the sentence with its mark: "Available at …".
_LEAST_NOTE_WORDS = 4
# https://host/owner/name
_SLASHES_OF_REPOSITORY = 4
# Lines before a link in which its sentence begins.
_LINES_BEFORE = 3
# Enough to contain the sentence that leads to a link.
_MOST_BEFORE = 600


@dataclass(frozen=True, slots=True)
class LinkContext:
    """The parts of a document in which links are looked for.

    `front` are the lines between title and abstract, `under_abstract` those from there to the first
    section.
    """

    title: str
    front: Sequence[TextLine]
    abstract: str
    abstract_lines: Sequence[TextLine]
    under_abstract: Sequence[TextLine]
    sections: Sequence[Section]
    notes: Sequence[Note]
    body: Sequence[TextLine]


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A link, the words that lead to it, and what of it is seen."""

    uri: str
    before: str
    place: Place
    page: int
    seen: Literal["address", "words", "picture"] = "address"


def find_own_links(pages: Sequence[Page], texts: LinkContext) -> tuple[str, ...]:
    """Find a paper's own links, normalized, each once: those of the title page first."""
    annotated = [link.uri for page in pages for link in page.links]
    found = [
        *_find_printed(texts),
        *(each for page in pages for each in _find_annotated(page, texts)),
    ]
    own = [each for each in found if _is_own(each, texts.title)]
    order: tuple[Place, ...] = ("front", "abstract", "availability", "text")
    own.sort(key=lambda each: (each.page > 1, order.index(each.place)))
    uris = dict.fromkeys(complete_link(each.uri, annotated) for each in own)
    return tuple(
        uri
        for uri in uris
        if not any(other != uri and other.startswith(f"{uri}/") for other in uris)
    )


def _is_own(link: _Occurrence, title: str) -> bool:
    host = urlsplit(link.uri).hostname or ""
    if host == _ALWAYS_OWN:
        return True
    if any(host == known or host.endswith(f".{known}") for known in _NEVER_OWN):
        return False
    if is_announced(link.before, title):
        return True
    if is_borrowed(link.before):
        return False
    if link.page == 1 and is_labelled(link.before):
        return True
    if link.place == "front":
        # Author names lead to personal pages, and so do pictures beside them.
        return is_code_host(link.uri) and (
            link.seen == "address"
            or (link.seen == "picture" and link.uri.count("/") >= _SLASHES_OF_REPOSITORY)
        )
    return link.place in ("abstract", "availability") and is_code_host(link.uri)


def _find_printed(texts: LinkContext) -> Iterator[_Occurrence]:
    for line in texts.front:
        yield from _find_in_text(line.text, "front", line.page)
    yield from _find_in_text(texts.abstract, "abstract", 1)
    for line in texts.under_abstract:
        yield from _find_in_text(line.text, "text", line.page)
    for section in texts.sections:
        place: Place = "availability" if opens_availability(section.title) else "text"
        yield from _find_in_text(section.text, place, section.page)
    for note in texts.notes:
        for each in _find_in_text(note.text, "text", note.page):
            yield each
            if _hangs_on_text(each.before):
                yield replace(each, before=f"{note.anchor} {each.before}")


def _find_in_text(text: str, place: Place, page: int) -> Iterator[_Occurrence]:
    for match in PRINTED_LINK.finditer(text):
        if uri := normalize_link(match[0]):
            yield _Occurrence(uri, text[: match.start()][-_MOST_BEFORE:], place, page)


def _hangs_on_text(before: str) -> bool:
    words = [
        word for word in PRINTED_LINK.sub(" ", before).split() if word.strip(".,:;()").isalpha()
    ]
    return len(words) < _LEAST_NOTE_WORDS


def _find_annotated(page: Page, texts: LinkContext) -> Iterator[_Occurrence]:
    """Find the links of a page's annotations, over text or beside it."""
    lines = [line for line in texts.body if line.page == page.number]
    places: dict[int, Place] = {id(line): "abstract" for line in texts.abstract_lines}
    places.update({id(line): "front" for line in texts.front})
    for link in page.links:
        uri = normalize_link(link.uri)
        if not uri:
            continue
        index = next((index for index, line in enumerate(lines) if _is_on(link, line)), None)
        if index is None:
            yield from _find_beside_text(link, uri, page, texts)
            continue
        place = places.get(id(lines[index]), "text")
        before, words = _split_around(lines[index], link.bbox)
        has_printed = PRINTED_LINK.search(words) is not None
        if place == "text" and has_printed:
            continue  # found in print, where its sentence is whole
        above = [line.text for line in lines[max(0, index - _LINES_BEFORE) : index]]
        leading = " ".join([*above, before])
        has_address = has_printed or "." in words
        if place == "front" and not has_address:
            leading = f"{leading} {words}"
        yield _Occurrence(uri, leading, place, page.number, "address" if has_address else "words")


def _find_beside_text(
    link: Link, uri: str, page: Page, texts: LinkContext
) -> Iterator[_Occurrence]:
    """Find a link above the abstract of the first page that is not in the text, such as an icon."""
    top = min((line.bbox.y0 for line in texts.abstract_lines if line.page == 1), default=0.0)
    notes = any(_is_on(link, line) for note in texts.notes for line in note.lines)
    if page.number != 1 or notes:
        return
    line = next((line for line in page.lines if contains_center(line.bbox, link.bbox)), None)
    if line is not None:
        before = join_spans([span for span in line.spans if span.bbox.x1 <= link.bbox.x0 + 1])
        yield _Occurrence(uri, before, "front", 1, "words")
    elif link.bbox.y1 < top:
        yield _Occurrence(uri, "", "front", 1, "picture")


def _is_on(link: Link, line: TextLine) -> bool:
    return contains_center(line.bbox, link.bbox)


def _split_around(line: TextLine, box: BBox) -> tuple[str, str]:
    """Split off the text of a line before a box and inside it, taking letters as equally wide."""
    before, inside = "", ""
    for span in line.spans:
        width = span.bbox.width / max(1, len(span.text))
        for place, letter in enumerate(span.text):
            middle = span.bbox.x0 + (place + 0.5) * width
            if middle < box.x0:
                before += letter
            elif middle <= box.x1:
                inside += letter
        if span.bbox.x1 <= box.x0:
            before += " "
    return " ".join(before.split()), " ".join(inside.split())
