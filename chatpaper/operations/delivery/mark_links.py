"""Signed addresses by which the reader of a message marks a paper at the page.

Whoever has such an address may mark that one paper in that one way, without a password. It holds
for good: a mark changes what its reader is offered and nothing else, setting it twice is setting it
once, and a mail of last month should still work. Removing the file of the secret ends all of them.
"""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlencode

from chatpaper.domain.atomic_files import replace_file, restrict_to_owner
from chatpaper.domain.errors import WriteError
from chatpaper.storage.papers.marks import Mark, MarkKind

MARK_PATH = "/mark"
SECRET_FILE = "mark-secret"

_SECRET_BYTES = 32
# 128 bits of the HMAC, twice what nobody can try out; addresses in cards stay short.
_SIGNATURE_DIGITS = 32
# Keeps a signature from counting for anything else that this secret may sign one day.
_PURPOSE = "chatpaper mark 1"
_KINDS: dict[str, MarkKind] = {each: each for each in get_args(MarkKind)}


def read_secret(state_dir: Path) -> bytes | None:
    """Return the secret of this installation; None where no message has needed one yet."""
    path = state_dir / SECRET_FILE
    try:
        secret = path.read_bytes()
    except OSError:
        return None
    restrict_to_owner(path)
    return secret if len(secret) == _SECRET_BYTES else None


def load_secret(state_dir: Path) -> bytes:
    """Return the secret of this installation, which is made where there is none.

    Nobody but its owner can read the file. Raises WriteError.
    """
    known = read_secret(state_dir)
    if known is not None:
        return known
    path, made = state_dir / SECRET_FILE, secrets.token_bytes(_SECRET_BYTES)
    try:
        with replace_file(path) as part:  # which is its owner's alone
            part.write_bytes(made)
    except OSError as error:
        raise WriteError(
            f"{path}, which signs the links of messages, cannot be written: {error.strerror}.",
            path=str(path),
        ) from error
    return made


def make_mark_address(public_url: str, secret: bytes, mark: Mark) -> str:
    """Return the address at which the page asks whether to set a mark."""
    query = {"kind": mark.kind, "paper": mark.arxiv_id}
    if mark.profile:
        query["profile"] = mark.profile
    return f"{public_url}{MARK_PATH}?{urlencode(query | {'signature': _sign(secret, mark)})}"


def read_mark(query: str, secret: bytes | None) -> Mark | None:
    """Return the mark that the query of an address names; None unless this installation signed it.

    Raises nothing, whatever the query is.
    """
    given = {name: values[0] for name, values in parse_qs(query).items()}
    kind = _KINDS.get(given.get("kind", ""))
    if secret is None or kind is None:
        return None
    mark = Mark(given.get("profile", ""), given.get("paper", ""), kind)
    signature = given.get("signature", "").encode()
    return mark if hmac.compare_digest(signature, _sign(secret, mark).encode()) else None


def _sign(secret: bytes, mark: Mark) -> str:
    text = json.dumps([_PURPOSE, mark.kind, mark.arxiv_id, mark.profile])
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_DIGITS]
