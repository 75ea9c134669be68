"""Look at a Hugo site."""

from pathlib import Path

from chatpaper.write.generators.configuration import (
    count_markdown,
    describe_zone,
    find_configuration,
    get_text,
    get_zone,
    read_configuration,
)
from chatpaper.write.generators.found_site import (
    FIGURES,
    FoundSite,
    SiteSettings,
    describe_address,
    get_url_path,
)

_NAMES = ("hugo", "config")
_SUFFIXES = (".toml", ".yaml", ".yml", ".json")
_CONFIGURATIONS = tuple(
    f"{place}{name}{suffix}"
    for place in ("", "config/_default/")
    for name in _NAMES
    for suffix in _SUFFIXES
)
_NO_HTML = (
    "Posts are written without HTML, which Hugo leaves out unless "
    "markup.goldmark.renderer.unsafe is set."
)
# Where themes look for posts; the first is what Hugo's own documents write.
_SECTIONS = ("posts", "post", "blog")


def inspect_hugo(folder: Path) -> FoundSite:
    """Look at the Hugo site in a folder. Raises NotFoundThereError."""
    file = find_configuration(folder, _CONFIGURATIONS, "Hugo site")
    config = {key.lower(): value for key, value in read_configuration(file).items()}
    content = get_text(config, "contentdir") or "content"
    section = next((name for name in _SECTIONS if (folder / content / name).is_dir()), _SECTIONS[0])
    static = get_text(config, "staticdir") or "static"
    url, zone = get_text(config, "baseurl"), get_zone(config, "timezone")
    return FoundSite(
        (
            f"Hugo ({file.relative_to(folder)}), theme {_find_theme(config.get('theme'))}",
            f"{describe_address(url)}, {describe_zone(zone)}",
            count_markdown(folder / content),
        ),
        SiteSettings(
            "hugo",
            f"{content}/{section}",
            f"{static}/{FIGURES}",
            f"{get_url_path(url)}/{FIGURES}",
            timezone=zone,
        ),
        (_NO_HTML,),
    )


def _find_theme(theme: object) -> str:
    names = theme if isinstance(theme, list) else [theme]
    return ", ".join(str(name) for name in names if name) or "none"
