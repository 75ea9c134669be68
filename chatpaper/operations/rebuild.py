"""Rebuild a lost or damaged database from the JSON beside the posts.

Papers, entries, names and posts are recorded as if they had been published with this database, so
that nothing is asked or posted twice and posts can be written again.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chatpaper.domain import CutPaper, Paper, PostEntry, Ranking, RankingReason
from chatpaper.domain.overviews.overview import OVERVIEW
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.pipeline.post_names import Outputs
from chatpaper.pipeline.selection import Candidate, candidate_to_json
from chatpaper.storage.papers.outcomes import CUT, Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.rows import write_record
from chatpaper.storage.store import Store
from chatpaper.write.edit_protection import parse_post_record
from chatpaper.write.post_models import CutPaperJson
from chatpaper.write.post_paths import PLAIN_FORMAT, SiteLayout, Subject, strip_stem
from chatpaper.write.site.recorded import RecordedPaper, read_paper

log = logging.getLogger(__name__)

# The folder of a day, and those of its topics, which have the posts of single papers.
_PATTERNS = ("????-??-??/*.json", "????-??-??/*/*.json")
_PARTS_OF_DAY = 2


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post as its JSON describes it; papers that cannot be read back are None.

    `cut` are the papers that there was no room for. `path` is that of its JSON in its folder, under
    the name that it has beside the post.
    """

    path: Path
    key: PostKey
    papers: Mapping[str, RecordedPaper | None]
    versions: Mapping[str, int | None]
    cut: tuple[CutPaper, ...] = ()


def rebuild_from_posts(store: Store, output_dir: Path, layout: SiteLayout, now: datetime) -> int:
    """Record the papers of posts that the database does not know, and return how many there were.

    The posts stay as they are, and so does what the database knows of a paper, in whatever version.
    Raises StoreError.
    """
    restored: set[tuple[str | None, str]] = set()
    with store.unit_of_work():
        for found in find_posts(output_dir, layout):
            news = [
                arxiv_id
                for arxiv_id in found.papers
                if _is_new(store, found.key, arxiv_id, restored)
            ]
            for arxiv_id in news:
                _record(store, found, arxiv_id, now)
                restored.add((found.key.topic, arxiv_id))
            if news:
                _keep_names(store, found)
                _record_cut(store, found, now)
    return len(restored)


def find_posts(output_dir: Path, layout: SiteLayout) -> Iterator[FoundPost]:
    """Find the posts in an output folder, oldest first; other files are skipped.

    JSON beside posts counts too where the layout has another folder for it.
    """
    roots = dict.fromkeys((layout.json_dir or output_dir, output_dir))
    paths = {
        path.relative_to(root): root
        for root in reversed(roots)
        for pattern in _PATTERNS
        for path in root.glob(pattern)
    }
    for path, root in sorted(paths.items()):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            record = parse_post_record((root / path).read_bytes())
            if record is not None and record["format"] != OVERVIEW:
                yield _read_post(path, record, output_dir, layout)


def has_posts(output_dir: Path, layout: SiteLayout) -> bool:
    """Return whether there is any post."""
    return next(find_posts(output_dir, layout), None) is not None


def _read_post(
    path: Path, record: Mapping[str, Any], output_dir: Path, layout: SiteLayout
) -> FoundPost:
    day, topic = date.fromisoformat(record["date"]), str(record["topic"]) or None
    post_folder = output_dir / path.parent
    papers = {str(paper["arxiv_id"]): _read_paper(paper, post_folder) for paper in record["papers"]}
    is_single = topic is None or len(path.parts) > _PARTS_OF_DAY
    key = PostKey(
        str(output_dir.absolute()),
        topic,
        next(iter(papers), "") if is_single else "",
        day,
        str(record["format"]),
    )
    return FoundPost(
        path.with_name(strip_stem(path, layout.site)),
        key,
        papers,
        {str(paper["arxiv_id"]): paper["version"] for paper in record["papers"]},
        tuple(_read_cut(CutPaperJson.from_json(each)) for each in record.get("cut", ())),
    )


def _read_cut(record: CutPaperJson) -> CutPaper:
    paper = Paper(
        record.arxiv_id,
        record.title,
        record.authors,
        version=record.version,
        published=record.published,
        abs_url=record.abs_url,
    )
    reasons = tuple(RankingReason(each.kind, each.values) for each in record.reasons)
    return CutPaper(paper, Ranking(record.score, reasons))


def _read_paper(paper: Mapping[str, Any], post_folder: Path) -> RecordedPaper | None:
    try:
        return read_paper(paper, post_folder)
    except ValueError as error:
        log.warning("%s: %s cannot be read back: %s", post_folder, paper["arxiv_id"], error)
        return None


def _is_new(
    store: Store, key: PostKey, arxiv_id: str, restored: set[tuple[str | None, str]]
) -> bool:
    """Return whether a paper is not known as published, or its entry was lost."""
    known = store.outcomes.find(key.topic, arxiv_id)
    if (key.topic, arxiv_id) in restored or known is None or known.status != "published":
        return True
    if known.post_date == key.post_date:
        return not store.entries.contains(key.topic, arxiv_id)
    return known.post_date is not None and known.post_date < key.post_date


def _record(store: Store, found: FoundPost, arxiv_id: str, now: datetime) -> None:
    """Record a paper of a post as published. Raises StoreError."""
    recorded, version = found.papers[arxiv_id], found.versions[arxiv_id]
    topic, day = found.key.topic, found.key.post_date
    # As a run does when it posts a later version.
    store.revisions.archive_entry(topic, arxiv_id, version, day)
    outcome = Outcome(topic, arxiv_id, version, "published", post_date=day, night=day)
    store.outcomes.record([outcome], (), now)
    store.posts.mark_written(found.key)
    if topic is not None:
        store.history.close_unended(topic, day, "restored from its post")
    if recorded is None:
        return
    entry = _complete(store, recorded.entry, topic)
    store.entries.save(topic, str(EXTRACTOR_VERSION), entry)
    if recorded.newer is not None:
        store.revisions.record(recorded.newer)
    if entry.paper.is_from_elsewhere and entry.pdf_digest:
        store.identities.keep(arxiv_id, entry.pdf_digest)


def _record_cut(store: Store, found: FoundPost, now: datetime) -> None:
    """Record the papers that there was no room for, unless more is known of them.

    Raises StoreError.
    """
    topic, day = found.key.topic, found.key.post_date
    if topic is None or found.key.arxiv_id:
        return
    for each in found.cut:
        paper = each.paper
        if store.outcomes.find(topic, paper.arxiv_id) is not None:
            continue
        outcome = Outcome(
            topic,
            paper.arxiv_id,
            paper.version,
            "excluded",
            CUT,
            "not among the best papers for the reader, as its post says",
            night=day,
            ranking=write_record(each.ranking),
        )
        store.outcomes.record([outcome], (), now)
        if store.records.find(paper.arxiv_id) is None:
            record = candidate_to_json(Candidate(paper))
            store.records.save(paper.arxiv_id, paper.version, record)


def _keep_names(store: Store, found: FoundPost) -> None:
    """Record the names of the post's files as those of its topic and papers."""
    folder = Path(found.key.output_dir)
    book = Outputs(store.names, folder)
    middle = "" if found.key.format == PLAIN_FORMAT else f".{found.key.format}"
    stem = found.path.name.removesuffix(".json").removesuffix(".new").removesuffix(middle)
    if found.key.arxiv_id:
        book.keep_name(Subject.paper(found.key.arxiv_id), stem)
        stem = found.path.parent.name
    if found.key.topic is not None:
        book.keep_name(Subject.topic(found.key.topic), stem)
    for arxiv_id, recorded in found.papers.items():
        if recorded is not None and recorded.entry.images is not None:
            book.keep_name(Subject.paper(arxiv_id), recorded.entry.images.name)


def _complete(store: Store, entry: PostEntry, topic: str | None) -> PostEntry:
    """Complete an entry by the answers that another format of the same day has."""
    other = store.entries.find(topic, entry.paper.arxiv_id)
    if other is None or other.paper.version != entry.paper.version:
        return entry
    return replace(entry, summary=other.summary.merge(entry.summary))
