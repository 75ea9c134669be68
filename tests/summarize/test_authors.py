"""The authors of a paper without a record, as its first page prints them."""

import pytest

from chatpaper.domain import Document, Paper, Section
from chatpaper.pipeline.documents import complete_metadata
from chatpaper.summarize.context.authors import read_authors

LEE, KIM, OTT = "Ann Lee", "Bo Kim", "Cy van der Ott"


def read(*lines: str, text: str = "") -> tuple[str, ...]:
    sections = (Section("1", "Introduction", 1, 1, text),)
    return read_authors(Document(front_matter="\n".join(lines), sections=sections))


@pytest.mark.parametrize(
    "lines",
    [
        ("Ann Lee, Bo Kim and Cy van der Ott", "Lake University", "{a,b,c}@lake.edu"),
        ("Ann Lee1,2, Bo Kim1,∗ & Cy van der Ott2", "1Lake University, 2 Hill College"),
        ("Ann Lee∗† Bo Kim∗", "Cy van der Ott‡", "† Lake University ‡ Hill College"),
        ("Ann Lee, Senior Member, IEEE, Bo", "Kim, and Cy van der Ott, Fellow, IEEE"),
        ("Ann Lee1[0000−0001−7840−622X], Bo Kim2,", "Cy van der Ott2", "1 Lake University"),
        ("By", "Ann Lee, Bo Kim, Cy van der Ott", "November 1, 2026"),
        # Each above an address; a town may look like a name.
        (
            *("Ann Lee", "Lake Inc.", "Mountain View", "ann@lake.com"),
            *("Bo Kim∗", "Hill Labs", "b.kim@hill.com", "Cy van der Ott", "cyvdo@hill.com"),
        ),
    ],
)
def test_authors_are_read_in_their_order(lines: tuple[str, ...]) -> None:
    assert read(*lines) == (LEE, KIM, OTT)


def test_names_without_commas_are_told_apart_by_the_count_of_addresses() -> None:
    rows = ("Ann Lee Bo Kim", "Cai Lu Di Wu")
    assert read(*rows, "{alee, bkim, clu, dwu}@lake.edu") == (LEE, KIM, "Cai Lu", "Di Wu")
    assert read(*rows, "Lake University") == ()


def test_names_of_other_alphabets_are_as_printed() -> None:
    assert read("崔青松 (Qingsong Cui)", "独立研究员", "qingsongcui9@a.com") == (
        "崔青松 (Qingsong Cui)",
    )
    assert read("Łukasz Żak, D. O’Neil, Weinan E") == ("Łukasz Żak", "D. O’Neil", "Weinan E")


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DeepLake-AI", "research@deeplake.com"),
        # Somebody stands below, or beside where the letters of marks end the names.
        ("Ann Lee", "Bo Kim"),
        ("Ann Lee", "Lake University", "Bo Kim", "Hill College"),
        ("Ann Lee1 Bo Kim1", "cy of Ott2 Di Wu", "1Lake University"),
        ("Ann Leea", "aInstitute of Lakes"),
        # Not all have an address, or not of their own.
        ("Ann Lee", "Lake Inc.", "a@lake.com", "Bo Kim", "Hill Labs", "info@hill.com"),
        ("Ann Lee, Lake University", "Bo Kim, Hill College"),
        ("a quasi-Newton method based on minibatches, but (unlike Adam) has",),
    ],
)
def test_nobody_is_named_where_somebody_might_be_missing(lines: tuple[str, ...]) -> None:
    assert read(*lines) == ()


def test_words_of_the_paper_are_no_names() -> None:
    assert read("Large Language Models", text="We train large language models.") == ()
    assert read("Ann Large, Bo Kim", text="A large lake.") == ("Ann Large", KIM)


def test_the_record_of_a_paper_comes_first() -> None:
    document = Document(front_matter="Ann Lee, Bo Kim")
    assert complete_metadata(Paper("a", "A", source="file"), document).authors == (LEE, KIM)
    assert complete_metadata(Paper("a", "A", (OTT,)), document).authors == (OTT,)
