"""What was found of a site, and the settings that fit it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from chatpaper.domain.text.toml import quote_toml
from chatpaper.write.post_paths import SiteName

# Files and folders that begin with a dot are read by none of the generators.
JSON_FOLDER = ".chatpaper/json"
FIGURES = "images/papers"


class NotFoundThereError(Exception):
    """A folder holds no site of the kind that was looked for; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings that fit a site; paths are relative to its folder.

    What is None or empty is left at its default.
    """

    site: SiteName
    output_dir: str
    assets_dir: str
    assets_url: str
    timezone: str = ""
    site_url: str = ""
    page_suffix: str = ""
    has_listings: bool = False

    def to_toml(self) -> str:
        """Return the settings as the text of a settings file."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"output_dir = {quote_toml(self.output_dir)}"
        if self.timezone:
            yield f"timezone = {quote_toml(self.timezone)}"
        yield ""
        yield "[post]"
        yield f"site = {quote_toml(self.site)}"
        yield f"assets_dir = {quote_toml(self.assets_dir)}"
        yield f"assets_url = {quote_toml(self.assets_url)}"
        yield f"json = {quote_toml(JSON_FOLDER)}"
        if self.site_url:
            yield f"site_url = {quote_toml(self.site_url)}"
        if self.page_suffix:
            yield f"page_suffix = {quote_toml(self.page_suffix)}"
        if self.site == "obsidian":
            yield "feed_entries = 0"
        elif not self.has_listings:
            yield "index = false"
            yield "feed_entries = 0"


@dataclass(frozen=True, slots=True)
class FoundSite:
    """A site as it was found: what a person should know of it, and should do."""

    findings: tuple[str, ...]
    settings: SiteSettings
    advice: tuple[str, ...] = ()


def get_url_path(url: str) -> str:
    """Return the path of an address, without a slash at its end.

    >>> get_url_path("https://lin.github.io/blog/")
    '/blog'
    """
    return urlsplit(url).path.rstrip("/")


def describe_address(url: str) -> str:
    """Describe under which address a site is served."""
    return f"served at {url}" if url else "served at an address that is not set"
