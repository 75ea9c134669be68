"""What stands between the title and the abstract is kept: it tells the institutes."""

from pathlib import Path

import pytest

from chatpaper.extract.document import read_document


@pytest.mark.parametrize(
    ("stem", "institute"),
    [
        ("ring-relaxation", "Laboratory of Statistical Toys, Grenoble, France"),
        ("spatial-audit", "Open Vision Workshop"),
        ("schedule-sensors", "Laboratory for Machine"),
    ],
)
def test_institutes_are_in_the_front_matter_and_the_abstract_is_not(
    library: Path, stem: str, institute: str
) -> None:
    document = read_document(library / f"{stem}.pdf", None)
    assert institute in document.front_matter
    assert document.abstract[:60] not in document.front_matter
    assert document.title not in document.front_matter
