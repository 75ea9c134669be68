"""What the tests of nights have in common: a process that has loaded chatpaper once."""

from collections.abc import Iterator

import pytest

from tests.campaign.nightly import Nights


@pytest.fixture(scope="session")
def nights() -> Iterator[Nights]:
    with Nights() as nights:
        yield nights
