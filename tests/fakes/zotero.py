"""A fake of Zotero's API on 127.0.0.1: the top items of libraries, in pages.

with FakeZotero({"users/42": [item("AAAA1111", "A Title")]}, key="secret") as server:
...  # settings: profile.zotero.base_url = server.url
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.loopback import LoopbackServer, Reply, Request

PAGE = 100


def item(key: str, title: str, **data: str) -> dict[str, Any]:
    """Return an item as the service has it, including parts that nothing here reads."""
    return {
        "key": key,
        "version": 7,
        "library": {"type": "user", "id": 42, "name": "ada"},
        "meta": {"creatorSummary": "Lovelace", "numChildren": 0},
        "data": {"key": key, "version": 7, "itemType": "preprint", "title": title, **data},
    }


class FakeZotero(LoopbackServer):
    """Serves libraries by `users/ID` or `groups/ID`, whose collections are lists of keys."""

    def __init__(
        self,
        libraries: Mapping[str, Sequence[dict[str, Any]]],
        collections: Mapping[str, Sequence[str]] | None = None,
        key: str = "",
    ) -> None:
        super().__init__()
        self.libraries, self.collections, self.key = libraries, collections or {}, key
        # What is answered in place of everything, while it is set.
        self.failing: Reply | None = None

    def is_call(self, request: Request) -> bool:
        return False

    def reply(self, request: Request) -> Reply:
        if self.failing:
            return self.failing
        parts = urlsplit(request.path)
        kind, number, *rest = parts.path.strip("/").split("/")
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(403, b"Forbidden", media_type="text/plain")
        items = self.libraries.get(f"{kind}/{number}")
        if items is None or (rest[0] == "collections" and rest[1] not in self.collections):
            return Reply(404, b"Not found", media_type="text/plain")
        if rest[0] == "collections":
            items = [each for each in items if each["key"] in self.collections[rest[1]]]
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        start, size = int(asked.get("start", 0)), int(asked.get("limit", PAGE))
        headers = {"Total-Results": str(len(items))}
        if start + size < len(items):
            query = urlencode(asked | {"start": start + size, "limit": size})
            headers["Link"] = f'<{self.url}{parts.path}?{query}>; rel="next"'
        return Reply(200, list(items[start : start + size]), headers, media_type="application/json")
