"""The text inside of figures and tables."""

from pathlib import Path

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.record import document_to_json


@pytest.fixture(scope="module")
def herbarium(library: Path) -> Document:
    return read_document(library / "herbarium-dust.pdf", None)


def test_a_table_has_its_rows_as_text(herbarium: Document) -> None:
    (table,) = [figure for figure in herbarium.figures if figure.kind == "table"]
    assert [row.replace(" | ", " ") for row in table.text.splitlines()] == [
        "Method Specks Fibres All Time",
        "Median filter 31.9 29.3 31.2 0.2",
        "Classical 33.2 30.2 32.4 1.9",
        "Ours 34.4 32.5 33.9 7.4",
    ]


def test_the_caption_is_no_part_of_it(herbarium: Document) -> None:
    assert all(figure.caption[:40] not in figure.text for figure in herbarium.figures)


def test_the_json_has_it(herbarium: Document) -> None:
    told = document_to_json(herbarium, "x")["figures"]
    assert [figure["text"] for figure in told] == [figure.text for figure in herbarium.figures]


def test_algorithms_and_footnotes_are_kept_beside_the_text(library: Path) -> None:
    document = read_document(library / "schedule-sensors.pdf", None)
    (algorithm,) = [aside for aside in document.asides if aside.kind == "algorithm"]
    assert "0.01" in algorithm.text
    assert all("0.01" not in section.text or "Algorithm 1" in section.text for section in document.sections)
    notes = read_document(library / "step-budgets.pdf", None).asides
    assert [aside.kind for aside in notes] == ["footnotes"]
    assert document_to_json(document, "x")["asides"][0]["page"] == algorithm.page
