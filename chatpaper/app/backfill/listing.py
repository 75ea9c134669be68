"""List the papers of a backfill in the ledger, from whatever holds arXiv's records."""

from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.snapshot import UnreadableLine, read_snapshot
from chatpaper.pipeline.backfill.offers import offer_paper
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.papers.backfill_ledger import BackfillLedger, ListingPlace, OfferedPaper

# Papers that are kept in one step: a kill costs the reading of no more records than lie between.
_PAGE_PAPERS = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """How many papers of a source are new to the ledger, and which records could not be read."""

    new: int = 0
    unreadable: int = 0
    first_fault: str = ""


def list_snapshot(ledger: BackfillLedger, topic: Topic, days: DateRange, path: Path) -> Listing:
    """List the papers of a metadata snapshot, unless that was done.

    A listing that was killed begins anew: what it has found is not added twice. Raises ConfigError
    where the file cannot be read, and where nothing in it is a record of arXiv.
    """
    listing = (_identify(path), f"{days.since}..{days.until}")
    if ledger.find_place(topic.name, *listing).is_done:
        return Listing()
    records = new = unreadable = 0
    first_fault = ""
    page: list[OfferedPaper] = []
    for record in read_snapshot(path):
        records += 1
        if isinstance(record, UnreadableLine):
            unreadable += 1
            first_fault = first_fault or f"line {record.number}: {record.reason}"
        elif (offered := offer_paper(topic, record, days)) is not None:
            page.append(offered)
        if len(page) == _PAGE_PAPERS:
            new += ledger.add(topic.name, page)
            page = []
    if records == unreadable:
        raise ConfigError(
            f"The metadata file {path} holds no record of arXiv ({first_fault or 'it is empty'}): "
            "--metadata takes the JSON lines of arXiv's public snapshot."
        )
    new += ledger.advance(topic.name, listing, ListingPlace("", is_done=True), page)
    return Listing(new, unreadable, first_fault)


def _identify(path: Path) -> str:
    """Name a file with what changes when it is replaced by a newer one."""
    state = path.stat()
    return f"{path.absolute()} {state.st_size} {state.st_mtime_ns}"
