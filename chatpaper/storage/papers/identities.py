"""Which paper a PDF is that arXiv has no id for: the same contents are the same paper, whatever the
file is called.

The key of such a paper is the stem of the file that it first came as, with a digest of the contents
behind it where that is the key of other contents already, or may be the id of a paper on arXiv.
"""

import hashlib

from chatpaper.domain import ArxivId
from chatpaper.storage.database import Database

# So much of a digest tells contents apart, and names the folder of a document.
DIGEST_CHARACTERS = 32
# So much tells two files of one name apart for a reader's eye.
SUFFIX_CHARACTERS = 8

_URL = "url:"
_KNOWN = (
    "SELECT 1 FROM files WHERE arxiv_id = :key UNION SELECT 1 FROM outcomes WHERE arxiv_id = :key "
    "UNION SELECT 1 FROM entries WHERE arxiv_id = :key UNION SELECT 1 FROM papers WHERE arxiv_id = :key"
)
_IMAGES = (
    "SELECT json_extract(record, '$.images') AS images FROM entries WHERE arxiv_id = ? AND json_valid(record) "
    "AND json_extract(record, '$.paper.source') = 'file'"
)
# A key that waits for its first summary: nothing stands under it yet that could be taken for
# another paper's.
_WAITING = (
    "SELECT 1 FROM papers WHERE arxiv_id = :key AND json_valid(record) "
    "AND json_extract(record, '$.paper.source') = 'file' "
    "AND :source IN (json_extract(record, '$.pdf'), json_extract(record, '$.paper.pdf_url')) "
    "AND NOT EXISTS (SELECT 1 FROM entries WHERE arxiv_id = :key)"
)


class Identities:
    """The keys in the database; one that was given stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def key_of(self, digest: str, stem: str, source: str) -> str:
        """The key of a PDF by the SHA-256 of its contents, or the beginning of that.

        `source` is its path or its address: what could not be fetched from there before is this
        paper.
        """
        digest = digest[:DIGEST_CHARACTERS]
        with self._database.transaction() as connection:
            known = self._known(digest) or self._known(_of_address(source))
            key = known or self._earlier(digest, stem, source) or self._new(digest, stem)
            connection.execute(
                "INSERT INTO files VALUES (?, ?, ?) ON CONFLICT (arxiv_id) DO UPDATE SET digest = excluded.digest "
                "ON CONFLICT (digest) DO NOTHING",
                (digest, key, stem),
            )
        return key

    def key_of_address(self, url: str, stem: str) -> str:
        """The key of a PDF of which no more is known than its address, until it can be fetched."""
        return self.key_of(_of_address(url), stem, url)

    def keep(self, key: str, digest: str) -> None:
        """Remember the contents of a paper whose key is known already; what is kept of either
        stays.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO files VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (digest, key, key)
            )

    def is_other(self, key: str, digest: str) -> bool:
        """Whether the paper of a key is known to have other contents than these."""
        rows = self._database.rows("SELECT digest FROM files WHERE arxiv_id = ?", (key,))
        known = str(rows[0]["digest"]) if rows else _URL
        return not known.startswith(_URL) and known != digest[:DIGEST_CHARACTERS]

    def _known(self, digest: str) -> str | None:
        rows = self._database.rows("SELECT arxiv_id FROM files WHERE digest = ?", (digest,))
        return str(rows[0]["arxiv_id"]) if rows else None

    def _earlier(self, digest: str, stem: str, source: str) -> str | None:
        """The stem, where an earlier version read these contents under it, or is still to read this
        very file.

        That version kept no digest of a file, but it named the folder of the document after it.
        """
        if self._database.rows("SELECT 1 FROM files WHERE arxiv_id = ?", (stem,)):
            return None
        folders = [row["images"] or "" for row in self._database.rows(_IMAGES, (stem,))]
        has_same = any(f"/{digest}-" in f"/{folder}" for folder in folders)
        waits = bool(self._database.rows(_WAITING, {"key": stem, "source": source}))
        return stem if has_same or waits else None

    def _new(self, digest: str, stem: str) -> str:
        own = digest.removeprefix(_URL)
        tried = (stem, f"{stem}-{own[:SUFFIX_CHARACTERS]}", f"{stem}-{own}")
        return next(
            key
            for key in tried
            if key == tried[-1] or not (_may_be_arxivs(key) or self._is_taken(key))
        )

    def _is_taken(self, key: str) -> bool:
        return bool(self._database.rows(_KNOWN, {"key": key}))


def _of_address(url: str) -> str:
    """What stands for the digest of a PDF that was not fetched yet."""
    return (_URL + hashlib.sha256(url.encode()).hexdigest())[:DIGEST_CHARACTERS]


def _may_be_arxivs(key: str) -> bool:
    try:
        ArxivId.parse(key)
    except ValueError:
        return False
    return True
