"""The command that reads PDFs: extract.

It writes a JSON record for each PDF, and never one over the record of another PDF.
"""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from chatpaper.app import container
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.domain import Document
from chatpaper.domain.errors import ConfigError, ExitCode, ExtractError
from chatpaper.domain.text.folding import fold_file_name
from chatpaper.extract.serialization import (
    ExtractionJson,
    FailedExtractionJson,
    SourceJson,
    extraction_to_json,
)
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.folder import ensure_utf8_name
from chatpaper.write.document.markdown import render_document
from chatpaper.write.files import check_writable, make_safe_filename, write_atomically

# The keys that tell a record of a document, and one of a file that could not be read.
_RECORD_KEYS = ("sections", "error")


def extract_pdfs(
    settings: Settings,
    pdfs: Sequence[Path],
    output: Path,
    jobs: int,
    *,
    with_markdown: bool = False,
) -> ExitCode:
    """Write a JSON record and the images of each PDF: `chatpaper extract`.

    With `with_markdown` the document is written as Markdown too, beside the record.
    """
    check_writable(output)
    refuse_shared_records(pdfs, output)
    if with_markdown:
        refuse_other_notes(pdfs, output)
    with container.build_extractor(settings, jobs) as workers, ThreadPoolExecutor(jobs) as pool:
        done = list(pool.map(lambda pdf: _extract_one(workers, pdf, output, with_markdown), pdfs))
    return ExitCode.DONE if all(done) else ExitCode.SOME_FAILED


def _extract_one(workers: Extractor, pdf: Path, output: Path, with_markdown: bool) -> bool:
    stem, path = make_safe_filename(pdf.stem), record_path(pdf, output)
    source = describe_source(pdf)
    document: Document | None = None
    try:
        document = workers.extract(pdf, output / stem)
        record: ExtractionJson | FailedExtractionJson = extraction_to_json(document, stem, source)
    except ExtractError as error:
        record = FailedExtractionJson(error=str(error), reason=error.reason, source=source)
        echo_error(str(error))
    content = json.dumps(record.to_json(), ensure_ascii=False, indent=1) + "\n"
    write_atomically(path, content.encode())
    echo(str(path))
    if with_markdown and document is not None:
        note = path.with_suffix(".md")
        write_atomically(note, render_document(document, stem).encode())
        echo(str(note))
    return isinstance(record, ExtractionJson)


def record_path(pdf: Path, output: Path) -> Path:
    """Return where the record of a PDF belongs."""
    return output / f"{make_safe_filename(pdf.stem)}.json"


def describe_source(pdf: Path) -> SourceJson:
    """Describe what tells a PDF from another of its name: digests of its contents and its path.

    The path itself is private. The digest of the contents is empty where they cannot be read.
    """
    try:
        contents = hashlib.sha256(pdf.read_bytes()).hexdigest()
    except OSError:
        contents = ""
    path = str(pdf.resolve()).encode(errors="surrogateescape")
    return SourceJson(
        contents_sha256=contents,
        path_sha256=hashlib.sha256(path).hexdigest(),
    )


def refuse_shared_records(pdfs: Sequence[Path], output: Path) -> None:
    """Raise ConfigError if a record would overwrite another, also where case is ignored.

    It is also raised for a name that no record can have. The record of a PDF that was replaced in
    place or moved is overwritten, and so is one of an earlier release, which noted no sources.
    """
    known: dict[str, Path] = {}
    for pdf in pdfs:
        ensure_utf8_name(pdf)
        other = known.setdefault(fold_file_name(make_safe_filename(pdf.stem)), pdf)
        if other is not pdf:
            raise ConfigError(
                f"{other} and {pdf} have the same name, and so would their JSON files: "
                "extract them separately, each with its own --output."
            )
        if reason := _reason_not_to_write(pdf, record_path(pdf, output)):
            raise ConfigError(reason)


def refuse_other_notes(pdfs: Sequence[Path], output: Path) -> None:
    """Raise ConfigError if Markdown would be written over a file that is not from here.

    What this command writes stands beside the record of its PDF.
    """
    for pdf in pdfs:
        note = record_path(pdf, output).with_suffix(".md")
        if note.exists() and not record_path(pdf, output).is_file():
            raise ConfigError(
                f"{note} is not from `chatpaper extract`: move it away, or choose another --output."
            )


def _reason_not_to_write(pdf: Path, record: Path) -> str:
    """Explain why the record of a PDF may not be written, or return "" if it may."""
    if not record.is_file():
        return ""
    standing = _read(record)
    if not any(mark in standing for mark in _RECORD_KEYS):
        return (
            f"{record} is not a record of `chatpaper extract`: "
            "move it away, or choose another --output."
        )
    source, own = standing.get("source"), describe_source(pdf).to_json()
    if not isinstance(source, dict) or any(
        source.get(name) == value != "" for name, value in own.items()
    ):
        return ""
    return (
        f"{record} is the record of another PDF named {pdf.name}: "
        f"choose another --output for {pdf}, or move the record away."
    )


def _read(record: Path) -> dict[str, Any]:
    try:
        content = json.loads(record.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
