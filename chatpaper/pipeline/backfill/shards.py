"""Read the PDFs of a shard into one file, on whatever machine, and take such files in.

The plan of a shard names its papers; its result is named by the plan's content and the version of
the extractor. A shard that is read twice gives the same file, so that doing it twice does no harm;
whether it is done is whether its file is there.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from chatpaper.domain import Document, Paper
from chatpaper.domain.atomic_files import compute_digest, make_folder
from chatpaper.domain.errors import (
    ConfigError,
    ExtractError,
    FetchError,
    UpstreamError,
    describe_without_folder,
)
from chatpaper.extract import DISK_FAULT, EXTRACTOR_VERSION
from chatpaper.fetch.file_store import FileStore
from chatpaper.pipeline.documents import DOCUMENT_NAME, DocumentLoader, FetchPdf
from chatpaper.storage.papers.identities import DIGEST_CHARACTERS
from chatpaper.write.dataset.shard_file import ReadRow, read_rows, write_rows
from chatpaper.write.files import write_atomically

_DOCUMENT = TypeAdapter(Document)
_PAPERS = TypeAdapter(tuple[Paper, ...])
_PLAN_DIGITS = 16

ExtractPdf = Callable[[Path, Path], Document]


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """The papers of a shard, and the name of the file that they are read into."""

    number: int
    papers: tuple[Paper, ...]
    result: str


def plan_name(number: int) -> str:
    """Return the name of the plan of a shard in its store."""
    return f"plan/{number:05d}.json"


def write_plan(store: FileStore, number: int, papers: Sequence[Paper]) -> None:
    """Write the plan of a shard. Raises as `FileStore.put` does."""
    content = _PAPERS.dump_json(tuple(papers))
    store.write(plan_name(number), content)


def load_plan(store: FileStore, number: int) -> ShardPlan:
    """Load the plan of a shard.

    Raises ConfigError where there is none, UpstreamError where the store does not answer.
    """
    if not store.exists(plan_name(number)):
        raise ConfigError(
            f"There is no plan of shard {number} in {store.place}: `chatpaper backfill --dry-run "
            "--shards` writes the plans."
        )
    with TemporaryDirectory() as folder:
        path = Path(folder, "plan.json")
        store.get(plan_name(number), path)
        content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:_PLAN_DIGITS]
    result = f"read/{number:05d}-{digest}-{EXTRACTOR_VERSION}.parquet"
    return ShardPlan(number, _PAPERS.validate_json(content), result)


def read_shard(
    store: FileStore, number: int, fetch_pdf: FetchPdf, extract_pdf: ExtractPdf, jobs: int = 1
) -> tuple[ShardPlan, bool]:
    """Read the PDFs of a shard, `jobs` at a time, into its file.

    Returns its plan, and whether there was work to do.

    A PDF that cannot be had or read is a row with the reason. Raises UpstreamError where a service
    does not answer, ConfigError where a disk takes nothing more: the shard is to be read again.
    """
    plan = load_plan(store, number)
    if store.exists(plan.result):
        return plan, False
    with TemporaryDirectory(prefix="chatpaper-shard-") as folder:
        path = Path(folder, "shard.parquet")
        read = partial(_read, fetch_pdf=fetch_pdf, extract_pdf=extract_pdf, folder=Path(folder))
        try:
            with ThreadPoolExecutor(jobs, thread_name_prefix="shard") as pool:
                write_rows(path, _map_in_order(pool, read, plan.papers, 2 * jobs))
        except OSError as error:
            raise ConfigError(f"The shard cannot be written to {folder}: {error}.") from error
        store.put(path, plan.result)
    return plan, True


def _map_in_order(
    pool: ThreadPoolExecutor,
    read: Callable[[Paper], ReadRow],
    papers: Iterable[Paper],
    ahead: int,
) -> Iterator[ReadRow]:
    """Read papers by the threads of a pool, no more than some ahead of the one that is yielded."""
    running: deque[Future[ReadRow]] = deque()
    for paper in papers:
        running.append(pool.submit(read, paper))
        if len(running) > ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _read(paper: Paper, fetch_pdf: FetchPdf, extract_pdf: ExtractPdf, folder: Path) -> ReadRow:
    try:
        pdf = fetch_pdf(paper)
    except UpstreamError:
        raise
    except FetchError as error:
        return ReadRow(paper.arxiv_id, "fetch", "fetch", str(error))
    digest = compute_digest(pdf)[:DIGEST_CHARACTERS]
    with TemporaryDirectory(dir=folder) as scratch:
        images = Path(scratch, "images")
        try:
            document = extract_pdf(pdf, images)
        except ExtractError as error:
            if error.reason == DISK_FAULT:
                raise ConfigError(str(error)) from error
            return ReadRow(
                paper.arxiv_id, "extract", error.reason, describe_without_folder(error), digest
            )
        pictures = tuple(
            (path.name, path.read_bytes()) for path in sorted(images.glob("*")) if path.is_file()
        )
    content = _DOCUMENT.dump_json(document).decode()
    return ReadRow(paper.arxiv_id, pdf_digest=digest, document=content, images=pictures)


@dataclass(frozen=True, slots=True)
class ShardDocuments:
    """What a shard's file holds, laid into the cache of documents as if it had been read here."""

    folders: Mapping[str, Path]
    faults: Mapping[str, ReadRow]

    def fetch_pdf(self, paper: Paper) -> Path:
        """Return what stands for the PDF of a paper, for `read`.

        Raises FetchError where whoever read the shard had no PDF.
        """
        fault = self.faults.get(paper.arxiv_id)
        if fault is not None and fault.stage == "fetch":
            raise FetchError(fault.fault)
        folder = self.folders.get(paper.arxiv_id)
        if folder is None and fault is None:
            raise FetchError(f"The shard holds nothing of {paper.idv}")
        return folder or Path(paper.arxiv_id)

    def read(self, place: Path) -> tuple[Document, Path]:
        """Return the document in a folder of the cache.

        Raises ExtractError for a paper that could not be read.
        """
        fault = self.faults.get(str(place))
        if fault is not None:
            raise ExtractError(fault.fault, path=str(place), reason=fault.reason)
        return _DOCUMENT.validate_json((place / DOCUMENT_NAME).read_bytes()), place


class ShardLoader(DocumentLoader):
    """Loads the documents of a shard that was read, on whatever machine."""

    def __init__(self, documents: ShardDocuments) -> None:
        super().__init__(Path(), _refuse_to_extract, refuses_unreadable=True)
        self._documents = documents

    def read_document(self, pdf: Path) -> tuple[Document, Path]:
        """Return the document that stands for a PDF, and the folder with its images."""
        return self._documents.read(pdf)


def take_in_shard(store: FileStore, plan: ShardPlan, cache_dir: Path) -> ShardDocuments:
    """Lay the documents of a shard's file into the cache.

    Raises UpstreamError where the store does not answer, ConfigError where the cache cannot be
    written.
    """
    with TemporaryDirectory(prefix="chatpaper-shard-") as folder:
        path = Path(folder, "shard.parquet")
        store.get(plan.result, path)
        try:
            return _lay_out(read_rows(path), cache_dir)
        except OSError as error:
            raise ConfigError(
                f"The cache folder {cache_dir} cannot be written: {error}."
            ) from error


def _lay_out(rows: Iterable[ReadRow], cache_dir: Path) -> ShardDocuments:
    folders: dict[str, Path] = {}
    faults: dict[str, ReadRow] = {}
    for row in rows:
        if row.stage:
            faults[row.arxiv_id] = row
            continue
        folder = cache_dir / "documents" / f"{row.pdf_digest}-{EXTRACTOR_VERSION}"
        folders[row.arxiv_id] = folder
        if not (folder / DOCUMENT_NAME).is_file():
            make_folder(folder)
            for name, data in row.images:
                write_atomically(folder / Path(name).name, data, sync_folder=False)
            # Written last: if this file exists, so do the images that it names.
            write_atomically(folder / DOCUMENT_NAME, row.document.encode())
    return ShardDocuments(folders, faults)


def _refuse_to_extract(pdf: Path, _: Path) -> Document:
    raise ExtractError(f"{pdf} is no PDF", path=str(pdf), reason="missing")
