"""Name the files of topics and papers, and remember what was written to an output folder.

The database knows both. Names of topics and papers become names of files. Two that would be one
file, also on a file system that does not tell capitals apart, get two: the first has the plain
name, later ones a digest behind it, and each keeps the one it has.
"""

from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain.overviews.overview import OVERVIEW
from chatpaper.domain.text.folding import fold_file_name
from chatpaper.storage.papers.post_names import FileName, PostNames
from chatpaper.write.edit_protection import NEW, hash_content
from chatpaper.write.files import MAX_NAME_BYTES, make_safe_filename
from chatpaper.write.formats import list_formats
from chatpaper.write.post_paths import Subject

SUFFIX_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Outputs:
    """The book of one output folder.

    With `owns_all`, whatever stands in the place of a post is taken for ours.
    """

    names: PostNames
    output_dir: Path
    owns_all: bool = False

    @property
    def _folder(self) -> str:
        return str(self.output_dir.absolute())

    def name_of(self, subject: Subject) -> str:
        """Return the name of a topic's or a paper's files, which lasts as long as the database."""
        known = self.names.find(self._folder, subject.key)
        if known is not None:
            return known
        for post in self.names.unnamed(self._folder):
            if post.topic is None:
                self._claim(Subject.paper(post.arxiv_id))
            else:
                self._claim(Subject.topic(post.topic))
        return self._claim(subject)

    def keep_name(self, subject: Subject, name: str) -> None:
        """Remember the name that a topic or a paper already has on disk.

        Nothing changes where it has a name, or where the name is another's.
        """
        self.names.claim(self._folder, subject.key, [FileName(name, fold_file_name(name))])

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Return whether a file is as it was last written.

        A file that was being written when the program was killed counts as well.
        """
        return self.owns_all or self.names.has_content(str(path.absolute()), hash_content(content))

    def is_known(self, path: Path) -> bool:
        """Return whether what was written to a file was ever noted: earlier versions did not."""
        return self.names.has_path(str(path.absolute()))

    def announce(self, path: Path, content: bytes) -> None:
        """Claim the name of a file that is about to be written, in both forms."""
        self.names.add_content(str(path.absolute()), hash_content(content))

    def settle(self, path: Path, content: bytes) -> None:
        """Note that a file was written."""
        self.names.keep_content(str(path.absolute()), hash_content(content))

    def _wanted(self, subject: Subject) -> str:
        """Return the plain name: of a topic or an id, or the stem of a paper's original file."""
        stem = self.names.file_stem(subject.key)
        return make_plain_name(subject.wanted if stem is None else stem)

    def _claim(self, subject: Subject) -> str:
        """Return the name of a subject, claiming one if it has none yet.

        It claims the first of those that may be tried and that belongs to no other subject.
        """
        own = make_plain_name(subject.wanted)
        full = hash_content(subject.key.encode())
        short = own.encode()[: MAX_NAME_BYTES - len(full) - 1].decode(errors="ignore")
        tried = (
            self._wanted(subject),
            own,
            f"{short}-{full[:SUFFIX_CHARACTERS]}",
            f"{short}-{full}",
        )
        claimed = self.names.claim(
            self._folder, subject.key, [FileName(name, fold_file_name(name)) for name in tried]
        )
        return claimed or tried[-1]


def make_plain_name(wanted: str) -> str:
    """Return a file name for a topic or a paper that cannot be misread.

    No such name reads as that of another topic or paper in some format.
    """
    name = make_safe_filename(wanted)
    stem, dot, middle = name.rpartition(".")
    # What stands between the name of a post and its suffix.
    return (
        f"{stem}_{middle}"
        if dot and fold_file_name(middle) in (*list_formats(), OVERVIEW, NEW)
        else name
    )
