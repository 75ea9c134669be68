"""The JSON beside a post, as it is written and as it is read back.

Fields with a default are those that versions before did not write.
"""

from typing import Literal

from pydantic import Field

from chatpaper.domain import (
    AbstractOnlyReason,
    ReasonKind,
    VerdictKind,
    VerdictOutcome,
    VerificationStatus,
)
from chatpaper.domain.json_model import Day, JsonModel, Number, Timestamp


class EarlierPostJson(JsonModel):
    """The post of an earlier version of the paper."""

    version: int = Field(description="Version that was posted")
    date: Day = Field(description="Date of the post")
    address: str = Field(default="", description="Path relative to this post; empty where unknown")


class ResultJson(JsonModel):
    """A row of the table of results."""

    task: str = Field(description="What was to be done")
    data_set: str = Field(description="Data on which it was measured")
    metric: str = Field(description="What was measured")
    ours: str = Field(description="Value of the paper's method, as the paper prints it")
    baseline: str = Field(description="Best value that it is compared with; empty if there is none")
    baseline_name: str = Field(description="Method of that value")
    source: str = Field(description="Label of the table or figure with the values")
    page: int = Field(default=0, description="Page of the source, counted from 1; 0 where unknown")


class RankingReasonJson(JsonModel):
    """A reason why a paper is offered to its reader."""

    kind: ReasonKind = Field(description="What speaks for the paper")
    values: tuple[str, ...] = Field(
        default=(), description="Names, words or titles, as the paper or the reader writes them"
    )


class EvidenceJson(JsonModel):
    """A statement of the summary and where the paper supports it."""

    field: str = Field(description="Key of the answer in `summary`")
    text: str = Field(description="The statement")
    quote: str = Field(
        default="", description="Words of the paper; empty where they were not found"
    )
    page: int = Field(
        default=0, description="Page of the quote, counted from 1; 0 where there is none"
    )
    section: str = Field(default="", description="Section of the quote, or label of a figure")
    marks_itself: bool = Field(
        default=False, description="Whether the text itself says that it is not verified"
    )


class ChecksJson(JsonModel):
    """How numbers, names and quotations of the summary compare with the paper."""

    supported: int = Field(default=0, description="Found where the paper speaks of the same")
    elsewhere: int = Field(default=0, description="Found only elsewhere in the paper")
    left_out: int = Field(default=0, description="Sentences and items that were left out")
    marked: int = Field(default=0, description="Sentences and items marked as not verified")
    corrected: int = Field(default=0, description="Sentences and items that were corrected")


class VerdictJson(JsonModel):
    """What the second reader says of one statement."""

    field: str = Field(description="Key of the answer in `summary`")
    text: str = Field(description="The statement as it was judged")
    verdict: VerdictKind = Field(description="The verdict")
    words: str = Field(
        default="", description="Words of the paper that decide; empty if not stated"
    )
    page: int = Field(
        default=0, description="Page of the words, counted from 1; 0 where there are none"
    )
    section: str = Field(default="", description="Section of the words")
    correction: str = Field(default="", description="The statement put right; else empty")
    outcome: VerdictOutcome = Field(default="kept", description="What became of the statement")


class VerificationJson(JsonModel):
    """The second reading of the summary."""

    status: VerificationStatus = Field(default="off", description="Whether there was one")
    reason: str = Field(default="", description="Why there was none, or not of all")
    model: str = Field(default="", description="Model that judged")
    supported: int = Field(default=0, description="Statements that the paper supports")
    contradicted: int = Field(default=0, description="Statements that the paper contradicts")
    not_stated: int = Field(default=0, description="Statements that the paper does not make")
    undecided: int = Field(default=0, description="Statements without a usable verdict")
    verdicts: tuple[VerdictJson, ...] = Field(default=(), description="The verdicts")


class CoverageJson(JsonModel):
    """What of the paper the model was given."""

    sections_read: tuple[str, ...] = Field(default=(), description="Sections that it was given")
    sections_left_out: tuple[str, ...] = Field(default=(), description="Sections that it was not")
    characters_read: int = Field(default=0, description="Characters that it was given")
    characters_left_out: int = Field(default=0, description="Characters that it was not")
    tables_left_out: tuple[str, ...] = Field(
        default=(), description="Labels of tables without rows"
    )
    characters_garbled: int = Field(
        default=0, description="Characters without a meaning in the file"
    )
    sections_shortened: tuple[str, ...] = Field(default=(), description="Sections given in part")


class PostFigureJson(JsonModel):
    """A figure or table of the paper."""

    label: str = Field(description="Label as printed, e.g. `Figure 3`")
    kind: Literal["figure", "table"] = Field(description="What the label says it is")
    caption: str = Field(description="Caption without the label")
    page: int = Field(description="Page, counted from 1")
    bbox: tuple[Number, Number, Number, Number] = Field(
        description="x0, y0, x1, y1 in PDF points from the top left corner; without the caption"
    )
    image: str = Field(
        default="", description="PNG relative to the post; empty where it is not shown"
    )
    address: str = Field(
        default="", description="Address of the PNG in the post; empty where that is `image`"
    )
    text: str = Field(default="", description="Text inside the region, one line per line")
    link: str = Field(default="", description="Address of the page in the PDF; may be empty")
    confidence: Number = Field(
        default=1.0, description="How sure it is that the region is what the caption names, to 1"
    )
    left_out: Literal["", "low_confidence"] = Field(
        default="", description="Why the post leaves the figure out; empty where it does not"
    )


class PostReferencesJson(JsonModel):
    """The bibliography of the paper."""

    page: int = Field(default=0, description="Page on which it begins; 0 where there is none")
    count: int = Field(default=0, description="Number of entries")


class PageTextJson(JsonModel):
    """A text and its page."""

    page: int = Field(description="Page, counted from 1")
    text: str = Field(description="The text")


class PostGarbledTextJson(JsonModel):
    """Text of a font whose letters have no meaning in the file."""

    font: str = Field(description="Name of the font")
    pages: tuple[int, ...] = Field(description="Pages with such text, counted from 1")
    characters: int = Field(description="Number of characters on these pages")


class AnswerRecordJson(JsonModel):
    """How an answer was made."""

    fingerprint: str = Field(description="Digest of all that shaped the answer")
    backend: str = Field(description="Backend that was asked")
    model: str = Field(description="Model that answered")
    checks: ChecksJson = Field(
        default=ChecksJson(), description="How the answer compares with the paper"
    )
    asked: str = Field(default="", description="Digest of the model asked and of its parameters")


class PaperJson(JsonModel):
    """A paper of a post: its record, its summary, and how that was made and checked."""

    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    version: int | None = Field(
        default=None, description="Version that was summarized; null for a file"
    )
    title: str = Field(description="Title")
    authors: tuple[str, ...] = Field(default=(), description="Names of the authors, in order")
    abstract: str = Field(default="", description="Abstract")
    published: Timestamp | None = Field(default=None, description="When version 1 was submitted")
    updated: Timestamp | None = Field(
        default=None, description="When the latest version was submitted"
    )
    primary_category: str = Field(default="", description="Primary category of arXiv, e.g. `cs.CV`")
    categories: tuple[str, ...] = Field(default=(), description="All categories of arXiv")
    comment: str = Field(default="", description="Comment of the authors")
    journal_ref: str = Field(default="", description="Where it was published")
    doi: str = Field(default="", description="DOI; empty where there is none")
    license: str = Field(
        default="", description="URI of the licence of this version; empty if unknown"
    )
    upvotes: int | None = Field(
        default=None, description="Upvotes at Hugging Face; null if not there"
    )
    source: Literal["arxiv", "huggingface", "file"] = Field(
        default="arxiv", description="Where the paper came from"
    )
    venue: str = Field(
        default="", description="Where it was published, as it was looked up; empty if unknown"
    )
    citations: int | None = Field(
        default=None, description="Citations that were counted; null where nobody looked"
    )
    abs_url: str = Field(default="", description="Page of the version that was summarized")
    pdf_url: str = Field(default="", description="PDF of the version that was summarized")
    latest_version: int | None = Field(
        default=None, description="Latest version known; null for a file"
    )
    latest_url: str = Field(default="", description="Page of the latest version")
    withdrawn: bool = Field(default=False, description="Whether the paper was withdrawn")
    earlier: EarlierPostJson | None = Field(default=None, description="Post of an earlier version")
    pdf_digest: str = Field(default="", description="Beginning of the SHA-256 of the PDF")
    matched_phrase: str = Field(
        default="", description="What title or abstract have of the topic; may be empty"
    )
    score: Number | None = Field(
        default=None, description="What it is worth to the reader, 0 to 1; null without a profile"
    )
    why: tuple[str, ...] = Field(
        default=(), description="Why it is offered to the reader, in the post's language"
    )
    reasons: tuple[RankingReasonJson, ...] = Field(
        default=(), description="The same as kinds and values"
    )
    links: tuple[str, ...] = Field(default=(), description="Pages of code and project")
    abstract_only: AbstractOnlyReason | None = Field(
        default=None, description="Why only the abstract was summarized; null where all was read"
    )
    notes: tuple[str, ...] = Field(
        default=(), description="Notes to the reader, in the post's language"
    )
    language: str = Field(description="Language of the summary, e.g. `zh`")
    summary: dict[str, str | tuple[ResultJson | str, ...]] = Field(
        description="Answers by field: a text, a list of texts, or a list of results"
    )
    evidence: tuple[EvidenceJson, ...] = Field(
        default=(), description="Statements with their evidence"
    )
    checks: ChecksJson = Field(
        default=ChecksJson(), description="How the summary compares with the paper"
    )
    verification: VerificationJson = Field(
        default=VerificationJson(), description="What the second reader says"
    )
    coverage: CoverageJson = Field(default=CoverageJson(), description="What the model was given")
    figures: tuple[PostFigureJson, ...] = Field(default=(), description="Figures and tables")
    references: PostReferencesJson = Field(
        default=PostReferencesJson(), description="Where the bibliography is"
    )
    hidden_text: tuple[PageTextJson, ...] = Field(
        default=(), description="Text that no reader can see"
    )
    garbled_text: tuple[PostGarbledTextJson, ...] = Field(
        default=(), description="Text that readers can see and programs cannot read"
    )
    instructions: tuple[PageTextJson, ...] = Field(
        default=(), description="Hidden text that addresses a model or reviewer"
    )
    backend: str = Field(description="Backend that was asked")
    model: str = Field(description="Model that answered")
    prompt_fingerprint: str = Field(description="Digest of the prompts")
    answered_by: dict[str, AnswerRecordJson] = Field(
        default={}, description="How each answer was made, by field"
    )
    input_tokens: int = Field(default=0, description="Tokens sent")
    output_tokens: int = Field(default=0, description="Tokens received, thinking included")
    cost_usd: Number | None = Field(
        default=None, description="US dollars; null where a price is unknown"
    )
    warnings: tuple[str, ...] = Field(default=(), description="What could not be read or used")


class CutPaperJson(JsonModel):
    """A paper of the night that there was no room for."""

    arxiv_id: str = Field(description="arXiv id without version, or the name of a file")
    version: int | None = Field(default=None, description="Version that was found")
    title: str = Field(description="Title")
    authors: tuple[str, ...] = Field(default=(), description="Names of the authors, in order")
    published: Timestamp | None = Field(default=None, description="When version 1 was submitted")
    abs_url: str = Field(default="", description="Page of the paper; may be empty")
    score: Number = Field(description="What it is worth to the reader, 0 to 1")
    why: tuple[str, ...] = Field(
        default=(), description="What speaks for it, in the post's language"
    )
    reasons: tuple[RankingReasonJson, ...] = Field(
        default=(), description="The same as kinds and values"
    )


class PostJson(JsonModel):
    """A post."""

    date: Day = Field(description="Date of the post")
    topic: str = Field(description="Topic; empty for a paper that was asked for by itself")
    format: str = Field(description="Format of the post, e.g. `daily`")
    markdown_sha256: str = Field(description="SHA-256 of the Markdown as written, in hexadecimal")
    papers: tuple[PaperJson, ...] = Field(description="Papers, in the order of the post")
    cut: tuple[CutPaperJson, ...] = Field(
        default=(), description="Papers of the night without room, the best first"
    )
