"""The tools that read: plain functions from a library and arguments to typed results.

Each answer is bounded: an agent pays for every character that it is given.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import takewhile

from chatpaper.app.agents.library import Library, UnknownNameError, find_entry, read_paper
from chatpaper.app.agents.results import (
    CheckedClaimJson,
    ClaimVerdict,
    ExcerptJson,
    FoundPaperJson,
    FoundPapersJson,
    HeadingJson,
    PaperSummaryJson,
    SectionTextJson,
)
from chatpaper.app.check_report import ClaimJson
from chatpaper.app.publishing import load_post_style
from chatpaper.domain import Document, PostEntry, Section
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.text.folding import fold_separators
from chatpaper.pipeline.documents import load_kept_document
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.judge.texts import check_with_excerpts
from chatpaper.write.post_json import paper_to_json

HITS_A_PAGE = 20
# Two pages of a paper: enough to read on, and no context is filled by one answer.
SECTION_CHARACTERS = 8000
MAX_CLAIM_CHARACTERS = 4000
MAX_EXCERPTS = 8
MAX_EXCERPT_CHARACTERS = 600
# A thesis has some two hundred headings.
MAX_HEADINGS = 200

ADVICE: dict[ClaimVerdict, str] = {
    "supported": "Numbers, names and quotations are in the paper where it speaks of the same. "
    "Whether the sentence turns them around (a negation, exchanged roles) is not seen: compare it "
    "with the excerpts.",
    "not_supported": "Something of the claim is not in the paper where it speaks of the same: see "
    "`claims` for what, and for the nearest place. Correct the claim by the excerpts, or leave it "
    "out.",
    "nothing_to_check": "The claim has no number, name or quotation that could be looked up: judge "
    "it by the excerpts, and read their sections with get_section.",
}


def search_papers(
    library: Library,
    words: str = "",
    topic: str | None = None,
    since: date | None = None,
    until: date | None = None,
    offset: int = 0,
) -> FoundPapersJson:
    """Search titles and summaries of the papers that were published, the newest first.

    All words must match, as beginnings of words; without words all papers do. Raises ConfigError,
    which names the topics that there are, for an unknown one.
    """
    known = [each for each in library.store.search_index.topics() if library.is_visible(each)]
    topics = known if topic is None else (_find_topic(topic, known),)
    hits = library.store.search_index.find(words, topics, since, until) if topics else ()
    page = hits[offset : offset + HITS_A_PAGE]
    end = offset + len(page)
    return FoundPapersJson(
        papers=tuple(
            FoundPaperJson(
                arxiv_id=hit.arxiv_id,
                title=hit.title,
                topic=hit.topic or "",
                post_date=hit.post_date,
                snippet=" ".join(hit.snippet.split()),
            )
            for hit in page
        ),
        total=len(hits),
        next_offset=end if end < len(hits) else None,
    )


def get_summary(library: Library, paper: str) -> PaperSummaryJson:
    """Return the checked summary of a paper, with the words and pages that support it.

    Raises UnknownNameError where the paper has none.
    """
    entry = find_entry(library, paper)
    if entry is None:
        raise UnknownNameError(
            f"There is no summary of {paper}: search_papers finds those that there are, "
            "summarize_paper writes one where the owner of the library allows it, and get_section "
            "reads any paper of arXiv."
        )
    return describe_summary(library, entry)


def describe_summary(library: Library, entry: PostEntry) -> PaperSummaryJson:
    """Describe the summary of a stored paper for an agent."""
    style = load_post_style(
        library.settings.model_copy(update={"language": entry.summary.language})
    )
    record = paper_to_json(entry, "", (), style.labels)
    kept = load_kept_document(entry.images)
    return PaperSummaryJson(
        arxiv_id=record.arxiv_id,
        version=record.version,
        title=record.title,
        authors=record.authors,
        abstract=record.abstract,
        published=record.published.date().isoformat() if record.published else "",
        abs_url=record.abs_url,
        pdf_url=record.pdf_url,
        withdrawn=record.withdrawn,
        links=record.links,
        notes=record.notes,
        language=record.language,
        summary=record.summary,
        evidence=record.evidence,
        checks=record.checks,
        model=record.model,
        sections=_list_headings(kept or entry.document),
    )


def get_section(
    library: Library, paper: str, section: str = "", offset: int = 0
) -> SectionTextJson:
    """Return a section of a paper from an offset on, or its list of sections where none is named.

    A section is named by its number or by its title; "abstract" is always there. Raises ConfigError
    for a section that the paper does not have.
    """
    read = read_paper(library, paper)
    if not section.strip():
        return SectionTextJson(
            arxiv_id=read.paper.arxiv_id,
            section=None,
            text="",
            page=0,
            offset=0,
            next_offset=None,
            sections=_list_headings(read.document),
        )
    found = _find_section(section, _list_sections(read.document, read.paper.abstract), paper)
    if offset > len(found.text):
        raise ConfigError(
            f"The section {_name_section(found)!r} has {len(found.text)} characters: give an "
            "offset within it."
        )
    end = find_part_end(found.text, offset)
    return SectionTextJson(
        arxiv_id=read.paper.arxiv_id,
        section=_describe_heading(found),
        text=found.text[offset:end],
        page=found.page_at(offset),
        offset=offset,
        next_offset=end if end < len(found.text) else None,
        sections=(),
    )


def check_claim(library: Library, paper: str, claim: str) -> CheckedClaimJson:
    """Hold the numbers, names and quotations of a claim against a paper; no model is asked.

    Raises ConfigError for an empty claim and for one that is too long.
    """
    if not claim.strip() or len(claim) > MAX_CLAIM_CHARACTERS:
        raise ConfigError(
            f"The claim has {len(claim)} characters: give one or a few sentences, of at most "
            f"{MAX_CLAIM_CHARACTERS} characters in all."
        )
    read = read_paper(library, paper)
    claims, excerpts = check_with_excerpts(claim, read.document, read.paper)
    verdict = _judge(claims)
    return CheckedClaimJson(
        arxiv_id=read.paper.arxiv_id,
        verdict=verdict,
        advice=ADVICE[verdict],
        claims=tuple(map(ClaimJson.from_value, claims)),
        excerpts=tuple(
            ExcerptJson(section=each.section, page=each.page, text=_shorten(each.text))
            for each in excerpts[:MAX_EXCERPTS]
        ),
        abstract_only=read.abstract_only,
    )


def _shorten(text: str) -> str:
    if len(text) <= MAX_EXCERPT_CHARACTERS:
        return text
    return f"{text[: MAX_EXCERPT_CHARACTERS - 1]}…"


def _judge(claims: Sequence[CheckedClaim]) -> ClaimVerdict:
    if not claims:
        return "nothing_to_check"
    return "supported" if all(each.supported for each in claims) else "not_supported"


def _find_topic(name: str, known: Sequence[str | None]) -> str:
    spellings = {fold_separators(topic): topic for topic in known if topic is not None}
    if fold_separators(name) not in spellings:
        raise UnknownNameError(
            f"No paper was published for a topic {name!r}; there are: "
            f"{', '.join(spellings.values()) or '-'}."
        )
    return spellings[fold_separators(name)]


def _list_headings(document: Document) -> tuple[HeadingJson, ...]:
    return tuple(map(_describe_heading, join_subsections(document.sections[:MAX_HEADINGS])))


def join_subsections(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections, each with the headings and texts of those below it.

    Many a heading has no text of its own.
    """
    return tuple(
        _join_below(section, sections[number:]) for number, section in enumerate(sections, 1)
    )


def _join_below(section: Section, later: Sequence[Section]) -> Section:
    """Return a section with those of the `later` ones that belong to it."""
    text, starts = section.text, section.page_starts or ((section.page, 0),)
    for below in takewhile(lambda each: each.level > section.level, later):
        text = f"{text}\n\n{_name_section(below)}\n\n" if text else f"{_name_section(below)}\n\n"
        own = below.page_starts or ((below.page, 0),)
        starts = (*starts, *((page, len(text) + start) for page, start in own))
        text += below.text
    return replace(section, text=text, page_starts=starts)


def _describe_heading(section: Section) -> HeadingJson:
    return HeadingJson(
        number=section.number,
        title=section.title,
        level=section.level,
        page=section.page,
        characters=len(section.text),
    )


def _list_sections(document: Document, abstract: str) -> tuple[Section, ...]:
    """Return the sections that can be asked for, the abstract among them."""
    sections = join_subsections(document.sections)
    if any(_fold(each.title) == "abstract" for each in sections):
        return sections
    text = abstract or document.abstract
    return (*sections, Section("", "Abstract", 1, document.abstract_page, text))


def _find_section(name: str, sections: Sequence[Section], paper: str) -> Section:
    """Return the section of a number or title.

    Raises ConfigError if there is none; its message names the nearest ones.
    """
    wanted = _fold(name)
    ways = (
        {_fold(each.number): each for each in reversed(sections) if each.number},
        {_fold(each.title): each for each in reversed(sections)},
        {_fold(_name_section(each)): each for each in reversed(sections)},
    )
    for named in ways:
        if wanted in named:
            return named[wanted]
    titles = {_fold(each.title): each for each in sections}
    within = [each for title, each in titles.items() if wanted in title]
    if len(within) == 1:
        return within[0]
    near = within or [titles[title] for title in get_close_matches(wanted, titles, n=3)]
    hint = "; ".join(map(_name_section, near or sections[:MAX_HEADINGS]))
    raise UnknownNameError(f"{paper} has no section {name!r}; there are: {hint}.")


def _fold(name: str) -> str:
    return " ".join(name.casefold().split()).rstrip(".")


def _name_section(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


def find_part_end(text: str, offset: int) -> int:
    """Return where a part of a text ends: behind a paragraph or a word, where there is one."""
    end = offset + SECTION_CHARACTERS
    if end >= len(text):
        return len(text)
    for boundary in ("\n\n", "\n", " "):
        place = text.rfind(boundary, offset + SECTION_CHARACTERS // 2, end)
        if place >= 0:
            return place + len(boundary)
    return end
