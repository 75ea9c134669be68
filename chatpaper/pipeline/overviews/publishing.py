"""Write the overview of what was published of a topic, from the store alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import PostEntry, Topic
from chatpaper.domain.overviews.overview import Overview, Period
from chatpaper.pipeline.documents import load_kept_document
from chatpaper.pipeline.post_names import Outputs
from chatpaper.storage.store import Store
from chatpaper.write.edit_protection import WrittenPost, hash_content
from chatpaper.write.overview.overview_post import (
    OverviewText,
    render_overview,
    write_overview,
)
from chatpaper.write.render import PostStyle
from chatpaper.write.site.site_index import SiteIndex


@dataclass(frozen=True, slots=True)
class OverviewRequest:
    """Of which topic and period an overview is wanted, and where it goes.

    `name` is that under which the topic was followed.
    """

    name: str
    topic: Topic
    period: Period
    output_dir: Path


@dataclass(frozen=True, slots=True)
class PublishedOverview:
    """An overview with its papers, the post and its digest; without papers there is no post."""

    overview: Overview
    entries: tuple[PostEntry, ...]
    post: WrittenPost | None = None
    digest: str = ""


def collect_entries(store: Store, topic: str, period: Period) -> tuple[PostEntry, ...]:
    """Return the papers that posts of a topic showed in a period, the newest first.

    Each comes with its text as it was read from the PDF, as long as the cache has that. Raises
    StoreError.
    """
    ids = store.outcomes.published_between(topic, period.since, period.until)
    found = (store.entries.find(topic, arxiv_id) for arxiv_id in ids)
    entries = (_with_text(entry) for entry in found if entry is not None)
    return tuple(sorted(entries, key=lambda entry: entry.paper.sort_key))


def _with_text(entry: PostEntry) -> PostEntry:
    kept = load_kept_document(entry.images)
    return entry if kept is None else replace(entry, document=kept)


@dataclass(frozen=True, slots=True)
class OverviewPublisher:
    """Writes overviews to output folders; index and feed follow them."""

    store: Store
    style: PostStyle
    listing: SiteIndex
    write: Callable[[Topic, Period, Sequence[PostEntry]], Overview]

    def publish(self, request: OverviewRequest) -> PublishedOverview:
        """Write the overview of a period; nothing is written where it has no papers.

        Raises WriteError, StoreError, and what the model's call raises.
        """
        period = request.period
        entries = collect_entries(self.store, request.name, period)
        if not entries:
            return PublishedOverview(Overview(request.name, period, "", ()), ())
        overview = self.write(replace(request.topic, name=request.name), period, entries)
        book = Outputs(self.store.names, request.output_dir)
        text = render_overview(overview, entries, self.style)
        written = OverviewText(overview, entries, text)
        post = write_overview(written, self.style, request.output_dir, book)
        self.listing.refresh(request.output_dir)
        return PublishedOverview(overview, entries, post, hash_content(text.encode()))
