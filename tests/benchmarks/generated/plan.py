"""What a paper will contain: what its truth says beside the places that TeX finds."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlannedFloat:
    """A figure, table or algorithm; `kinds` are what is special about it."""

    name: str
    kind: str
    caption: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class PlannedHeading:
    """A heading; one that runs into the text is not among those that have to be found."""

    name: str
    title: str
    level: int
    numbered: bool
    run_in: bool = False


@dataclass
class Plan:
    """All that is known of a paper before it is typeset."""

    stem: str
    document_class: str
    title: str
    abstract: str
    language: str
    last_part_of_number: bool
    varied: tuple[str, ...]
    headings: list[PlannedHeading] = field(default_factory=list)
    floats: list[PlannedFloat] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
