"""What is shown to the model fits, is whole paragraphs in reading order, and is accounted for."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Document, Section
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.section_selection import select_text
from tests.summarize.sample import DOCUMENT

PARAGRAPHS = [
    "Sorting is old. " * 8,
    "Networks are older still. " * 5,
    "Results follow here now. " * 12,
]
TITLES = ["Introduction", "Related Work", "Soft Comparators", "Experiments", "Conclusion", "Thanks"]

sections = st.builds(
    Section,
    number=st.sampled_from(["1", "2", "2.1", ""]),
    title=st.sampled_from(TITLES),
    level=st.integers(1, 2),
    page=st.integers(1, 9),
    text=st.lists(st.sampled_from(PARAGRAPHS), max_size=5).map("\n\n".join),
    appendix=st.booleans(),
)
documents = st.lists(sections, max_size=8).map(lambda parts: Document(sections=tuple(parts)))

# Headings between the texts are not counted one by one.
HEADING_TOKENS = 10


def test_a_document_that_fits_is_shown_whole_in_reading_order() -> None:
    selection = select_text(DOCUMENT, 100_000)
    places = [selection.text.index(section.text) for section in DOCUMENT.sections]
    assert places == sorted(places)
    assert selection.coverage.sections_read[0] == "1 Introduction"
    assert selection.coverage.sections_left_out == ()
    assert "Institute of Sorting" in selection.text


def test_the_appendix_goes_first_and_results_stay() -> None:
    appendix = Section(
        "A",
        "Proofs",
        1,
        5,
        "\n\n".join(["A long proof of no interest to most. " * 20] * 5),
        appendix=True,
    )
    document = replace(DOCUMENT, sections=(*DOCUMENT.sections, appendix))
    selection = select_text(document, 450)
    assert "A Proofs" in selection.coverage.sections_left_out
    assert {"1 Introduction", "4 Experiments", "5 Conclusion"} <= set(
        selection.coverage.sections_read
    )


def test_a_long_introduction_does_not_push_out_the_results() -> None:
    long = Section(
        "1",
        "Introduction",
        1,
        1,
        "\n\n".join(["An introduction may go on and on and on. " * 5] * 40),
    )
    document = replace(DOCUMENT, sections=(long, *DOCUMENT.sections[1:]))
    selection = select_text(document, 1000)
    assert set(selection.coverage.sections_read) >= {
        "1 Introduction",
        "3 Soft Comparators",
        "4 Experiments",
    }


def test_no_room_leaves_everything_out_and_says_so() -> None:
    selection = select_text(DOCUMENT, 0)
    assert selection.coverage.sections_read == ()
    assert len(selection.coverage.sections_left_out) == len(DOCUMENT.sections)
    assert selection.coverage.characters_read == 0


@given(documents, st.integers(0, 1500))
def test_the_text_fits_the_budget_and_the_account_adds_up(
    document: Document, budget_tokens: int
) -> None:
    selection = select_text(document, budget_tokens)
    coverage = selection.coverage
    headings = HEADING_TOKENS * len(document.sections)
    assert estimate_tokens(selection.text) <= budget_tokens + headings
    total = sum(len(section.text) for section in document.sections)
    assert coverage.characters_read + coverage.characters_left_out == total
    with_text = sum(bool(section.text) for section in document.sections)
    assert len(coverage.sections_read) + len(coverage.sections_left_out) == with_text
    assert set(coverage.sections_shortened) <= set(coverage.sections_read)
    told = coverage.sections_left_out or coverage.sections_shortened
    assert bool(told) is (coverage.characters_left_out > 0), (
        "nothing is left out without being named"
    )


@given(documents, st.integers(0, 1500))
def test_paragraphs_are_shown_whole(document: Document, budget_tokens: int) -> None:
    headings = {f"{section.number} {section.title}".strip() for section in document.sections}
    text = select_text(document, budget_tokens).text
    for block in text.split("\n\n") if text else ():
        heading, _, paragraph = block.partition("\n")
        assert block in PARAGRAPHS or (heading in headings and paragraph in PARAGRAPHS)
