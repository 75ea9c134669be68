"""JSON of posts that other versions wrote: earlier ones wrote fewer keys, later ones more."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chatpaper.domain import BBox
from chatpaper.write.post_models import PaperJson
from chatpaper.write.site.recorded import read_paper
from tests.contracts.values import ENTRY, PAPER

SNAPSHOTS = Path(__file__).parent / "snapshots"
REQUIRED = {"arxiv_id", "title", "language", "summary", "backend", "model", "prompt_fingerprint"}


@pytest.fixture
def record() -> Any:
    return json.loads((SNAPSHOTS / "post-paper.json").read_text("utf-8"))


def test_a_paper_is_read_back_whole(record: Any, tmp_path: Path) -> None:
    read = read_paper(record, tmp_path)
    assert read.entry.paper == PAPER
    assert read.entry.summary.records == ENTRY.summary.records
    assert read.entry.summary.verification == ENTRY.summary.verification
    assert read.entry.summary.coverage == ENTRY.summary.coverage
    assert dict(read.entry.summary.answers)["results"] == ENTRY.summary.answers["results"]
    assert read.entry.images == tmp_path / "Diffusion_Models" / "2611.00001"
    (figure, table) = read.entry.document.figures
    assert (figure.image, table.image) == ("figure-1.png", "")
    assert isinstance(figure.bbox, BBox)
    assert read.newer is not None
    assert (read.newer.version, read.newer.withdrawn) == (3, True)


def test_keys_that_earlier_versions_did_not_write_may_be_missing(
    record: Any, tmp_path: Path
) -> None:
    old = {key: value for key, value in record.items() if key in REQUIRED}
    read = read_paper(old, tmp_path)
    assert read.entry.paper.title == PAPER.title
    assert read.entry.images is None
    assert {each.fingerprint for each in read.entry.summary.records.values()} == {"abc123"}
    for key in REQUIRED:
        with pytest.raises(ValidationError, match=key):
            read_paper({name: value for name, value in old.items() if name != key}, tmp_path)


def test_keys_of_later_versions_are_ignored(record: Any, tmp_path: Path) -> None:
    more = record | {"new_key": 1, "checks": record["checks"] | {"new_key": 2}}
    assert read_paper(more, tmp_path) == read_paper(record, tmp_path)


def test_keys_that_are_no_part_of_the_contract_cannot_be_written(record: Any) -> None:
    with pytest.raises(ValidationError, match="new_key"):
        PaperJson.model_validate(record | {"new_key": 1})
