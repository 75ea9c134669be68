"""What stands in an output folder as far as the database knows: the names of topics and papers, and what was written.

Names of topics and papers become names of files. Two that would be one file, also on a file system that does not tell
capitals apart, get two: the first has the plain name, later ones a digest behind it, and each keeps the one it has.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from chatpaper.storage.store import Store
from chatpaper.write.files import MAX_NAME_BYTES, file_safe
from chatpaper.write.formats import format_names
from chatpaper.write.keeping import NEW, digest
from chatpaper.write.places import Subject

SUFFIX_CHARACTERS = 8

# Whose posts an output folder has had, oldest first: they keep the names that earlier versions gave them.
_POSTED = (
    "SELECT topic, arxiv_id FROM posts WHERE output_dir = :folder AND CASE topic WHEN '' THEN 'paper:' || arxiv_id "
    "ELSE 'topic:' || topic END NOT IN (SELECT subject FROM names WHERE output_dir = :folder) "
    "GROUP BY topic, CASE topic WHEN '' THEN arxiv_id END ORDER BY min(post_date), topic, arxiv_id"
)


@dataclass(frozen=True, slots=True)
class Outputs:
    """The book of one output folder; with `owns_all`, whatever stands in the place of a post is taken for ours."""

    store: Store
    output_dir: Path
    owns_all: bool = False

    @property
    def _folder(self) -> str:
        return str(self.output_dir.absolute())

    def name_of(self, subject: Subject) -> str:
        """The name of a topic's or a paper's files; the same for as long as the database lasts."""
        with self.store.transaction():
            return self._name(subject) or self._named(subject)

    def keep_name(self, subject: Subject, name: str) -> None:
        """Remember the name that a topic or a paper has on disk already, unless it is another's or it has one."""
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (self._folder, subject.key, name, folded(name)),
            )

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Whether a file is as it was written last, or as it was being written when the program was killed."""
        if self.owns_all:
            return True
        query = "SELECT 1 FROM written WHERE path = ? AND digest = ?"
        return bool(self.store.rows(query, (str(path.absolute()), digest(content))))

    def is_known(self, path: Path) -> bool:
        """Whether it was ever noted what was written to a file: earlier versions did not."""
        return bool(self.store.rows("SELECT 1 FROM written WHERE path = ?", (str(path.absolute()),)))

    def announce(self, path: Path, content: bytes) -> None:
        """A file is about to be written: from now on it is ours in both forms."""
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT INTO written VALUES (?, ?) ON CONFLICT DO NOTHING", (str(path.absolute()), digest(content))
            )

    def settle(self, path: Path, content: bytes) -> None:
        """A file was written."""
        with self.store.transaction() as connection:
            connection.execute(
                "DELETE FROM written WHERE path = ? AND digest <> ?", (str(path.absolute()), digest(content))
            )

    def _name(self, subject: Subject) -> str | None:
        query = "SELECT name FROM names WHERE output_dir = ? AND subject = ?"
        rows = self.store.rows(query, (self._folder, subject.key))
        return str(rows[0]["name"]) if rows else None

    def _named(self, subject: Subject) -> str:
        for row in self.store.rows(_POSTED, {"folder": self._folder}):
            earlier = Subject.topic(row["topic"]) if row["topic"] else Subject.paper(row["arxiv_id"])
            self._take(earlier, self._wanted(earlier))
        return self._name(subject) or self._take(subject, self._wanted(subject))

    def _wanted(self, subject: Subject) -> str:
        """The plain name: of a topic or an id, or the stem of the file that a paper came as."""
        rows = self.store.rows("SELECT stem FROM files WHERE 'paper:' || arxiv_id = ?", (subject.key,))
        return plain_name(str(rows[0]["stem"]) if rows else subject.wanted)

    def _take(self, subject: Subject, wanted: str) -> str:
        own = plain_name(subject.wanted)
        full = digest(subject.key.encode())
        short = own.encode()[: MAX_NAME_BYTES - len(full) - 1].decode(errors="ignore")
        tried = (wanted, own, f"{short}-{full[:SUFFIX_CHARACTERS]}", f"{short}-{full}")
        with self.store.transaction() as connection:
            for name in tried:
                taken = connection.execute(
                    "INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (self._folder, subject.key, name, folded(name)),
                )
                if taken.rowcount:
                    return name
        return tried[-1]


def plain_name(wanted: str) -> str:
    """The name of files for a topic or a paper that no other has: none that reads as another's in some format."""
    name = file_safe(wanted)
    stem, dot, middle = name.rpartition(".")
    # What stands between the name of a post and its suffix.
    return f"{stem}_{middle}" if dot and folded(middle) in (*format_names(), NEW) else name


def folded(name: str) -> str:
    """A name as file systems compare it that tell neither capitals nor composed letters apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
