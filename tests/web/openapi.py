"""The description of the page for programs: `python -m tests.web.openapi` writes its copy."""

import json
from typing import Any, cast
from unittest.mock import MagicMock

from chatpaper.web.api_routes import make_api
from chatpaper.web.state import AppState
from tests.conftest import REPOSITORY

COPY = REPOSITORY / "docs" / "openapi.json"


def describe() -> dict[str, Any]:
    """Return the description; no route is asked for anything."""
    described: dict[str, Any] = make_api(cast(AppState, MagicMock())).openapi()
    return {**described, "servers": [{"url": "/api/v1"}]}


if __name__ == "__main__":
    COPY.write_text(json.dumps(describe(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
