"""Full-text search of published papers, by words, topic and day.

The index is one of SQLite's FTS5, which tells words by the spaces between them. Chinese and
Japanese have none: each of their characters is indexed as a word, and a query is a phrase of
characters, so that 扩散 finds 扩散模型.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chatpaper.domain import PostEntry, collect_texts
from chatpaper.domain.text.scripts import CJK_FORMS, UNSPACED
from chatpaper.domain.text.sentences import STOPS
from chatpaper.storage.database import Database
from chatpaper.storage.rows import decode_topic, encode_topic, read_record

# A table of FTS5 with a short row for each entry that is indexed: to count those of the index
# itself is to read all texts.
_SHADOW = "search_docsize"
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Characters of private use around each match. They occur in no text; what shows a hit replaces them
# by its own markup.
MATCH_BEGINS, MATCH_ENDS = "\ue000", "\ue001"
_WIDE = f"[{UNSPACED}{CJK_FORMS}]"
_GAP = re.compile(rf"({_WIDE}[\ue000\ue001]*) (?=[\ue000\ue001]*{_WIDE})")
# The most that FTS5 gives; a Chinese character counts as a word.
_SNIPPET_WORDS = 64
# The passage of a column with most of the words, or its beginning where it has none of them; those
# of summary and takeaways come in one value, with a character between them that is in no text.
_PASSAGE = f"snippet(search, {{column}}, '{MATCH_BEGINS}', '{MATCH_ENDS}', '…', {_SNIPPET_WORDS})"
_NEXT_PASSAGE = "\ue002"
# More than a person looks through; topic and days narrow a search.
MAX_HITS = 200
# The texts of a page of hits, as they are and with matches marked. FTS5 marks them for rows that it
# found itself, so that it searches once more; the `+` keeps SQLite from one search a hit.
_UNMARKED = "search.title, '' AS snippet FROM page CROSS JOIN search ON search.rowid = page.number"
_MARKED = (
    f"highlight(search, 2, '{MATCH_BEGINS}', '{MATCH_ENDS}') AS title, "
    f"{_PASSAGE.format(column=3)} || '{_NEXT_PASSAGE}' || {_PASSAGE.format(column=4)} AS snippet "
    "FROM search CROSS JOIN page ON page.number = +search.rowid WHERE search MATCH ?"
)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A published paper; `title` and `snippet` mark matches by `MATCH_BEGINS` and `MATCH_ENDS`.

    `snippet` is a passage of summary or takeaways; empty where they have none of the words.
    """

    topic: str | None
    arxiv_id: str
    post_date: date
    title: str
    snippet: str = ""

    def unmarked(self) -> "SearchHit":
        """Return the same hit without the characters that mark matches."""
        return replace(self, title=_remove_marks(self.title), snippet=_remove_marks(self.snippet))


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many papers of a topic were published on a day."""

    topic: str | None
    post_date: date
    papers: int


class SearchIndex:
    """The index of titles, summaries and takeaways; may be shared by threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, topic: str | None, entry: PostEntry) -> None:
        """Index a paper as it stands in the posts of a topic, in place of its earlier entry."""
        with self._database.transaction() as connection:
            key = (encode_topic(topic), entry.paper.arxiv_id)
            connection.execute(
                "INSERT INTO search_rows VALUES (NULL, ?, ?) ON CONFLICT DO NOTHING", key
            )
            (number,) = connection.execute(
                "SELECT number FROM search_rows WHERE topic = ? AND arxiv_id = ?", key
            ).fetchone()
            connection.execute("DELETE FROM search WHERE rowid = ?", (number,))
            connection.execute(
                "INSERT INTO search (rowid, topic, arxiv_id, title, summary, takeaways) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (number, *key, *map(_separate_characters, _texts(entry))),
            )

    def rebuild(self) -> int:
        """Index all entries again unless the index has them all; return how many were indexed.

        Databases of earlier releases have no index.
        """
        entries = self._database.fetch_value(int, "SELECT count(*) FROM entries") or 0
        if entries == self._database.fetch_value(int, f"SELECT count(*) FROM {_SHADOW}"):
            return 0
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM search")
            connection.execute("DELETE FROM search_rows")
            for row in connection.execute("SELECT topic, record FROM entries"):
                entry = read_record(PostEntry, row["record"], f"a paper of {row['topic']!r}")
                self.add(decode_topic(row["topic"]), entry)
        return entries

    def find(
        self,
        words: str,
        topics: Sequence[str | None] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return what `search` finds in an index that has all entries, without marked matches."""
        self.rebuild()
        return tuple(hit.unmarked() for hit in self.search(words, topics, since, until))

    def search(
        self,
        words: str = "",
        topics: Sequence[str | None] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return published papers, newest first; all words must match, as prefixes.

        Only those of `topics`, if any are given; None among them stands for the papers that were
        summarized for no topic. At most `MAX_HITS` papers are returned.
        """
        filters: list[tuple[str, *tuple[object, ...]]] = [("o.status = ?", "published")]
        if topics:
            marks = ", ".join("?" * len(topics))
            filters.append((f"o.topic IN ({marks})", *map(encode_topic, topics)))
        if since is not None:
            filters.append(("o.post_date >= ?", since.isoformat()))
        if until is not None:
            filters.append(("o.post_date <= ?", until.isoformat()))
        if not (query := _match_expression(words)):
            return self._find_page("search_rows AS rows", filters, _UNMARKED)
        filters.append(("search MATCH ?", query))
        return self._find_page(
            "search JOIN search_rows AS rows ON rows.number = search.rowid",
            filters,
            _MARKED,
            [query],
        )

    def _find_page(
        self,
        rows: str,
        filters: Sequence[tuple[str, *tuple[object, ...]]],
        texts: str,
        values: Sequence[object] = (),
    ) -> tuple[SearchHit, ...]:
        """Return the newest hits among some rows of the index, with their texts.

        Which hits are shown is decided before their texts are read: marking matches takes more time
        than finding them.
        """
        hits = self._database.fetch_all(
            SearchHit,
            "WITH page AS MATERIALIZED (SELECT rows.number, o.topic, o.arxiv_id, o.post_date "
            f"FROM {rows} JOIN outcomes AS o "
            "ON o.topic = rows.topic AND o.arxiv_id = rows.arxiv_id "
            f"WHERE {' AND '.join(condition for condition, *_ in filters)} "
            f"ORDER BY o.post_date DESC, o.topic, o.arxiv_id LIMIT {MAX_HITS}) "
            f"SELECT page.topic, page.arxiv_id, page.post_date, {texts} "
            "ORDER BY page.post_date DESC, page.topic, page.arxiv_id",
            [*(value for _, *more in filters for value in more), *values],
        )
        return tuple(
            replace(hit, title=_join(hit.title), snippet=_choose_passage(hit.snippet))
            for hit in hits
        )

    def papers_by_day(self) -> tuple[DayCount, ...]:
        """Count the papers of each topic that were published on each day, in order of the days."""
        return self._database.fetch_all(
            DayCount,
            "SELECT topic, post_date, count(*) AS papers FROM outcomes WHERE status = 'published' "
            "GROUP BY topic, post_date ORDER BY post_date, topic",
        )

    def topics(self) -> tuple[str | None, ...]:
        """List the topics in which papers were published."""
        topics = self._database.fetch_column(
            str, "SELECT DISTINCT topic FROM outcomes WHERE status = 'published' ORDER BY topic"
        )
        return tuple(map(decode_topic, topics))


def _texts(entry: PostEntry) -> tuple[str, str, str]:
    """Return the titles, the summary with the other answers, and the takeaways."""
    answers = dict(entry.summary.answers)
    titles = dict.fromkeys(
        [entry.paper.title, *filter(None, collect_texts(answers.pop("title", "")))]
    )
    takeaways = _join_texts(collect_texts(answers.pop("key_takeaways", "")))
    rest = _join_texts(text for answer in answers.values() for text in collect_texts(answer))
    return " · ".join(titles), rest, takeaways


def _join_texts(texts: Iterable[str]) -> str:
    """Join texts, with a stop after each that has none, or keywords would run into one word."""
    return " ".join(
        text if text.endswith((*STOPS, "；", "…")) else f"{text}；" for text in texts if text
    )


def _separate_characters(text: str) -> str:
    """Return a text with its Chinese and Japanese characters as words, and without match marks."""
    return " ".join(_UNSPACED.sub(r" \g<0> ", _remove_marks(text)).split())


def _remove_marks(text: str) -> str:
    return text.replace(MATCH_BEGINS, "").replace(MATCH_ENDS, "")


def _join(text: str) -> str:
    """Undo `_separate_characters`."""
    return _GAP.sub(r"\1", text).replace(MATCH_ENDS + MATCH_BEGINS, "")


def _choose_passage(passages: str) -> str:
    """Return the passage with most matches, the summary's first; empty where only titles match."""
    joined = map(_join, passages.split(_NEXT_PASSAGE))
    best = max(joined, key=lambda passage: passage.count(MATCH_BEGINS))
    return best if MATCH_BEGINS in best else ""


def _match_expression(words: str) -> str:
    """Return a query of FTS5 for all words, each quoted as a phrase whose last word is a prefix."""
    terms = [_separate_characters(word).replace('"', '""') for word in words.split()]
    return " ".join(f'"{term}" *' for term in terms if re.search(r"\w", term))
