"""The JSON that other programs read: byte for byte as it was published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chatpaper.app.check_report import CheckReport, verified_check_to_json
from chatpaper.cli.status import status_to_json
from chatpaper.domain import PostEntry
from chatpaper.extract.serialization import document_to_json
from chatpaper.pipeline.report.report_json import report_to_text
from chatpaper.write.formats import load_format, load_labels
from chatpaper.write.post_json import paper_to_json
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from tests.contracts import values

SNAPSHOTS = Path(__file__).parent / "snapshots"
LABELS = load_labels("zh")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _paper(entry: PostEntry) -> str:
    embedded = entry.document.figures[:1]
    return _dump(paper_to_json(entry, "Diffusion_Models/2611.00001", embedded, LABELS).to_json())


SNAPSHOT_TEXTS: dict[str, Callable[[], str]] = {
    "post-paper": lambda: _paper(values.ENTRY),
    "post-paper-bare": lambda: _paper(values.BARE_ENTRY),
    "extraction": lambda: _dump(document_to_json(values.DOCUMENT, "paper").to_json()),
    "extraction-blank": lambda: _dump(document_to_json(values.BLANK_DOCUMENT, "paper").to_json()),
    "run-report": lambda: report_to_text(values.RUN_REPORT),
    "run-report-empty": lambda: report_to_text(values.EMPTY_RUN_REPORT),
    "status": lambda: _dump(status_to_json(values.STATUS).to_json()),
    "status-empty": lambda: _dump(status_to_json(values.EMPTY_STATUS).to_json()),
    "check": lambda: _dump(CheckReport(values.CLAIMS).to_json()),
    "check-verified": lambda: _dump(
        verified_check_to_json(CheckReport(values.CLAIMS), values.JUDGED).to_json()
    ),
}


@pytest.mark.parametrize("name", SNAPSHOT_TEXTS)
def test_json_is_byte_for_byte_as_it_was(name: str) -> None:
    assert SNAPSHOT_TEXTS[name]() == (SNAPSHOTS / f"{name}.json").read_text("utf-8")


@pytest.mark.unlinted("the image and the earlier post that it names are not there")
def test_the_json_beside_a_post_is_byte_for_byte_as_it_was(tmp_path: Path) -> None:
    path = write_post(values.POST, load_format("daily"), PostStyle(LABELS), tmp_path)
    written = path.with_suffix(".json").read_text("utf-8")
    assert written == (SNAPSHOTS / "post.json").read_text("utf-8")
