"""What a model is asked for an overview, and what its answer holds before it is checked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from chatpaper.domain.overviews.overview import Source, Theme
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.summarize.overview.material import PaperMaterial

# Where a sentence goes: what is new, what papers of a theme say, what stays open.
Part = Literal["new", "theme", "open"]

MAX_NEWS = 6
MAX_SENTENCES_A_THEME = 3
MAX_PROBLEMS = 5
# In Chinese; other languages have limits in proportion.
MAX_SENTENCE_CHARACTERS = 160
MAX_NAME_CHARACTERS = 24
# The JSON around a sentence, and the marks of its sources.
TOKENS_AROUND_SENTENCE = 60

# Between the sources of a sentence.
_BETWEEN = re.compile(r"[;,；，、\n]+|\s\|\s")
# A source as the prompt marks statements: the id, then the page.
_SOURCE = re.compile(
    r"\W*(?P<id>\S.*?)[\s:]+(?:p(?:p|ages?)?\.?|第|page)\s*(?P<page>\d{1,5})\W*页?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it; `unread` are sources that name no page of anything."""

    part: Part
    theme: int
    text: str
    sources: tuple[Source, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftOverview:
    """An answer: a name for each theme, in their order, and sentences."""

    names: tuple[str, ...]
    drafts: tuple[Draft, ...]


def count_sentences(themes: int) -> int:
    """Return how many sentences an overview of so many themes has at most."""
    return MAX_NEWS + themes * MAX_SENTENCES_A_THEME + MAX_PROBLEMS


def build_schema(themes: int) -> dict[str, object]:
    """Return the JSON schema of an answer; it is flat, as services want it."""
    text = {"type": "string"}
    properties = {
        "sources": text,
        "part": {"type": "string", "enum": list(get_args(Part))},
        "theme": {"type": "integer"},
        "text": text,
    }
    sentence = {"type": "object", "properties": properties, "required": list(properties)}
    return {
        "type": "object",
        "properties": {
            "names": {"type": "array", "items": text, "maxItems": themes},
            "sentences": {"type": "array", "items": sentence, "maxItems": count_sentences(themes)},
        },
        "required": ["names", "sentences"],
    }


def show_paper(material: PaperMaterial, most_points: int) -> str:
    """Return what a model is shown of a paper; each statement bears the mark of its source."""
    answers = material.entry.summary.answers
    verdict = answers.get("tldr") or answers.get("summary") or ""
    lines = [f"[{material.arxiv_id}] {material.entry.paper.title}"]
    lines += [str(verdict)] if verdict else []
    lines += [
        f"- [{format_source(material.arxiv_id, point.page)}] {point.text}"
        for point in material.points[:most_points]
    ]
    return "\n".join(lines)


def show_themes(themes: Sequence[Theme]) -> str:
    """Return the themes as a model is shown them, by number."""
    return "\n".join(
        f"{number}. {', '.join(theme.terms) or '-'}: {', '.join(theme.arxiv_ids)}"
        for number, theme in enumerate(themes, start=1)
    )


def format_source(arxiv_id: str, page: int) -> str:
    """Return the mark of a source.

    >>> format_source("2611.00001", 3)
    '2611.00001 p. 3'
    """
    return f"{arxiv_id} p. {page}"


def read_sources(text: str) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources that a text names, and its parts that name none.

    >>> read_sources("[2611.00001 p. 3]; 2611.00004 p.5")[0]
    (Source(arxiv_id='2611.00001', page=3), Source(arxiv_id='2611.00004', page=5))
    >>> read_sources("2611.00001")
    ((), ('2611.00001',))
    """
    found: dict[Source, None] = {}
    unread = []
    for part in filter(None, (each.strip() for each in _BETWEEN.split(text))):
        match = _SOURCE.fullmatch(part)
        if match is None:
            unread.append(part)
        else:
            found[Source(match["id"].strip("[]()（）"), int(match["page"]))] = None
    return tuple(found), tuple(unread)


def read_overview(text: str) -> DraftOverview:
    """Return what an answer holds; what has not the form of a sentence is left aside.

    Raises ValueError where it holds no sentences at all.
    """
    answer = decode_answer(text)
    names, sentences = answer.get("names"), answer.get("sentences")
    if not isinstance(sentences, list):
        raise ValueError("the answer has no sentences")
    return DraftOverview(
        tuple(str(name).strip() for name in names) if isinstance(names, list) else (),
        tuple(_read_drafts(sentences)),
    )


def _read_drafts(sentences: Sequence[object]) -> Iterator[Draft]:
    for each in sentences:
        if not isinstance(each, dict):
            continue
        part, text = each.get("part"), str(each.get("text") or "").strip()
        number = each.get("theme")
        if not text or part not in get_args(Part):
            continue
        given = each.get("sources")
        named = "; ".join(map(str, given)) if isinstance(given, list) else str(given or "")
        sources, unread = read_sources(named)
        yield Draft(
            cast(Part, part), number if isinstance(number, int) else 0, text, sources, unread
        )
