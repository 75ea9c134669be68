"""Files of JSON lines, in which services take and give batches."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from chatpaper.domain.errors import BackendError, ContentFilteredError, ContextTooLongError


def encode_lines(lines: Iterable[Mapping[str, object]]) -> bytes:
    """Return a file with one JSON object a line."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def read_lines(text: str) -> Iterator[Mapping[str, object]]:
    """Yield the JSON objects of a file; a line that is none is left out, as one that never came."""
    # Answers may hold line separators of Unicode, which JSON leaves as they are.
    for line in text.split("\n"):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield cast(Mapping[str, object], value)


def is_final(error: BackendError) -> bool:
    """Tell whether a fault is the answer to a request, and not a reason to ask it again."""
    return isinstance(error, ContextTooLongError | ContentFilteredError)
