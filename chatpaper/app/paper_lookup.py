"""Look up papers that a person names one by one: reference -> record, and document if wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.domain import ArxivId, Document, Paper, PostEntry
from chatpaper.domain.atomic_files import compute_digest
from chatpaper.domain.errors import ConfigError, FetchError, PaperNotFoundError
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.folder import read_file
from chatpaper.fetch.paper_reference import ArxivReference, PdfFile, Reference
from chatpaper.pipeline.documents import (
    DocumentLoader,
    FetchPdf,
    LoadedDocument,
    load_kept_document,
    obtain_pdf,
)
from chatpaper.pipeline.request import RunRequest
from chatpaper.pipeline.selection import Candidate, candidate_from_json
from chatpaper.storage.papers.entries import PaperRecords
from chatpaper.storage.papers.identities import Identities
from chatpaper.storage.store import Store


def to_candidate(reference: Reference, records: Mapping[ArxivId, Paper]) -> Candidate | None:
    """Return the paper that a reference names; None for one of arXiv that `records` has not."""
    if isinstance(reference, ArxivReference):
        paper = records.get(reference.arxiv_id)
        return None if paper is None else Candidate(paper)
    if isinstance(reference, PdfFile):
        return Candidate(read_file(reference.path).paper, reference.path.absolute())
    stem = PurePosixPath(urlsplit(reference.url).path).stem or "paper"
    return Candidate(Paper(stem, "", source="file", abs_url=reference.url, pdf_url=reference.url))


def identify(candidate: Candidate, identities: Identities, fetch_pdf: FetchPdf) -> Candidate:
    """Return the candidate under the key of its contents.

    A file that cannot be fetched has a key by its address until it can. Raises ConfigError for one
    that cannot be read.
    """
    paper = candidate.paper
    if not paper.is_from_elsewhere:
        return candidate
    try:
        pdf = candidate.pdf or fetch_pdf(paper)
        key = identities.assign_key(
            compute_digest(pdf), paper.arxiv_id, str(candidate.pdf or paper.pdf_url)
        )
    except FetchError:
        # The run meets the same fault, and reports it.
        key = identities.assign_key_by_address(paper.pdf_url, paper.arxiv_id)
    except OSError as error:
        raise ConfigError(f"{candidate.pdf} cannot be read: {error.strerror}.") from error
    return replace(candidate, paper=replace(paper, arxiv_id=key))


def merge_candidates(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates, each paper once.

    Raises ConfigError for two versions of a paper: it has one post a day.
    """
    chosen: dict[str, Candidate] = {}
    for candidate in candidates:
        other = chosen.setdefault(candidate.paper.arxiv_id, candidate)
        if other.paper.version != candidate.paper.version:
            raise ConfigError(
                f"{other.paper.idv} and {candidate.paper.idv} are versions of one paper and would "
                "share one post: ask for one of them, or for the other with another --output."
            )
    return tuple(chosen.values())


def refuse_other_versions(
    store: Store, candidates: Iterable[Candidate], request: RunRequest
) -> None:
    """Raise ConfigError if a paper would replace another version in a post of the same day."""
    for paper in (candidate.paper for candidate in candidates):
        posted = store.outcomes.find(None, paper.arxiv_id)
        if (
            posted is None
            or posted.post_date != request.post_date
            or posted.version in (None, paper.version)
        ):
            continue
        if any(store.posts.contains(key) for key in request.post_keys(None, paper.arxiv_id)):
            raise ConfigError(
                f"The post of {paper.arxiv_id} for {request.post_date} shows version "
                f"{posted.version}, which version {paper.version} would replace: "
                "choose another --date."
            )


def resolve_paper(reference: Reference, arxiv: ArxivClients) -> Candidate:
    """Return the paper that a reference names, with its record from arXiv.

    Raises PaperNotFoundError where arXiv does not have it.
    """
    known = [reference.arxiv_id] if isinstance(reference, ArxivReference) else []
    candidate = to_candidate(reference, arxiv.api.fetch_records(known) if known else {})
    if candidate is None:
        raise PaperNotFoundError(f"arXiv has no paper {known[0].idv}: check the number.")
    return candidate


def load_document(
    candidate: Candidate, settings: Settings, arxiv: ArxivClients, workers: Extractor
) -> LoadedDocument:
    """Load the document of a paper; its PDF is fetched if it is not at hand.

    Raises as `obtain_pdf` and `DocumentLoader.load` do.
    """
    fetched, missing = obtain_pdf(candidate.paper, candidate.pdf, arxiv.fetch_pdf)
    return DocumentLoader(settings.cache_dir, workers.extract).load(
        candidate.paper, fetched, missing, is_own=candidate.pdf is not None
    )


def load_stored_document(
    entry: PostEntry,
    settings: Settings,
    arxiv: ArxivClients,
    workers: Extractor,
    records: PaperRecords,
) -> Document:
    """Load the whole document of a stored paper, of which its entry has no sections.

    What a run has read is not read again. Without a PDF there is what the entry has; raises as
    `load_document` does where the PDF cannot be fetched now.
    """
    if entry.abstract_only is not None:
        return entry.document
    kept = load_kept_document(entry.images)
    if kept is not None:
        return kept
    record = records.find(entry.paper.arxiv_id)
    own = candidate_from_json(record).pdf if record is not None else None
    if own is not None and not (
        own.is_file() and compute_digest(own).startswith(entry.pdf_digest or "?")
    ):
        own = None
    if own is None and not entry.paper.pdf_url:
        return entry.document
    return load_document(Candidate(entry.paper, own), settings, arxiv, workers).document
