"""PDFs that somebody has: files of a folder or bucket, and the tars of arXiv's bulk service."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.domain.errors import ConfigError, FetchError
from chatpaper.fetch.pdf_store import PdfStore


def make_tar(files: Mapping[str, bytes]) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return body.getvalue()


TARS = {
    "arXiv_pdf_2103_001.tar": make_tar({"2103/2103.00001.pdf": b"one", "2103/x.txt": b"none"}),
    "arXiv_pdf_2103_002.tar": make_tar({"2103/2103.00002v3.pdf": b"two" * 999_999}),
    "arXiv_pdf_0102_001.tar": make_tar({"0102/hep-th0102003.pdf": b"old"}),
}


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a place with the tars: a folder, or a bucket that fsspec opens."""
    if request.param == "folder":
        for name, content in TARS.items():
            (tmp_path / name).write_bytes(content)
        return str(tmp_path)
    fsspec = pytest.importorskip("fsspec")
    root = f"memory://{tmp_path.name}"
    for name, content in TARS.items():
        with fsspec.open(f"{root}/{name}", "wb") as file:
            file.write(content)
    return root


def test_a_pdf_is_found_in_the_tars_of_its_month(place: str, tmp_path: Path) -> None:
    store = PdfStore(place, tmp_path / "cache")
    assert store.fetch(Paper("2103.00001", "", version=2)).read_bytes() == b"one"
    found = store.fetch(Paper("2103.00002", "", version=3))
    assert found == tmp_path / "cache" / "pdf" / "2103.00002v3.pdf"
    assert found.read_bytes() == b"two" * 999_999
    assert store.fetch(Paper("hep-th/0102003", "")).read_bytes() == b"old"
    for missing in ("2103.00003", "2104.00001"):
        with pytest.raises(FetchError, match="There is no PDF"):
            store.fetch(Paper(missing, ""))


@pytest.mark.parametrize("content", [b"no tar" * 99, TARS["arXiv_pdf_2103_002.tar"][:100_000]])
def test_a_tar_that_is_damaged_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "arXiv_pdf_2103_007.tar").write_bytes(content)
    with pytest.raises(ConfigError, match=r"arXiv_pdf_2103_007\.tar is damaged"):
        PdfStore(str(tmp_path), tmp_path / "cache").fetch(Paper("2103.00002", "", version=3))
    assert not list(tmp_path.glob("cache/pdf/*"))
