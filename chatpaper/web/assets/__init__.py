"""Style sheets and scripts of the page."""

from importlib.resources import files


def load_asset(name: str) -> str:
    """Load a style sheet or a script by the name of its file."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
