"""The records of papers that a reader names by their ids, from the database or arXiv."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import UpstreamError
from chatpaper.domain.ranking import LibraryPaper
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.storage.store import Store

_log = logging.getLogger(__name__)


def find_records(
    papers: Iterable[LibraryPaper], store: Store, api: ArxivApi
) -> tuple[dict[str, Paper], tuple[str, ...]]:
    """Find the records of the papers that lack an abstract, in the database or else at arXiv."""
    lacking = dict.fromkeys(
        paper.arxiv_id for paper in papers if paper.arxiv_id and not paper.abstract
    )
    known = {arxiv_id: _find_known(arxiv_id, store) for arxiv_id in lacking}
    records = {arxiv_id: paper for arxiv_id, paper in known.items() if paper is not None}
    missing = [ArxivId(arxiv_id) for arxiv_id in lacking if arxiv_id not in records]
    notes: list[str] = []
    if missing:
        try:
            found = api.fetch_records(missing)
        except UpstreamError as error:
            _log.warning("%s", error)
            notes.append(f"papers of the profile left out tonight: {len(missing)}; {error}")
        else:
            store.library.save(list(found.values()))
            records |= {each.id: paper for each, paper in found.items()}
    return records, tuple(notes)


def _find_known(arxiv_id: str, store: Store) -> Paper | None:
    record = store.records.find(arxiv_id)
    return candidate_from_json(record).paper if record else store.library.find(arxiv_id)


def complete_papers(
    papers: Sequence[LibraryPaper], records: dict[str, Paper]
) -> tuple[LibraryPaper, ...]:
    """Return the papers of which at least the title is known, each once."""
    complete: dict[tuple[str, str], LibraryPaper] = {}
    for paper in papers:
        record = records.get(paper.arxiv_id)
        if record is not None:
            paper = replace(paper, title=paper.title or record.title, abstract=record.abstract)
        if paper.title:
            complete.setdefault((paper.arxiv_id, "" if paper.arxiv_id else paper.title), paper)
    return tuple(complete.values())
