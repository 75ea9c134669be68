"""Look at a Hexo blog."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chatpaper.write.generators.configuration import (
    count_markdown,
    describe_zone,
    find_configuration,
    get_text,
    get_zone,
    read_configuration,
    read_if_there,
)
from chatpaper.write.generators.found_site import (
    FIGURES,
    FoundSite,
    NotFoundThereError,
    SiteSettings,
    describe_address,
    get_url_path,
)

_CONFIGURATIONS = ("_config.yml", "_config.yaml", "_config.json")
_DEFAULT_PERMALINK = ":year/:month/:day/:title/"
_EXAMPLE_ADDRESS = "http://example.com"
# `:title` is the path of a post below _posts, which has date and topic; the others tell posts apart
# without it.
_UNIQUE = re.compile(r":(?:title|id|hash|abbrlink)\b")
_DATE = re.compile(r":year.*:i?_?month.*:i?_?day")
_NAME = re.compile(r":name\b")


def inspect_hexo(folder: Path) -> FoundSite:
    """Look at the Hexo blog in a folder.

    Figures have addresses from the root of the host, which hold on every page and under every
    permalink. Hexo puts `root` before some of them and not before others: where that is a folder,
    they are whole addresses, which it leaves alone. Raises NotFoundThereError.
    """
    file = find_configuration(folder, _CONFIGURATIONS, "Hexo blog")
    package = read_if_there(folder / "package.json")
    config = read_configuration(file)
    source = get_text(config, "source_dir") or "source"
    if not is_hexo_package(package) and not (folder / source / "_posts").is_dir():
        raise NotFoundThereError(
            f"{folder} has {file.name}, but neither Hexo in package.json nor {source}/_posts."
        )
    url, zone = get_text(config, "url"), get_zone(config, "timezone")
    permalink = get_text(config, "permalink") or _DEFAULT_PERMALINK
    root = (get_text(config, "root") or get_url_path(url)).strip("/")
    return FoundSite(
        (
            f"Hexo {_find_version(folder, package)}, theme {get_text(config, 'theme') or 'none'}",
            f"permalink {permalink}, {describe_address(url)}",
            f"{describe_zone(zone)}, {count_markdown(folder / source / '_posts')}",
        ),
        SiteSettings(
            "hexo",
            f"{source}/_posts",
            f"{source}/{FIGURES}",
            f"{_serve_from(url, root)}/{FIGURES}",
            timezone=zone,
        ),
        tuple(_advise(permalink, url, root, package)),
    )


def is_hexo_package(package: Mapping[str, Any]) -> bool:
    """Return whether the package.json of a folder is that of a Hexo blog."""
    return "hexo" in package or "hexo" in (package.get("dependencies") or {})


def _find_version(folder: Path, package: Mapping[str, Any]) -> str:
    installed = read_if_there(folder / "node_modules" / "hexo" / "package.json")
    wanted = (package.get("dependencies") or {}).get("hexo")
    return get_text(installed, "version") or f"{wanted or 'of unknown version'} (not installed)"


def _serve_from(url: str, root: str) -> str:
    if not root:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{root}" if parts.netloc else f"/{root}"


def _advise(permalink: str, url: str, root: str, package: Mapping[str, Any]) -> Iterator[str]:
    if not _UNIQUE.search(permalink):
        if not _DATE.search(permalink):
            yield (
                f"The permalink {permalink} has no date: the posts of a topic would take each "
                "other's address. Add :year/:month/:day, or use :title, which is the path of a "
                "post."
            )
        elif not _NAME.search(permalink):
            yield (
                f"With the permalink {permalink}, several formats of one day would take each "
                "other's address: write one format, or use :title, which is the path of a post."
            )
    if root:
        yield (
            f"The blog is served from /{root}: figures have whole addresses, and show in "
            "`hexo server` once they are deployed."
        )
    if url.rstrip("/") == _EXAMPLE_ADDRESS:
        yield f"url in _config.yml is still Hexo's example, {url}."
    if "hexo-abbrlink" in (package.get("dependencies") or {}):
        yield (
            "hexo-abbrlink writes into posts, which chatpaper then takes for edited: later "
            "versions of a post are written beside it."
        )
