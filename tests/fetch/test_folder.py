"""A folder of PDFs as a source."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.folder import read_file, read_folder

LIBRARY = Path(__file__).parents[2] / "examples" / "library"


def filled(folder: Path, *names: str, metadata: Any = None) -> Path:
    for name in names:
        (folder / name).write_bytes(b"%PDF-1.4")
    if metadata is not None:
        (folder / "metadata.json").write_text(json.dumps(metadata), "utf-8")
    return folder


def test_pdfs_come_in_the_order_of_their_names_whatever_else_lies_there(tmp_path: Path) -> None:
    filled(tmp_path, "b.pdf", "a.PDF", "notes.txt", "c.pdf")
    (tmp_path / "d.pdf").mkdir()
    found = read_folder(tmp_path)
    assert [each.paper.arxiv_id for each in found] == ["a", "b", "c"]
    assert [each.pdf.name for each in found] == ["a.PDF", "b.pdf", "c.pdf"]
    assert {each.paper.source for each in found} == {"file"}
    assert found[0].paper.title == ""


def test_metadata_is_taken_over(tmp_path: Path) -> None:
    record = {
        "file": "a.pdf",
        "title": "A  ti\u200btle\nin \u202etwo\U000e0021 lines",
        "authors": ["José Álvarez-Núñez", "李 明"],
        "abstract": "An\nabstract.",
        "arxiv_id": "2407.18125",
        "version": 2,
        "published": "2024-07-25T15:30:00Z",
        "categories": ["cs.CV", "cs.LG"],
        "comment": "5 pages",
        "topics": ["Diffusion Models"],
    }
    (found,) = read_folder(filled(tmp_path, "a.pdf", metadata=[record]))
    paper = found.paper
    assert (paper.idv, paper.title, paper.abstract) == (
        "2407.18125v2",
        "A title in two lines",
        "An abstract.",
    )
    assert paper.authors == ("José Álvarez-Núñez", "李 明")
    assert paper.published == paper.updated == datetime(2024, 7, 25, 15, 30, tzinfo=UTC)
    assert (paper.primary_category, paper.categories, paper.comment) == (
        "cs.CV",
        ("cs.CV", "cs.LG"),
        "5 pages",
    )
    assert paper.abs_url == "http://arxiv.org/abs/2407.18125v2"
    assert found.topics == ("Diffusion Models",)


def test_a_time_without_a_zone_is_gmt(tmp_path: Path) -> None:
    metadata = [{"file": "a.pdf", "published": "2024-07-25T15:30:00"}]
    (found,) = read_folder(filled(tmp_path, "a.pdf", metadata=metadata))
    assert found.paper.published == datetime(2024, 7, 25, 15, 30, tzinfo=UTC)


def test_one_file_finds_its_metadata_too(tmp_path: Path) -> None:
    filled(tmp_path, "a.pdf", "b.pdf", metadata=[{"file": "b.pdf", "title": "B"}])
    assert read_file(tmp_path / "b.pdf").paper.title == "B"
    assert read_file(tmp_path / "a.pdf").paper.title == ""


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [
        ([{"file": "a.pdf", "titel": "A"}], "titel"),
        ([{"title": "A"}], "file"),
        ([{"file": "../a.pdf"}], "same folder"),
        ([{"file": "a.pdf", "arxiv_id": "nonsense"}], "not an arXiv id"),
        ([{"file": "a.pdf", "published": "yesterday"}], "published"),
        ([{"file": "a.pdf"}, {"file": "a.pdf"}], "twice"),
        ([{"file": "other.pdf"}], "other.pdf"),
        ({"file": "a.pdf"}, "metadata.json"),
    ],
)
def test_wrong_metadata_is_refused_with_its_place(
    tmp_path: Path, metadata: Any, complaint: str
) -> None:
    filled(tmp_path, "a.pdf", metadata=metadata)
    with pytest.raises(ConfigError, match=complaint) as caught:
        read_folder(tmp_path)
    assert "metadata.json" in str(caught.value)


def test_metadata_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (filled(tmp_path, "a.pdf") / "metadata.json").write_text("[{,}]")
    with pytest.raises(ConfigError, match=r"metadata\.json is not valid"):
        read_folder(tmp_path)


def test_two_files_cannot_be_the_same_paper(tmp_path: Path) -> None:
    metadata = [
        {"file": "a.pdf", "arxiv_id": "2407.18125"},
        {"file": "b.pdf", "arxiv_id": "2407.18125"},
    ]
    with pytest.raises(ConfigError, match=r"a\.pdf and b\.pdf"):
        read_folder(filled(tmp_path, "a.pdf", "b.pdf", metadata=metadata))


def test_a_folder_without_pdfs_and_no_folder_at_all_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no PDF in"):
        read_folder(tmp_path)
    with pytest.raises(ConfigError, match="not a folder"):
        read_folder(tmp_path / "missing")
    with pytest.raises(ConfigError, match="no file"):
        read_file(tmp_path / "missing.pdf")


def test_the_example_library_can_be_read() -> None:
    found = read_folder(LIBRARY)
    assert len(found) >= 8
    assert any("diffusion" in each.paper.title.lower() for each in found)


def test_a_name_that_is_no_text_is_refused_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a\udcff.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(ConfigError, match=r"'a\\udcff\.pdf' is no UTF-8: rename it"):
        read_folder(tmp_path)


def test_files_of_one_stem_are_told_apart_by_their_contents_later(tmp_path: Path) -> None:
    found = read_folder(filled(tmp_path, "a.pdf", "a.PDF"))
    assert [each.paper.arxiv_id for each in found] == ["a", "a"]
