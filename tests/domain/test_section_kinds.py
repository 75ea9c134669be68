"""What sections are about is told by their headings, their parents and their place."""

import pytest

from chatpaper.domain import Document, Section, classify_heading


def kinds(*headings: tuple[int, str]) -> list[str]:
    sections = tuple(
        Section("", title, level, 1, "", appendix=title == "Proofs") for level, title in headings
    )
    return list(Document(sections=sections).classify_sections())


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Introduction", "introduction"),
        ("RELATED WORK", "related"),
        ("Background and Preliminaries", "related"),
        ("Proposed Method", "method"),
        ("Experimental Results", "experiments"),
        ("Ablation Study", "experiments"),
        ("Conclusions and Future Work", "conclusion"),
        ("引言", "introduction"),
        ("实验结果", "experiments"),
        ("TideSort", "other"),
    ],
)
def test_headings_tell(title: str, kind: str) -> None:
    assert classify_heading(title) == kind


def test_the_method_may_have_any_name() -> None:
    assert kinds((1, "Introduction"), (1, "TideSort"), (1, "Experiments"), (1, "Thanks")) == [
        "introduction",
        "method",
        "experiments",
        "other",
    ]


def test_subsections_are_of_their_parents_kind() -> None:
    assert kinds(
        (1, "Introduction"),
        (1, "TideSort"),
        (2, "Overview"),
        (1, "Results"),
        (2, "Model Variations"),
    ) == [
        "introduction",
        "method",
        "method",
        "experiments",
        "experiments",
    ]


def test_before_the_introduction_nothing_is_guessed() -> None:
    assert kinds((1, "TideSort"), (2, "Experiments")) == ["other", "experiments"]


def test_the_appendix_is_the_appendix() -> None:
    assert kinds((1, "Introduction"), (1, "Proofs")) == ["introduction", "appendix"]
