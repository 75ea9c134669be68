"""Folders that somebody else filled: names, sizes and kinds of files that no paper has."""

import json
import os
import sys
from pathlib import Path

import pytest

from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.folder import MAX_METADATA_BYTES, read_file, read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-")
    return tmp_path


@pytest.mark.skipif(
    sys.platform == "win32", reason="there a backslash parts folders, and there are no pipes"
)
def test_a_backslash_in_a_name_is_a_letter_like_any_other(folder: Path) -> None:
    pdf = folder / "back\\slash.pdf"
    pdf.write_bytes(b"%PDF-")
    (folder / "metadata.json").write_text(json.dumps([{"file": pdf.name, "title": "Slashes"}]))
    assert read_file(pdf).paper.title == "Slashes"
    assert len(read_folder(folder)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes")
def test_metadata_that_is_no_file_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "metadata.json")
    with pytest.raises(ConfigError, match=r"metadata\.json is no file"):
        read_folder(folder)


def test_metadata_of_any_size_is_not_read(folder: Path) -> None:
    with (folder / "metadata.json").open("wb") as file:
        file.truncate(MAX_METADATA_BYTES + 1)
    with pytest.raises(ConfigError, match="at most 50 MB"):
        read_file(folder / "paper.pdf")


@pytest.mark.parametrize(
    "record",
    [
        {"title": "x" * 20_000_000},
        {"authors": ["x" * 3_000]},
        {"abstract": "x" * 30_000},
        {"version": 10**30},
        {"version": 0},
        {"arxiv_id": f"2407.18125v{10**30}"},
    ],
    ids=["title", "author", "abstract", "version", "no version", "id"],
)
def test_a_record_that_is_out_of_all_proportion_is_refused(
    record: dict[str, object], folder: Path
) -> None:
    (folder / "metadata.json").write_text(json.dumps([{"file": "paper.pdf"} | record]))
    with pytest.raises(ConfigError) as raised:
        read_folder(folder)
    assert len(str(raised.value)) < 1000


def test_deeply_nested_metadata_is_refused(folder: Path) -> None:
    (folder / "metadata.json").write_text("[" * 100_000)
    with pytest.raises(ConfigError):
        read_folder(folder)


def test_a_paragraph_of_an_abstract_is_no_fault(folder: Path) -> None:
    (folder / "metadata.json").write_text(
        json.dumps([{"file": "paper.pdf", "abstract": "word " * 1000}])
    )
    assert read_folder(folder)[0].paper.abstract.startswith("word word")
