"""Whether a PDF is of the paper that it came for."""

from pathlib import Path

import pytest

from chatpaper.domain import Document, Paper, Section
from chatpaper.extract.document import read_document
from chatpaper.fetch.folder import read_folder
from chatpaper.pipeline.pdf_match import matches_record

ABSTRACT = (
    "We measure the thickness of drifting floes from radar altimetry and compare several seasons "
    "of observations with moored instruments beneath the surface."
)
PAPER = Paper("2611.00001", "Thin Floes, Seen from Above", ("José Núñez", "Maren Köhler"), ABSTRACT)
OTHER_TEXT = (
    "Galaxies rotate faster than their visible stars allow, as their spectral lines tell. " * 5
)


def document(title: str = "", authors: str = "", text: str = OTHER_TEXT) -> Document:
    return Document(
        title, front_matter=authors, sections=(Section("1", "Introduction", 1, 1, text),)
    )


def test_the_pdf_of_another_paper_is_none_of_this_one() -> None:
    assert not matches_record(document("Rotation of Galaxies", "Ada Lovelace"), PAPER)


@pytest.mark.parametrize(
    "own",
    [
        document("THIN FLOES SEEN FROM ABOVE"),
        document("Of Floes and Radar", "J. Nunez and M. Kohler, Institute of Ice"),
        document("Von Eisschollen", text=f"{ABSTRACT} {OTHER_TEXT}"),
    ],
    ids=["title", "authors", "abstract"],
)
def test_any_one_sign_is_enough(own: Document) -> None:
    assert matches_record(own, PAPER)


def test_a_record_that_says_nothing_makes_no_pdf_another_papers() -> None:
    assert matches_record(document("Rotation of Galaxies"), Paper("2611.00001", ""))


def test_the_example_papers_are_told_apart(library: Path, tmp_path: Path) -> None:
    stems = ("step-budgets", "leaf-shapes", "herbarium-dust")
    found = [each for each in read_folder(library) if each.pdf.stem in stems]
    documents = {each.pdf.stem: read_document(each.pdf, tmp_path / each.pdf.stem) for each in found}
    assert len(documents) == len(stems)
    for each in found:
        for stem, read in documents.items():
            assert matches_record(read, each.paper) == (stem == each.pdf.stem), (
                each.pdf.stem,
                stem,
            )
