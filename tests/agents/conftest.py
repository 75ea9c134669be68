"""The demo that tests of the command line look at is that of agents too."""

from tests.cli.conftest import demo_shown

__all__ = ["demo_shown"]
