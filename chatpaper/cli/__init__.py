"""The command line: argv -> settings -> pipeline; the only print and exit."""

from chatpaper.cli.main import main

__all__ = ["main"]
