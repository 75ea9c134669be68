"""What the tests of built sites need besides Python packages.

That is Node.js, packages of npm, and Chromium. `python -m tests.sites.installation` puts in place
what is missing: packages of Debian by apt-get where it is run as root, and those of npm in a folder
of the checkout that git ignores.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
CACHE = REPOSITORY / ".sites-cache"
SKELETONS = ("hexo", "mkdocs")
# Where the package.json of each installation is; `axe` looks for what keeps people from using the
# page.
_SOURCES = {
    **{name: EXAMPLES / name for name in SKELETONS},
    "stock-hexo": REPOSITORY / "tests" / "sites" / "stock_hexo",
    "axe": REPOSITORY / "tests" / "web",
}

# Commands, and the packages of Debian that hold them. Fonts with Chinese signs are for the
# screenshots.
_DEBIAN_PACKAGES = {
    "node": "nodejs",
    "npm": "npm",
    "chromium": "chromium",
    "hugo": "hugo",
    "jekyll": "jekyll",
}
# The theme of a new Jekyll site, which gem would otherwise load.
_JEKYLL_THEME = "jekyll-theme-minima"
_JEKYLL_THEME_FOLDER = Path("/usr/share/doc") / _JEKYLL_THEME
_FONT_PACKAGE, _FONT_FOLDER = "fonts-noto-cjk", Path("/usr/share/fonts/opentype/noto")


def node_modules(skeleton: str) -> Path:
    """Return the installed packages of a site skeleton.

    The error says what to run where there are none.
    """
    folder = CACHE / skeleton / "node_modules"
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{folder} is missing: run `python -m tests.sites.installation` first."
        )
    return folder


def chromium() -> str:
    """Return the path of the browser.

    The error says what to run where there is none.
    """
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError(
            "There is no chromium: run `python -m tests.sites.installation` first."
        )
    return path


def main() -> None:
    _install_debian_packages()
    for name in _SOURCES:
        _install_npm_packages(name)


def _install_debian_packages() -> None:
    missing = [
        package for command, package in _DEBIAN_PACKAGES.items() if shutil.which(command) is None
    ]
    if not _FONT_FOLDER.is_dir():
        missing.append(_FONT_PACKAGE)
    if not _JEKYLL_THEME_FOLDER.is_dir():
        missing.append(_JEKYLL_THEME)
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(
            f"The tests of built sites need {', '.join(missing)}: install them with your system's "
            f"package manager, on Debian with `sudo apt-get install {' '.join(missing)}`."
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        subprocess.run(
            ["apt-get", "-qq", *command], env=environment, check=True, stdout=subprocess.DEVNULL
        )


def _install_npm_packages(name: str) -> None:
    source, folder = _SOURCES[name], CACHE / name
    files = [source / "package.json", source / "package-lock.json"]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    stamp = folder / "installed"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for file in files:
        shutil.copy(file, folder)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        check=True,
    )
    stamp.write_text(digest)


if __name__ == "__main__":
    main()
