"""The values that cross the borders between stages: frozen, and without any input or output of their own.

Data goes one way: Topic -> Paper (+ PDF) -> Document -> Summary -> Post.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple, Self

# New style YYMM.NNNN(N) since 2007-04, old style archive(.SC)/YYMMNNN before (info.arxiv.org, arXiv identifier).
_NEW_ID = r"\d{4}\.\d{4,6}"
_OLD_ID = r"[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7}"
ARXIV_ID_PATTERN = rf"(?P<id>{_NEW_ID}|{_OLD_ID})(?:v(?P<version>[1-9]\d*))?"


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier; without a version it means the latest one."""

    id: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2407.18125`, `2407.18125v2`, `arXiv:2407.18125` or `hep-th/9901001v1`.

        Raises ValueError for anything else.
        """
        match = re.fullmatch(rf"(?:arxiv:\s*)?{ARXIV_ID_PATTERN}", text.strip(), re.IGNORECASE)
        if match is None:
            raise ValueError(f"not an arXiv id: {text!r}")
        version = match["version"]
        return cls(match["id"], int(version) if version else None)

    @property
    def idv(self) -> str:
        """The id with its version, where it has one: `2407.18125v2`."""
        return self.id if self.version is None else f"{self.id}v{self.version}"


class BBox(NamedTuple):
    """A box in PDF points (1/72 inch) from the top left corner of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent from left to right, in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Extent from top to bottom, in points."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Width times height, zero for an empty box."""
        return max(0.0, self.width) * max(0.0, self.height)


@dataclass(frozen=True, slots=True)
class Topic:
    """A named interest and what decides whether a paper belongs to it.

    A paper belongs when one of `phrases` occurs in its title or abstract, each group of `all_of` has a phrase that
    occurs, and none of `none_of` explains the match away. `query` is the arXiv search string where the user gave
    one; else it is made of the phrases. `fields` says where to look: `ti` is the title, `abs` the abstract.
    """

    name: str
    phrases: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    query: str = ""
    builtin: bool = True
    fields: tuple[Literal["ti", "abs"], ...] = ("ti", "abs")


@dataclass(frozen=True, slots=True)
class Paper:
    """The record of a paper, as arXiv (or the metadata beside a PDF) has it; nothing in it comes from a model.

    `arxiv_id` is the key: the arXiv id without version or, for a paper from elsewhere, the stem of its file.
    `license` is the URI of the licence of this version, empty where none is known. `upvotes` are those of Hugging Face,
    None for a paper that was not found there; `links` are the pages of code and project that it names.
    """

    arxiv_id: str
    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    version: int | None = None
    published: datetime | None = None
    updated: datetime | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    abs_url: str = ""
    pdf_url: str = ""
    withdrawn: bool = False
    license: str = ""
    upvotes: int | None = None
    links: tuple[str, ...] = ()
    source: Literal["arxiv", "huggingface", "file"] = "arxiv"

    @property
    def idv(self) -> str:
        """The key with its version, where it has one."""
        return self.arxiv_id if self.version is None else f"{self.arxiv_id}v{self.version}"

    @property
    def squashed_id(self) -> str:
        """The key as it may stand in a file name: old arXiv ids lose their slash."""
        return self.arxiv_id.replace("/", "")

    @property
    def place(self) -> tuple[int, float, str]:
        """Sorts papers as posts show them: most upvotes first, where there are any, then newest first."""
        return (-(self.upvotes or 0), -self.published.timestamp() if self.published else 0.0, self.arxiv_id)


SectionKind = Literal["abstract", "introduction", "related", "method", "experiments", "conclusion", "appendix", "other"]

# Words of headings, in the order in which they decide: "Experimental method" is about experiments.
_HEADING_WORDS: tuple[tuple[SectionKind, tuple[str, ...]], ...] = (
    ("abstract", ("abstract", "摘要")),
    ("related", ("related work", "background", "preliminar", "prior work", "previous work", "literature", "相关工作")),
    ("introduction", ("introduction", "motivation", "overview", "引言", "绪论", "前言")),
    ("conclusion", ("conclu", "discussion", "limitation", "future work", "summary", "结论", "讨论", "总结")),
    ("experiments", ("experiment", "result", "evaluat", "ablation", "comparison", "dataset", "实验", "结果", "评估")),
    ("method", ("method", "approach", "architecture", "framework", "algorithm", "model", "proposed", "方法", "模型")),
)


def heading_kind(title: str) -> SectionKind:
    """What a section under this heading is about; "other" where the heading does not tell."""
    heading = title.casefold()
    return next((kind for kind, words in _HEADING_WORDS if any(word in heading for word in words)), "other")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it, up to the next heading of any level.

    `page_starts` holds (page, offset) pairs: from that offset on, `text` stands on that page.
    """

    number: str
    title: str
    level: int
    page: int
    text: str
    page_starts: tuple[tuple[int, int], ...] = ()
    appendix: bool = False

    def page_at(self, offset: int) -> int:
        """The page, counted from 1, on which the character at `offset` of the text stands."""
        pages = [page for page, start in self.page_starts if start <= offset]
        return pages[-1] if pages else self.page


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or a table: the region of the page that its caption refers to, and a PNG of it.

    `image` is the file name of the PNG in the folder that the extraction wrote to, empty where there is none. `text`
    is what can be read inside the region, a line of it a line: the rows of a table, the axes of a diagram.
    """

    label: str
    kind: Literal["figure", "table"]
    caption: str
    page: int
    bbox: BBox
    image: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Where the bibliography begins (0: there is none) and how many entries it has."""

    page: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text on a page that a reader cannot see."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What a reader sees beside the running text: an algorithm with its caption, or the footnotes of a page."""

    kind: Literal["algorithm", "footnotes"]
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """A sentence that a reader can see, but that addresses a model or a reviewer."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What was read out of a PDF.

    `front_matter` is the visible text of the first page above the abstract, without the title: authors and
    affiliations.
    """

    title: str = ""
    abstract: str = ""
    abstract_page: int = 1
    front_matter: str = ""
    pages: int = 0
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    asides: tuple[Aside, ...] = ()
    references: References = References()
    links: tuple[str, ...] = ()
    hidden_text: tuple[HiddenText, ...] = ()
    warnings: tuple[str, ...] = ()

    def section_kinds(self) -> tuple[SectionKind, ...]:
        """What each section is about, by its heading; subsections are of their parent's kind, if that is known.

        Top-level sections with a heading of their own that stand between the introduction and the experiments are
        taken for the method: that is where papers describe it, under whatever name it has.
        """
        kinds: list[SectionKind] = []
        parents: list[tuple[int, SectionKind]] = []
        introduced = concluded = False
        for section in self.sections:
            parents = [(level, kind) for level, kind in parents if level < section.level]
            kind = heading_kind(section.title)
            if section.appendix:
                kind = "appendix"
            elif parents and parents[-1][1] != "other":
                kind = parents[-1][1]
            elif kind == "other" and not parents and introduced and not concluded:
                kind = "method"
            introduced = introduced or kind == "introduction"
            concluded = concluded or kind in ("experiments", "conclusion", "appendix")
            parents.append((section.level, kind))
            kinds.append(kind)
        return tuple(kinds)


FieldKind = Literal["text", "list", "claims", "choice", "choices", "figures"]

# What is done about a field without a usable answer: without a "must" there is no summary; in place of a "should" the
# post says that something is lacking; for a "may" it has something else to show, so that no call is made for it alone.
FieldNeed = Literal["must", "should", "may"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the model is asked for.

    `text` is a string, `list` an array of strings, `claims` an array of statements each with a verbatim quote from
    the paper, `figures` an array of statements each about a figure or table that it names by its label. `choice` is
    one value of `vocabulary`, whose last value stands for none of the others, and `choices` an array of its values.
    `sources` names the kinds of section where the answer is usually found ("abstract", "method" …), or "judgement"
    where no sentence of the paper can be the answer.
    """

    name: str
    kind: FieldKind
    question: str
    min_items: int = 1
    max_items: int = 1
    max_characters: int = 400
    written_in: Literal["target", "paper"] = "target"
    sources: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    need: FieldNeed = "should"

    @property
    def is_judgement(self) -> bool:
        """Whether the answer is nothing that the paper says of itself."""
        return "judgement" in self.sources


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a backend is given: the rendered text, the schema of the answer, and what both were made from.

    `key` names the answer in the store; without one it is not kept. `temperature` is left to the service where it is
    None.
    """

    system: str
    user: str
    schema: Mapping[str, object]
    fields: tuple[Field, ...]
    paper: Paper
    document: Document
    max_output_tokens: int
    key: str = ""
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A raw answer. `output_tokens` counts thinking too, since that is what is billed."""

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about the paper, the quote that the model gave for it, and where we found that quote.

    `page` is 0 and `section` empty where the quote was not found in the paper; what is published then has no quote.
    A statement about a figure or table has its label for a `section` and no quote.
    """

    text: str
    quote: str = ""
    page: int = 0
    section: str = ""


FieldAnswer = str | tuple[str, ...] | tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the document the model was given."""

    sections_read: tuple[str, ...] = ()
    sections_left_out: tuple[str, ...] = ()
    characters_read: int = 0
    characters_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Checks:
    """How the numbers, names and quotations of a summary stand to the paper.

    `supported` counts those that the paper has where the sentence speaks of it, `elsewhere` those that it has in
    another place only. `left_out` counts sentences and items that were left out because it has them nowhere, `marked`
    the places that bear a mark: claims without proof that the field needs, and fields of which nothing is left.
    """

    supported: int = 0
    elsewhere: int = 0
    left_out: int = 0
    marked: int = 0

    @classmethod
    def total(cls, parts: Iterable[Self]) -> Self:
        """All of them counted together."""
        return cls(*map(sum, zip(*((p.supported, p.elsewhere, p.left_out, p.marked) for p in parts), strict=True)))


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """How an answer came about: the fingerprint of all that shaped it, who gave it, and how it stands to the paper."""

    fingerprint: str
    backend: str
    model: str
    checks: Checks = Checks()


@dataclass(frozen=True, slots=True)
class Summary:
    """The checked answers, how each came about (`records`, by field), and what it took to get them."""

    answers: Mapping[str, FieldAnswer]
    language: str
    backend: str
    model: str
    prompt_fingerprint: str
    coverage: Coverage = Coverage()
    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    warnings: tuple[str, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    checks: Checks = Checks()
    records: Mapping[str, FieldRecord] = field(default_factory=dict)

    def of_fields(self, names: Sequence[str]) -> "Summary":
        """The answers to these fields alone, as if no others had been asked for."""
        records = {name: self.records[name] for name in names if name in self.records}
        shaped_by = "\0".join(record.fingerprint for record in records.values())
        digest = hashlib.sha256(shaped_by.encode()).hexdigest()[: len(self.prompt_fingerprint)]
        return replace(
            self,
            answers={name: self.answers[name] for name in names if name in self.answers},
            records=records,
            checks=Checks.total(record.checks for record in records.values()) if records else self.checks,
            prompt_fingerprint=digest if records else self.prompt_fingerprint,
        )

    def completed_by(self, later: "Summary") -> "Summary":
        """The answers of both, the later ones where both have one, and what they took together.

        Answers in another language are let go: a post is in one language.
        """
        if self.language != later.language:
            return later
        records = {**self.records, **later.records}
        costs = (self.cost_usd, later.cost_usd)
        return replace(
            later,
            answers={**self.answers, **later.answers},
            records=records,
            checks=Checks.total(record.checks for record in records.values()),
            llm_calls=self.llm_calls + later.llm_calls,
            input_tokens=self.input_tokens + later.input_tokens,
            output_tokens=self.output_tokens + later.output_tokens,
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            warnings=tuple(dict.fromkeys((*self.warnings, *later.warnings))),
        )


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """What a summary will take, before it is asked for; `cost_usd` is None where the model has no known price."""

    input_tokens: int
    output_tokens: int
    cost_usd: float | None = None

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used of models; `cost_usd` is None where one of the calls has no known price."""

    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0


AbstractOnlyReason = Literal["withdrawn", "pdf_unavailable", "unreadable", "scanned", "another_paper"]


@dataclass(frozen=True, slots=True)
class Revision:
    """What arXiv has of a paper since it was summarized: its newest version, or that it was withdrawn."""

    version: int
    url: str
    updated: datetime | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class EarlierPost:
    """Where an earlier version of a paper was posted; `address` is relative, and empty where no such file is known."""

    version: int
    date: date
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as it stands in a post: everything that a template may show of it.

    `abstract_only` says why the summary rests on the abstract alone, where it does; `images` is the folder that the
    document's figures were extracted to. `revision` and `earlier` are known to the store and may change as long as
    the post stands; they are filled in whenever it is written.
    """

    paper: Paper
    document: Document
    summary: Summary
    abstract_only: AbstractOnlyReason | None = None
    images: Path | None = None
    revision: Revision | None = None
    earlier: EarlierPost | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """The dated collection of entries of one topic, or of the one paper that was asked for (`topic` is empty then)."""

    date: date
    topic: str
    entries: tuple[Entry, ...]
