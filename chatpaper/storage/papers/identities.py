"""The keys of papers that arXiv has no id for: the same contents are the same paper.

The key of such a paper is the stem of the file that it first came as. A digest of the contents is
appended where that is the key of other contents already, or may be the id of a paper on arXiv.
"""

import hashlib
from collections.abc import Callable

from chatpaper.domain import ArxivId
from chatpaper.domain.errors import ConfigError
from chatpaper.storage.database import Database

# Enough of a digest to tell contents apart; it also names the folder of a document.
DIGEST_CHARACTERS = 32
# Enough for a reader to tell two files of one name apart.
SUFFIX_CHARACTERS = 8

_URL = "url:"
_TAKEN = (
    "SELECT 1 FROM files WHERE arxiv_id = :key "
    "UNION SELECT 1 FROM outcomes WHERE arxiv_id = :key "
    "UNION SELECT 1 FROM entries WHERE arxiv_id = :key "
    "UNION SELECT 1 FROM papers WHERE arxiv_id = :key"
)
_IMAGES = (
    "SELECT ifnull(json_extract(record, '$.images'), '') FROM entries "
    "WHERE arxiv_id = ? AND json_valid(record) "
    "AND json_extract(record, '$.paper.source') = 'file'"
)
# A key that waits for its first summary: nothing is stored under it yet that could be taken for
# another paper's.
_WAITING = (
    "SELECT 1 FROM papers WHERE arxiv_id = :key AND json_valid(record) "
    "AND json_extract(record, '$.paper.source') = 'file' "
    "AND :source IN (json_extract(record, '$.pdf'), json_extract(record, '$.paper.pdf_url')) "
    "AND NOT EXISTS (SELECT 1 FROM entries WHERE arxiv_id = :key)"
)

# A version is a "v" and digits.
_OF_STEM = (
    "SELECT arxiv_id FROM files WHERE stem = :stem "
    "OR substr(stem, 1, length(:stem) + 1) = :stem || 'v' AND length(stem) > length(:stem) + 1 "
    "AND substr(stem, length(:stem) + 2) NOT GLOB '*[^0-9]*' ORDER BY stem, arxiv_id"
)


class Identities:
    """The keys of PDFs; one that was assigned stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def assign_key(self, digest: str, stem: str, source: str) -> str:
        """Return the key of a PDF by the SHA-256 of its contents, or the beginning of that.

        `source` is its path or its address: what could not be fetched from there before is this
        paper. A PDF that is new gets a key.
        """
        digest = digest[:DIGEST_CHARACTERS]
        with self._database.transaction() as connection:
            known = self._known(digest) or self._known(_digest_of_address(source))
            key = known or self._earlier(digest, stem, source) or self._new(digest, stem)
            connection.execute(
                "INSERT INTO files VALUES (?, ?, ?) "
                "ON CONFLICT (arxiv_id) DO UPDATE SET digest = excluded.digest "
                "ON CONFLICT (digest) DO NOTHING",
                (digest, key, stem),
            )
        return key

    def assign_key_by_address(self, url: str, stem: str) -> str:
        """Return the key of a PDF of which only the address is known until it can be fetched."""
        return self.assign_key(_digest_of_address(url), stem, url)

    def keep(self, key: str, digest: str) -> None:
        """Remember the contents of a paper whose key is known; a key or contents kept stay."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO files VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (digest, key, key)
            )

    def list_keys(self, stem: str) -> tuple[str, ...]:
        """List the keys of the files of this name, with or without the version of an arXiv id."""
        return self._database.fetch_column(str, _OF_STEM, {"stem": stem})

    def choose_key(self, key: str, stem: str, is_stored: Callable[[str], bool]) -> str:
        """Return the key itself, or that of the one stored paper whose file has this stem or key.

        Of arXiv's own paper and a file that has its name, arXiv's comes first. Where nothing is
        stored, the key stays. Raises ConfigError where several files fit.
        """
        if is_stored(key):
            return key
        for name in dict.fromkeys((stem, key)):
            found = [file for file in self.list_keys(name) if is_stored(file)]
            if len(found) > 1:
                raise ConfigError(
                    f"{name} stands for several papers; there are: {', '.join(found)}."
                )
            if found:
                return found[0]
        return key

    def is_other(self, key: str, digest: str) -> bool:
        """Return whether the paper of a key is known to have other contents than these."""
        known = self._database.fetch_value(
            str, "SELECT digest FROM files WHERE arxiv_id = ?", (key,)
        )
        if known is None or known.startswith(_URL):
            return False
        return known != digest[:DIGEST_CHARACTERS]

    def _known(self, digest: str) -> str | None:
        return self._database.fetch_value(
            str, "SELECT arxiv_id FROM files WHERE digest = ?", (digest,)
        )

    def _earlier(self, digest: str, stem: str, source: str) -> str | None:
        """Return the stem, if a release without digests used it as the key of this PDF.

        That release kept no digest of a file, but it named the folder of the document after it.
        """
        if self._database.exists("SELECT 1 FROM files WHERE arxiv_id = ?", (stem,)):
            return None
        folders = self._database.fetch_column(str, _IMAGES, (stem,))
        has_same = any(f"/{digest}-" in f"/{folder}" for folder in folders)
        waits = self._database.exists(_WAITING, {"key": stem, "source": source})
        return stem if has_same or waits else None

    def _new(self, digest: str, stem: str) -> str:
        suffix = digest.removeprefix(_URL)
        for key in (stem, f"{stem}-{suffix[:SUFFIX_CHARACTERS]}"):
            if not (_may_be_arxiv_id(key) or self._is_taken(key)):
                return key
        return f"{stem}-{suffix}"

    def _is_taken(self, key: str) -> bool:
        return self._database.exists(_TAKEN, {"key": key})


def _digest_of_address(url: str) -> str:
    """Return what stands for the digest of a PDF that was not fetched yet."""
    return (_URL + hashlib.sha256(url.encode()).hexdigest())[:DIGEST_CHARACTERS]


def _may_be_arxiv_id(key: str) -> bool:
    try:
        ArxivId.parse(key)
    except ValueError:
        return False
    return True
