"""Look at an MkDocs site."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chatpaper.write.generators.configuration import (
    count_markdown,
    find_configuration,
    get_text,
    read_configuration,
)
from chatpaper.write.generators.found_site import (
    FIGURES,
    FoundSite,
    SiteSettings,
    describe_address,
    get_url_path,
)

_POSTS = "papers"


def inspect_mkdocs(folder: Path) -> FoundSite:
    """Look at the MkDocs site in a folder.

    MkDocs mends relative addresses in Markdown, and not those in HTML: those of figures begin at
    the root of the host. Raises NotFoundThereError.
    """
    config = read_configuration(
        find_configuration(folder, ("mkdocs.yml", "mkdocs.yaml"), "MkDocs site")
    )
    docs = get_text(config, "docs_dir") or "docs"
    url = get_text(config, "site_url")
    has_folders = config.get("use_directory_urls", True) is not False
    return FoundSite(
        (
            f"MkDocs, theme {_find_theme(config)}",
            f"{'a folder' if has_folders else 'a file'} for each page, {describe_address(url)}",
            count_markdown(folder / docs),
        ),
        SiteSettings(
            "mkdocs",
            f"{docs}/{_POSTS}",
            f"{docs}/{FIGURES}",
            f"{get_url_path(url)}/{FIGURES}",
            site_url=f"{url.rstrip('/')}/{_POSTS}" if url else "",
            page_suffix="/" if has_folders else ".html",
            has_listings=True,
        ),
        tuple(_advise(config, url)),
    )


def _find_theme(config: Mapping[str, Any]) -> str:
    theme = config.get("theme")
    return get_text(theme if isinstance(theme, dict) else config, "name", "theme") or "mkdocs"


def _advise(config: Mapping[str, Any], url: str) -> Iterator[str]:
    if not url:
        yield (
            "site_url in mkdocs.yml is not set: figures have addresses from the root of the host. "
            "If the site is served from a folder, put that folder before post.assets_url."
        )
    if config.get("nav"):
        yield f"nav in mkdocs.yml lists the pages of the site: add {_POSTS}/index.md."
