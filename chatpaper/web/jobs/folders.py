"""Where the page keeps what visitors bring and get: an installation of its own within the state
folder.

So a night never waits for a visitor nor a visitor for a night, no visitor's file appears in
anybody's posts, and what was paid for outlasts a restart. What the nights wrote is read, and taken
over where a visitor asks for the same paper.
"""

from pathlib import Path

from chatpaper.app.settings import Settings

FOLDER_NAME = "web"


def page_settings(settings: Settings) -> Settings:
    """The settings by which the page works: the same, with folders of its own."""
    root = settings.state_dir / FOLDER_NAME
    return settings.model_copy(
        update={"state_dir": root, "cache_dir": root / "cache", "output_dir": root / "posts"}
    )


def uploads_folder(settings: Settings) -> Path:
    """Where uploaded PDFs are, given the page's own settings: in its cache, which is kept within
    bounds.
    """
    return settings.cache_dir / "uploads"
