"""What all tests share: no test talks to anything but this machine."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code, and a test that fails must fail again.
settings.register_profile("chatpaper", deadline=None, derandomize=True)
settings.load_profile("chatpaper")

REPOSITORY = Path(__file__).parent.parent
LIBRARY = REPOSITORY / "examples" / "library"


@pytest.fixture(scope="session")
def library() -> Path:
    """The example papers."""
    return LIBRARY
