"""Where the page finds a paper of a night again: what was read of it, and its PDF."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import TypeAdapter

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.container import SharedResources
from chatpaper.app.settings import load_settings
from chatpaper.domain import Document, Paper, PostEntry, Section, Summary
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.pipeline.documents import DOCUMENT_NAME
from chatpaper.pipeline.selection import Candidate, candidate_to_json
from chatpaper.storage.store import Store
from chatpaper.web.viewer.viewer_cache import SummaryView, ViewerCache
from chatpaper.write.formats import load_format

PDF = b"%PDF-1.7 and so on"
PAPER = Paper("leaves", "Leaves", source="file")
WHOLE = Document(title="Leaves", sections=(Section("1", "Results", 1, 3, "We saw 64 leaves."),))


class UnusedWorkers:
    """Reads no PDF: what a night has read is not read again."""

    def extract(self, pdf: Path, image_folder: Path) -> Document:
        raise AssertionError(f"{pdf} was read again")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state") as opened:
        yield opened


def keep_night(store: Store, folder: Path) -> tuple[Path, PostEntry]:
    """Keep what a night leaves behind of a paper that its owner has as a file."""
    pdf = folder / "leaves.pdf"
    pdf.write_bytes(PDF)
    digest = hashlib.sha256(PDF).hexdigest()[:32]
    images = folder / f"{digest}-{EXTRACTOR_VERSION}"
    images.mkdir()
    (images / DOCUMENT_NAME).write_bytes(TypeAdapter(Document).dump_json(WHOLE))
    store.records.save(PAPER.arxiv_id, None, candidate_to_json(Candidate(PAPER, pdf)))
    summary = Summary({"summary": "共 64 片叶子。"}, "zh", "gemini", "m", "p")
    entry = PostEntry(PAPER, Document(title="Leaves"), summary, images=images, pdf_digest=digest)
    return pdf, entry


def open_entry(entry: PostEntry, store: Store, folder: Path) -> SummaryView:
    settings = load_settings(None, {"state_dir": folder / "s", "cache_dir": folder / "c"})
    resources = SharedResources(store, cast(Any, UnusedWorkers()))
    viewer = ViewerCache(
        settings, resources, ArxivClients(settings), folder / "nights", store.records
    )
    return viewer.open_summary(entry, None, (load_format("daily"),))


def test_a_paper_of_a_folder_is_found_again_without_reading_it(
    store: Store, tmp_path: Path
) -> None:
    pdf, entry = keep_night(store, tmp_path)
    view = open_entry(entry, store, tmp_path)
    assert view.pdf == pdf
    assert view.summary.is_checked
    assert [mark.kind for mark in view.annotations] == ["supported"]


def test_a_file_with_other_contents_is_not_shown_as_the_paper(store: Store, tmp_path: Path) -> None:
    pdf, entry = keep_night(store, tmp_path)
    pdf.write_bytes(PDF + b" else")
    view = open_entry(entry, store, tmp_path)
    assert view.pdf is None
    assert [mark.kind for mark in view.annotations] == ["supported"]


def test_without_file_and_document_nothing_is_said_to_be_missing(
    store: Store, tmp_path: Path
) -> None:
    pdf, entry = keep_night(store, tmp_path)
    assert entry.images is not None
    pdf.unlink()
    (entry.images / DOCUMENT_NAME).unlink()
    view = open_entry(entry, store, tmp_path)
    assert not view.summary.is_checked
    assert view.annotations == ()
