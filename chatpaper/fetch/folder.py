"""Read a folder of PDFs as a source of papers.

Where somebody wrote a `metadata.json` beside them, it is read too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.papers import MAX_VERSION
from chatpaper.fetch.record_text import clean_record_text

METADATA_FILE = "metadata.json"
# Ten thousand papers with their abstracts; what is larger is something else.
MAX_METADATA_BYTES = 50_000_000
# The longest titles have some 300 characters, the longest abstracts 2,000 (arXiv's limit); lists of
# journals are long.
MAX_LINE_CHARACTERS, MAX_TEXT_CHARACTERS = 2_000, 20_000


@dataclass(frozen=True, slots=True)
class FolderPaper:
    """A paper whose PDF is at hand; `topics` are the topics that its metadata names."""

    paper: Paper
    pdf: Path
    topics: tuple[str, ...] = ()


class _Record(BaseModel):
    """What `metadata.json` may say of one file; what it leaves out is read from the PDF later."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    title: Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)] = ""
    authors: tuple[Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)], ...] = ()
    abstract: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)] = ""
    arxiv_id: str = ""
    version: Annotated[int, Field(ge=1, le=MAX_VERSION)] | None = None
    published: datetime | None = None
    updated: datetime | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    comment: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)] = ""
    journal_ref: Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)] = ""
    doi: Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)] = ""
    license: Annotated[str, Field(max_length=MAX_LINE_CHARACTERS)] = ""
    topics: tuple[str, ...] = ()

    @field_validator("file")
    @classmethod
    def _is_a_name(cls, file: str) -> str:
        if not file or PurePath(file).name != file:
            raise ValueError("must be the name of a file in the same folder")
        return file

    @field_validator("arxiv_id")
    @classmethod
    def _is_an_id(cls, arxiv_id: str) -> str:
        if arxiv_id:
            ArxivId.parse(arxiv_id)
        return arxiv_id

    @field_validator("published", "updated")
    @classmethod
    def _in_some_zone(cls, moment: datetime | None) -> datetime | None:
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


_RECORDS = TypeAdapter(tuple[_Record, ...])


def read_folder(folder: Path) -> tuple[FolderPaper, ...]:
    """List the PDFs of a folder as papers, in the order of their file names.

    Raises ConfigError where there is no such folder, no PDF in it, or its metadata is not as it
    should be.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder} is not a folder: give the folder that holds the PDFs")
    pdfs = sorted(
        each for each in folder.iterdir() if each.suffix.lower() == ".pdf" and each.is_file()
    )
    if not pdfs:
        raise ConfigError(
            f"There is no PDF in {folder}: put the papers there, or give another folder"
        )
    records = {record.file: record for record in _records(folder / METADATA_FILE)}
    unknown = sorted(records.keys() - {pdf.name for pdf in pdfs})
    if unknown:
        raise ConfigError(
            f"{folder / METADATA_FILE} describes {', '.join(unknown)}, "
            "which the folder does not hold"
        )
    found = tuple(_folder_paper(pdf, records.get(pdf.name)) for pdf in pdfs)
    _refuse_twins(found, folder)
    return found


def read_file(pdf: Path) -> FolderPaper:
    """Read one PDF as a paper, with the metadata that its folder has for it, if any.

    Errors as for `read_folder`.
    """
    if not pdf.is_file():
        raise ConfigError(f"There is no file {pdf}")
    records = {record.file: record for record in _records(pdf.parent / METADATA_FILE)}
    return _folder_paper(pdf, records.get(pdf.name))


def _records(path: Path) -> Sequence[_Record]:
    if not path.exists():
        return ()
    # Of a pipe or a device there may be no end, or no beginning.
    if not path.is_file() or path.stat().st_size > MAX_METADATA_BYTES:
        raise ConfigError(
            f"{path} is no file of at most {MAX_METADATA_BYTES // 1_000_000} MB: "
            "remove or correct it"
        )
    try:
        records = _RECORDS.validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigError(f"{path} is not valid, at {place}: {first['msg']}") from error
    files = [record.file for record in records]
    twice = sorted({file for file in files if files.count(file) > 1})
    if twice:
        raise ConfigError(f"{path} describes {', '.join(twice)} twice")
    return records


def _folder_paper(pdf: Path, record: _Record | None) -> FolderPaper:
    ensure_utf8_name(pdf)
    known = record or _Record(file=pdf.name)
    arxiv_id = ArxivId.parse(known.arxiv_id) if known.arxiv_id else None
    key, version = (
        (arxiv_id.id, arxiv_id.version or known.version) if arxiv_id else (pdf.stem, known.version)
    )
    paper = Paper(
        arxiv_id=key,
        title=clean_record_text(known.title),
        authors=tuple(clean_record_text(author) for author in known.authors),
        abstract=clean_record_text(known.abstract),
        version=version,
        published=known.published,
        updated=known.updated or known.published,
        primary_category=known.primary_category or next(iter(known.categories), ""),
        categories=known.categories,
        comment=clean_record_text(known.comment),
        journal_ref=clean_record_text(known.journal_ref),
        doi=known.doi,
        license=known.license,
        abs_url=f"http://arxiv.org/abs/{ArxivId(key, version).idv}" if arxiv_id else "",
        source="file",
    )
    return FolderPaper(paper, pdf, known.topics)


def ensure_utf8_name(pdf: Path) -> None:
    """Raise ConfigError for a file whose name is not valid UTF-8.

    Python keeps the bytes of such a name, which stand for no letters.
    """
    try:
        pdf.name.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"The name of the file {pdf.name!a} is no UTF-8: rename it") from None


def _refuse_twins(found: Sequence[FolderPaper], folder: Path) -> None:
    first: dict[str, Path] = {}
    for each in found:
        if each.paper.is_from_elsewhere:
            continue
        other = first.setdefault(each.paper.squashed_id, each.pdf)
        if other is not each.pdf:
            raise ConfigError(
                f"{other.name} and {each.pdf.name} in {folder} would both be paper "
                f"{each.paper.arxiv_id}: rename one"
            )
