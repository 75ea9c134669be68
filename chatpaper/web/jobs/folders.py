"""Folders of the page's own, within the state folder.

So a nightly run never waits for a visitor nor a visitor for a run, no visitor's file appears in
anybody's posts, and what was paid for outlasts a restart. Summaries of nightly runs are copied
where a visitor asks for the same paper.
"""

from pathlib import Path

from chatpaper.app.settings import Settings

FOLDER_NAME = "web"


def make_page_settings(settings: Settings) -> Settings:
    """Return the same settings with folders of the page's own."""
    root = settings.state_dir / FOLDER_NAME
    return settings.model_copy(
        update={
            "state_dir": root,
            "cache_dir": root / "cache",
            "output_dir": root / "posts",
            "post": settings.post.without_site(),
        }
    )


def locate_uploads(settings: Settings) -> Path:
    """Return the folder of uploaded PDFs, given the page's own settings.

    It is in the cache, whose size is limited.
    """
    return settings.cache_dir / "uploads"
