"""The store: one SQLite database and its repositories.

Each public method of a repository is one transaction, so that a process that is killed between two
calls leaves a state from which the next run continues; what belongs together is done in a unit of
work.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from chatpaper.storage.batches import Batches
from chatpaper.storage.completions import Completions
from chatpaper.storage.cooldowns import CooldownStore
from chatpaper.storage.database import Database
from chatpaper.storage.deliveries import Deliveries
from chatpaper.storage.notice_log import NoticeLog
from chatpaper.storage.papers.backfill_ledger import BackfillLedger
from chatpaper.storage.papers.entries import Entries, PaperRecords
from chatpaper.storage.papers.forgetting import Forgetting
from chatpaper.storage.papers.identities import Identities
from chatpaper.storage.papers.license_table import LicenseTable
from chatpaper.storage.papers.marks import LibraryRecords, Marks
from chatpaper.storage.papers.outcomes import Outcomes
from chatpaper.storage.papers.post_names import PostNames
from chatpaper.storage.papers.posts import Posts
from chatpaper.storage.papers.revision_log import RevisionLog
from chatpaper.storage.run_history import RunHistory
from chatpaper.storage.search_index import SearchIndex
from chatpaper.storage.upkeep.retention import Retention
from chatpaper.storage.usage import UsageLog


class Store:
    """The database in `state_dir`, created and migrated when it is opened, and its repositories.

    Whoever needs one or two of the repositories is handed those, and not the store.
    """

    def __init__(self, state_dir: Path) -> None:
        self.database = Database(state_dir)
        self.path = self.database.path
        self.search_index = SearchIndex(self.database)
        self.records = PaperRecords(self.database)
        self.entries = Entries(self.database, self.search_index)
        self.posts = Posts(self.database)
        self.outcomes = Outcomes(self.database, self.posts)
        self.revisions = RevisionLog(self.database, self.outcomes, self.entries)
        self.licenses = LicenseTable(self.database, self.posts)
        self.identities = Identities(self.database)
        self.names = PostNames(self.database)
        self.marks = Marks(self.database)
        self.library = LibraryRecords(self.database)
        self.completions = Completions(self.database)
        self.batches = Batches(self.database)
        self.usage = UsageLog(self.database, self.completions)
        self.history = RunHistory(self.database)
        self.backfills = BackfillLedger(self.database)
        self.cooldowns = CooldownStore(self.database)
        self.notices = NoticeLog(self.database)
        self.deliveries = Deliveries(self.database)
        self.retention = Retention(self.database)
        self.forgetting = Forgetting(self.database)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def unit_of_work(self) -> AbstractContextManager[None]:
        """Commit what repositories change in the block together, or nothing after an exception.

        Raises StoreError.
        """
        return self.database.unit_of_work()

    def new_usage_log(self) -> UsageLog:
        """Return a usage log for a run of its own, which `UsageLog.begin_run` names."""
        return UsageLog(self.database, self.completions)

    def salt(self) -> str:
        """Return a random value that this database alone has, for its digests."""
        return self.database.salt()
