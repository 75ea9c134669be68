"""The settings of posts: what they say and show, and where their files go."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from chatpaper.app.settings_groups.base import Group, NotNegativeCount
from chatpaper.write.licenses import FigurePolicy
from chatpaper.write.post_paths import SiteLayout, SiteName


def _plain_value(value: str) -> str:
    if not value.strip() or value != value.strip() or re.search(r"[`|{}<>\x00-\x1f]", value):
        raise ValueError(
            f"{value!r} is not plain text: no value may have ` | {{ }} < > or spaces around it"
        )
    return value


# What `json` says by default.
BESIDE_POST = "beside"

# A value that a paper's class or tags are chosen from; it is shown as code, where nothing can be
# escaped.
ChosenValue = Annotated[str, AfterValidator(_plain_value)]


def _folder_or_none(place: object) -> object:
    return None if place in ("", BESIDE_POST) else place


class PostSettings(Group):
    """What posts say of their author and evidence, what they show, and what stands beside them.

    `site_url` is the address under which the output folder is served; `page_suffix` is what a
    site's generator makes of `.md` there, for example `/`. `classes` and `tags` are what those of a
    paper are chosen from, `formats_dir` is a folder with formats of one's own.

    `site` is what publishes the posts. Figures are written to `assets_dir`, or else beside the
    post, and `assets_url` is the address under which that folder is served. `json` names a folder
    for the JSON of posts, or says `beside`.
    """

    author: str = ""
    evidence: bool = True
    figures: FigurePolicy = "all"
    site_url: str = ""
    page_suffix: str = ".md"
    feed_entries: NotNegativeCount = 100
    index: bool = True
    classes: Annotated[tuple[ChosenValue, ...], Field(min_length=1)] | None = None
    tags: Annotated[tuple[ChosenValue, ...], Field(min_length=1)] | None = None
    formats_dir: Path | None = None
    site: SiteName = ""
    assets_dir: Path | None = None
    assets_url: str = ""
    # The models of pydantic have a method `json`.
    json_dir: Annotated[Path | None, BeforeValidator(_folder_or_none)] = Field(
        default=None, alias="json"
    )

    @property
    def layout(self) -> SiteLayout:
        """Where the files of posts go."""
        return SiteLayout(self.site, self.assets_dir, self.assets_url, self.json_dir)

    def without_site(self) -> Self:
        """Return the same settings for posts whose files are all beside them."""
        return self.model_copy(
            update={"site": "", "assets_dir": None, "assets_url": "", "json_dir": None}
        )

    @field_validator("formats_dir", "assets_dir", "json_dir")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @field_validator("assets_url")
    @classmethod
    def _address_of_folder(cls, url: str) -> str:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname
        from_root = url.startswith("/") and not parts.netloc
        if url and (
            not (is_whole or from_root) or parts.query or parts.fragment or not url.isprintable()
        ):
            raise ValueError(
                "must begin with / or be an http or https URL, "
                "like /images/papers or https://cdn.example.org/papers"
            )
        return url.rstrip("/")

    @field_validator("site", mode="before")
    @classmethod
    def _known_site(cls, site: object) -> object:
        known = [name for name in get_args(SiteName) if name]
        if site not in ("", *known):
            near = get_close_matches(str(site).lower(), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise ValueError(f"unknown site {site!r}; {hint}")
        return site

    @field_validator("site_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
        ):
            raise ValueError("must be an http or https URL like https://example.org/papers")
        return url.rstrip("/")
