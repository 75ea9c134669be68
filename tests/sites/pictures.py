"""Take the pictures of the README: posts of `chatpaper demo` in a site, as a browser shows them.

`python -m tests.sites.pictures [FOLDER]` writes them to docs/pictures, or to FOLDER.
"""

import argparse
import contextlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chatpaper.cli.console import Display
from chatpaper.cli.demo import run_demo
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.sites.browser import browsing, serving
from tests.sites.building import MKDOCS, build_mkdocs
from tests.sites.visiting import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

PICTURES = REPOSITORY / "docs" / "pictures"
# GitHub loads them with every visit of the first page.
MOST_BYTES = 200_000
# The same date on each, whenever they are taken.
TIME = datetime(2026, 11, 29, tzinfo=UTC)
POST = f"{TIME:%Y-%m-%d}/Diffusion_Models"
# Narrow enough to be read where the README shows it smaller.
DESK: "ViewportSize" = {"width": 1150, "height": 880}
LANGUAGES = ("en", "zh")
# Below the bar of the site, which stays on top of what is scrolled.
_ROOM_ABOVE = 68


@dataclass(frozen=True)
class Picture:
    """A picture of a post: on which screen, and from which of its papers on (0: its beginning)."""

    name: str
    format_suffix: str
    screen: "ViewportSize"
    paper: int = 0
    # A phone's screen is finer than a desk's.
    scale: float = 1.0


# The list of a day and a paper of it on a phone, and a paper with its figure on a desk.
SHOWN = (
    Picture("list", ".brief", PHONE, scale=1.5),
    Picture("paper", ".brief", PHONE, paper=1, scale=1.5),
    Picture("desk", ".brief", DESK, paper=3),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES)
    for path in take_pictures(parser.parse_args().folder):
        print(f"{path}: {path.stat().st_size} bytes")


def take_pictures(target: Path) -> Iterator[Path]:
    """Write the pictures in each language; yields their paths."""
    target.mkdir(parents=True, exist_ok=True)
    with browsing() as browser:
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder:
                posts = write_demo(Path(folder) / "demo", language)
                site = build_mkdocs(posts, Path(folder), language)
                with serving(site) as address:
                    for picture in SHOWN:
                        path = target / f"{picture.name}.{language}.png"
                        take_picture(browser, address, picture, path)
                        yield path


def write_demo(folder: Path, language: str) -> Path:
    """Run the demo at a fixed time, without a word on stdout; gives its folder of posts."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exit_code = run_demo(folder, language, Display(quiet=True), Clock(now=lambda: TIME))
    if exit_code != ExitCode.DONE:
        raise RuntimeError(f"The demo ended with {exit_code}:\n{told.getvalue()}")
    return folder / "posts"


def take_picture(browser: "Browser", address: str, picture: Picture, path: Path) -> None:
    """Write what a screen shows of a post."""
    page = browser.new_page(viewport=picture.screen, device_scale_factor=picture.scale)
    try:
        page.goto(f"{address}/{POST}{picture.format_suffix}.html", wait_until="networkidle")
        page.eval_on_selector_all(
            "img",
            "all => Promise.all(all.map(each => { each.loading = 'eager'; return each.decode() }))",
        )
        if picture.paper:
            page.eval_on_selector_all(
                f"{MKDOCS.article} h2",
                "(all, [index, room]) => window.scrollTo(0,"
                " all[index].getBoundingClientRect().top + window.scrollY - room)",
                [picture.paper - 1, _ROOM_ABOVE],
            )
        page.wait_for_timeout(500)
        page.screenshot(path=path)
    finally:
        page.close()


if __name__ == "__main__":
    main()
