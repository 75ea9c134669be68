"""What the tests of nights have in common: a process that has loaded chatpaper once."""

import pytest

from tests.campaign.nightly import Nights
from tests.cli.forked import Forker


@pytest.fixture(scope="session")
def nights(forker: Forker | None) -> Nights:
    if forker is None:
        pytest.skip("nights are forked")
    return Nights(forker)
