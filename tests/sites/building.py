"""Sites built from the skeletons in `examples/` and an output folder, as users build them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.sites.installation import EXAMPLES, node_modules

_BUILD_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class SiteKind:
    """A site generator with a theme: how it is built, and where its pages have the parts of a post.

    The parts are those that a reader sees. `article` is the post, `contents` the table of contents,
    and `contents_entry` one of its entries for a paper.
    """

    name: str
    build: Callable[[Path, Path], Path]
    article: str
    contents: str
    contents_entry: str

    def page_of(self, markdown: Path, posts: Path) -> str:
        """Return the path of the page of a post."""
        return markdown.relative_to(posts).with_suffix(".html").as_posix()


def _copied(skeleton: str, work: Path) -> Path:
    ignored = shutil.ignore_patterns("node_modules", "public", "site", "db.json", "20??-??-??")
    site = work / skeleton
    shutil.copytree(EXAMPLES / skeleton, site, ignore=ignored)
    (site / "node_modules").symlink_to(node_modules(skeleton))
    return site


def _run(command: list[str], site: Path) -> None:
    done = subprocess.run(
        command,
        cwd=site,
        env=os.environ | {"NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=_BUILD_TIMEOUT_SECONDS,
    )
    # Hexo ends with 0 even where a post could not be rendered.
    if done.returncode != 0 or "ERROR" in done.stdout + done.stderr:
        raise RuntimeError(
            f"{' '.join(command)} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        )


def _build_hexo(theme: str) -> Callable[[Path, Path], Path]:
    def build(posts: Path, work: Path) -> Path:
        site = _copied("hexo", work)
        settings = site / "_config.yml"
        settings.write_text(
            settings.read_text("utf-8").replace("theme: butterfly", f"theme: {theme}"), "utf-8"
        )
        shutil.copytree(posts, site / "source" / "_posts", dirs_exist_ok=True)
        _run([str(site / "node_modules" / ".bin" / "hexo"), "generate", "--silent"], site)
        return site / "public"

    return build


def build_mkdocs(posts: Path, work: Path, language: str = "zh") -> Path:
    """Build the site of MkDocs Material, whose own words are in a language."""
    site = _copied("mkdocs", work)
    settings = site / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("language: zh", f"language: {language}"), "utf-8"
    )
    shutil.copytree(posts, site / "docs", dirs_exist_ok=True)
    _run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"], site)
    return site / "site"


BUTTERFLY = SiteKind(
    "Hexo Butterfly",
    _build_hexo("butterfly"),
    "#article-container",
    "#card-toc",
    ".toc-level-2 > .toc-link",
)
NEXT = SiteKind(
    "Hexo NexT", _build_hexo("next"), ".post-body", ".post-toc", ".nav-level-2 > .nav-link"
)
MKDOCS = SiteKind(
    "MkDocs Material",
    build_mkdocs,
    "article.md-content__inner",
    ".md-sidebar--secondary",
    ".md-nav__list a.md-nav__link",
)
SITE_KINDS = (BUTTERFLY, NEXT, MKDOCS)
