"""The progress of a backfill: one bar over all its shards."""

from chatpaper.cli.progress.run_progress import RunProgress


class BackfillProgress(RunProgress):
    """Shows one tally of all papers that wait, though they are worked on shard by shard."""

    _has_begun = False

    def expect(self, papers: int) -> None:
        """Show the bar for so many papers."""
        super().begin(papers)
        self._has_begun = True

    def begin(self, papers: int) -> None:
        """Go on with the bar of all shards."""
        if not self._has_begun:
            self.expect(papers)
