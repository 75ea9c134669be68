"""The values that cross the borders between stages: frozen, and without any input or output of their own.

Data goes one way: Topic -> Paper (+ PDF) -> Document -> Summary -> Post.
"""

from chatpaper.domain.answers import (
    Checks,
    Claim,
    Completion,
    Coverage,
    Field,
    FieldAnswer,
    FieldKind,
    FieldNeed,
    FieldRecord,
    Prompt,
    Summary,
    TokenEstimate,
    Usage,
    changed_texts,
    written_texts,
)
from chatpaper.domain.documents import (
    Aside,
    BBox,
    Document,
    Figure,
    HiddenText,
    Instruction,
    References,
    Section,
    SectionKind,
    heading_kind,
)
from chatpaper.domain.papers import (
    ARXIV_ID_PATTERN,
    ArxivId,
    Paper,
    Topic,
)
from chatpaper.domain.posts import (
    AbstractOnlyReason,
    EarlierPost,
    Entry,
    Post,
    Revision,
)

__all__ = [
    "ARXIV_ID_PATTERN",
    "AbstractOnlyReason",
    "ArxivId",
    "Aside",
    "BBox",
    "Checks",
    "Claim",
    "Completion",
    "Coverage",
    "Document",
    "EarlierPost",
    "Entry",
    "Field",
    "FieldAnswer",
    "FieldKind",
    "FieldNeed",
    "FieldRecord",
    "Figure",
    "HiddenText",
    "Instruction",
    "Paper",
    "Post",
    "Prompt",
    "References",
    "Revision",
    "Section",
    "SectionKind",
    "Summary",
    "TokenEstimate",
    "Topic",
    "Usage",
    "changed_texts",
    "heading_kind",
    "written_texts",
]
