"""What was published, in the database: found by words of titles, summaries and takeaways, by topic
and by day.

The words are in an index of SQLite's FTS5. It tells words by the spaces between them, and Chinese and Japanese have
none: each of their signs is indexed as a word, and what is looked for is looked for as a phrase of signs, so that 扩散
finds 扩散模型.

"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from chatpaper.domain import Entry, written_texts
from chatpaper.domain.text.scripts import CJK_FORMS, UNSPACED
from chatpaper.storage.database import Database
from chatpaper.storage.rows import decode_topic, encode_topic, read_record, read_rows

_ENTRY = TypeAdapter(Entry)

_UNSPACED = re.compile(f"[{UNSPACED}]")
# Signs of private use around what was found: they are in no text, and whoever shows a hit puts
# marks in their place.
FOUND_BEGINS, FOUND_ENDS = "\ue000", "\ue001"
_WIDE = f"[{UNSPACED}{CJK_FORMS}]"
_GAP = re.compile(rf"({_WIDE}[\ue000\ue001]*) (?=[\ue000\ue001]*{_WIDE})")
_STOPS = (".", "!", "?", "。", "！", "？", "；", "…")
# The most that FTS5 gives; a Chinese sign counts as a word.
_SNIPPET_WORDS = 64
# More than a person looks through; the filters make it less.
MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A published paper; what was found stands between two signs in `title` and `snippet`."""

    topic: str | None
    arxiv_id: str
    post_date: date
    title: str
    snippet: str = ""

    def unmarked(self) -> "Hit":
        """Return the same without the signs around what was found."""
        return replace(self, title=_unmarked(self.title), snippet=_unmarked(self.snippet))


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many papers of a topic were published on a day."""

    topic: str | None
    post_date: date
    papers: int


_COUNT = TypeAdapter(DayCount)


class SearchIndex:
    """The index in the database; may be shared by threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, topic: str | None, entry: Entry) -> None:
        """Enter a paper as it stands in the posts of a topic, in the place of what was entered
        before.
        """
        with self._database.transaction() as connection:
            key = (encode_topic(topic), entry.paper.arxiv_id)
            connection.execute("DELETE FROM search WHERE topic = ? AND arxiv_id = ?", key)
            connection.execute(
                "INSERT INTO search VALUES (?, ?, ?, ?, ?)", (*key, *map(_separated, _texts(entry)))
            )

    def rebuild(self) -> int:
        """Make the index again from the entries where it does not have them all; how many were
        entered.
        """
        (counts,) = self._database.rows(
            "SELECT (SELECT count(*) FROM entries) AS kept, (SELECT count(*) FROM search) AS entered"
        )
        if counts["kept"] == counts["entered"]:
            return 0
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM search")
            for row in connection.execute("SELECT topic, record FROM entries").fetchall():
                entry = read_record(_ENTRY, row["record"], f"a paper of {row['topic']!r}")
                self.add(decode_topic(row["topic"]), entry)
        return int(counts["kept"])

    def search(
        self,
        words: str = "",
        topics: Sequence[str | None] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Hit, ...]:
        """Published papers that have all the words (the last letters of a word may lack), newest
        first.

        Only those of `topics`, where any are given; None among them stands for the papers that were
        summarized for no topic. No more than `MOST_HITS` of them.
        """
        filters: list[tuple[str, *tuple[object, ...]]] = [("o.status = ?", "published")]
        if topics:
            marks = ", ".join("?" * len(topics))
            filters.append((f"o.topic IN ({marks})", *map(encode_topic, topics)))
        if since is not None:
            filters.append(("o.post_date >= ?", since.isoformat()))
        if until is not None:
            filters.append(("o.post_date <= ?", until.isoformat()))
        title, snippet = "search.title", "''"
        if query := _query(words):
            filters.append(("search MATCH ?", query))
            title = f"highlight(search, 2, '{FOUND_BEGINS}', '{FOUND_ENDS}')"
            snippet = (
                f"snippet(search, -1, '{FOUND_BEGINS}', '{FOUND_ENDS}', '…', {_SNIPPET_WORDS})"
            )
        rows = self._database.rows(
            f"SELECT o.topic, o.arxiv_id, o.post_date, {title} AS title, {snippet} AS snippet FROM search "
            "JOIN outcomes AS o ON o.topic = search.topic AND o.arxiv_id = search.arxiv_id "
            f"WHERE {' AND '.join(condition for condition, *_ in filters)} "
            f"ORDER BY o.post_date DESC, o.topic, o.arxiv_id LIMIT {MOST_HITS}",
            [value for _, *values in filters for value in values],
        )
        return tuple(
            Hit(
                decode_topic(row["topic"]),
                row["arxiv_id"],
                date.fromisoformat(row["post_date"]),
                _joined(row["title"]),
                _joined(row["snippet"]),
            )
            for row in rows
        )

    def papers_by_day(self) -> tuple[DayCount, ...]:
        """How many papers of each topic were published on each day, in the order of the days."""
        rows = self._database.rows(
            "SELECT topic, post_date, count(*) AS papers FROM outcomes WHERE status = 'published' "
            "GROUP BY topic, post_date ORDER BY post_date, topic"
        )
        return read_rows(_COUNT, rows)

    def topics(self) -> tuple[str | None, ...]:
        """The topics that papers were published in."""
        rows = self._database.rows(
            "SELECT DISTINCT topic FROM outcomes WHERE status = 'published' ORDER BY topic"
        )
        return tuple(decode_topic(row["topic"]) for row in rows)


def _texts(entry: Entry) -> tuple[str, str, str]:
    """Titles, summary and takeaways."""
    answers = dict(entry.summary.answers)
    titles = dict.fromkeys(
        [entry.paper.title, *filter(None, written_texts(answers.pop("title", "")))]
    )
    takeaways = _in_a_row(written_texts(answers.pop("key_takeaways", "")))
    rest = _in_a_row(text for answer in answers.values() for text in written_texts(answer))
    return " · ".join(titles), rest, takeaways


def _in_a_row(texts: Iterable[str]) -> str:
    """The texts, with a stop after each that has none: keywords would run into one word."""
    return " ".join(text if text.endswith(_STOPS) else f"{text}；" for text in texts if text)


def _separated(text: str) -> str:
    """The text with its Chinese and Japanese signs as words, and without the signs that mark what
    is found.
    """
    return " ".join(_UNSPACED.sub(r" \g<0> ", _unmarked(text)).split())


def _unmarked(text: str) -> str:
    return text.replace(FOUND_BEGINS, "").replace(FOUND_ENDS, "")


def _joined(text: str) -> str:
    """The same without the spaces between the signs."""
    return _GAP.sub(r"\1", text).replace(FOUND_ENDS + FOUND_BEGINS, "")


def _query(words: str) -> str:
    """What FTS5 is asked: each word, or run of signs, as a phrase whose end may be open; nothing in
    it is syntax.
    """
    terms = [_separated(word).replace('"', '""') for word in words.split()]
    return " ".join(f'"{term}" *' for term in terms if re.search(r"\w", term))
