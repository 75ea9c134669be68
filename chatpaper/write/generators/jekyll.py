"""Look at a Jekyll site."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

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
)
from chatpaper.write.generators.hexo import is_hexo_package

# The styles that Jekyll has names for; all but one have the date of a post.
_STYLES = {"date", "pretty", "ordinal", "weekdate", "none"}
_DATE = re.compile(r":(?:i_)?(?:year|short_year).*:(?:i_)?(?:month|short_month|y_day|week)")


def inspect_jekyll(folder: Path) -> FoundSite:
    """Look at the Jekyll site in a folder. Raises NotFoundThereError."""
    file = find_configuration(folder, ("_config.yml", "_config.yaml"), "Jekyll site")
    if is_hexo_package(read_if_there(folder / "package.json")):
        raise NotFoundThereError(f"{folder} is a Hexo blog, by its package.json.")
    config = read_configuration(file)
    source = PurePosixPath(get_text(config, "source") or ".")
    posts = source / get_text(config, "collections_dir") / "_posts"
    base = get_text(config, "baseurl").strip("/")
    permalink = get_text(config, "permalink") or "date"
    zone = get_zone(config, "timezone")
    url = get_text(config, "url")
    return FoundSite(
        (
            f"Jekyll, theme {get_text(config, 'theme', 'remote_theme') or 'none'}",
            f"permalink {permalink}, {describe_address(url and f'{url}/{base}')}",
            f"{describe_zone(zone)}, {count_markdown(folder / posts)}",
        ),
        SiteSettings(
            "jekyll",
            str(posts),
            str(source / "assets" / FIGURES),
            f"{f'/{base}' if base else ''}/assets/{FIGURES}",
            timezone=zone,
        ),
        tuple(_advise(config, permalink)),
    )


def _advise(config: Mapping[str, Any], permalink: str) -> Iterator[str]:
    if config.get("future") is not True:
        yield (
            "Jekyll leaves out posts that are dated in the future, and posts are dated at noon: "
            "set `future: true` in _config.yml, or build the site in the afternoon."
        )
    dated = permalink in _STYLES - {"none"} or _DATE.search(permalink)
    if not dated:
        yield (
            f"The permalink {permalink} has no date: the posts of a topic would take each other's "
            "address. Use `permalink: date`, or add :year/:month/:day."
        )
