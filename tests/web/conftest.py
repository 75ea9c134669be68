"""What tests of the page in a browser share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sites.browser import browsing


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with browsing() as opened:
        yield opened
