"""List the papers of a backfill in the ledger, from whatever holds arXiv's records."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.oai import ExpiredTokenError, OaiClient
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

    A listing that was killed starts over; papers that it had found are not added twice. Raises
    ConfigError if the file cannot be read or holds no record of arXiv.
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


def list_from_arxiv(
    ledger: BackfillLedger, topic: Topic, days: DateRange, oai: OaiClient, today: date
) -> Listing:
    """List the papers that arXiv's OAI-PMH service has, a month of changes after the other.

    A record changes after its submission, so that months until today are asked for; only that of
    today is asked for again the next time. Each page is kept as it comes. Raises UpstreamError
    where the service does not answer: what is kept is not asked for again.
    """
    archives = sorted({each.partition(".")[0] for each in topic.categories}) or [""]
    result = Listing()
    for archive in archives:
        for since, until in _list_months(days.since, today):
            part = _Part(archive, since, until, is_open=until >= today)
            if not ledger.find_place(topic.name, *part.key).is_done:
                result = _list_month(ledger, topic, days, oai, part, result)
    return result


@dataclass(frozen=True, slots=True)
class _Part:
    """A month of changes to the records of an archive; one that is open may get more of them."""

    archive: str
    since: date
    until: date
    is_open: bool

    @property
    def key(self) -> tuple[str, str]:
        """How the ledger calls it."""
        return (f"oai {self.archive}".strip(), f"{self.since:%Y-%m}")


def _list_month(
    ledger: BackfillLedger,
    topic: Topic,
    days: DateRange,
    oai: OaiClient,
    part: _Part,
    result: Listing,
) -> Listing:
    token = ledger.find_place(topic.name, *part.key).place
    while True:
        try:
            page = (
                oai.resume(token)
                if token
                else oai.list_changed(part.since, part.until, part.archive)
            )
        except ExpiredTokenError:
            if not token:
                raise
            token = ""
            continue
        offers = [each for paper in page.papers if (each := offer_paper(topic, paper, days))]
        is_done = not page.token and not part.is_open
        new = ledger.advance(topic.name, part.key, ListingPlace(page.token, is_done), offers)
        result = Listing(
            result.new + new,
            result.unreadable + len(page.unreadable),
            result.first_fault or next(iter(page.unreadable), ""),
        )
        token = page.token
        if not token:
            return result


def _list_months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month from that of `since` to that of `until`.

    The first month begins on `since`: nothing that was submitted later changed before.
    """
    first = since
    while first <= until:
        last = date(first.year, first.month, monthrange(first.year, first.month)[1])
        yield first, min(last, until)
        first = last + timedelta(1)


def _identify(path: Path) -> str:
    """Name a file with what changes when it is replaced by a newer one.

    Raises ConfigError if it cannot be read.
    """
    try:
        state = path.stat()
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(f"The metadata file {path} cannot be read: {reason}.") from error
    return f"{path.absolute()} {state.st_size} {state.st_mtime_ns}"
