"""What all tests share: no test talks to anything but this machine."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
LIBRARY = REPOSITORY / "examples" / "library"


@pytest.fixture(scope="session")
def library() -> Path:
    """The example papers."""
    return LIBRARY
