"""The command line: argv -> settings -> app; the only room that prints and exits."""

from chatpaper.cli.main import main

__all__ = ["main"]
