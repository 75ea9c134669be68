"""The settings of a reader: what of the papers of a night is offered first, or not at all."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, field_validator

from chatpaper.app.settings_groups.base import (
    Group,
    NotNegative,
    NotNegativeCount,
    Texts,
    check_web_address,
)
from chatpaper.app.settings_groups.delivery import DeliverySettings
from chatpaper.app.settings_groups.secrets import OptionalSecret
from chatpaper.domain import ArxivId


def _check_id(text: str) -> str:
    return ArxivId.parse(text).id


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


class ZoteroSettings(Group):
    """A Zotero library whose papers are the reader's, or a `collection` of it by its key.

    `base_url` is http://127.0.0.1:23119/api for a Zotero on this machine, which lets other programs
    read it where its settings say so, without a key.
    """

    library_id: str = ""
    library_type: Literal["user", "group"] = "user"
    api_key: OptionalSecret = None
    collection: str = ""
    base_url: str = "https://api.zotero.org"

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        return check_web_address(url)


class ProfileSettings(Group):
    """What the reader is interested in.

    `bibtex` files, `papers` (arXiv ids) and a Zotero library are what the reader has. Papers of
    `authors`, or that name one of `institutions`, `venues` or the words `wanted`, come first; those
    with a word that is `unwanted` are left out. `name` is that of one of several readers.
    """

    name: str = ""
    bibtex: Annotated[
        tuple[Annotated[Path, AfterValidator(Path.expanduser)], ...], BeforeValidator(_as_list)
    ] = ()
    papers: Annotated[
        tuple[Annotated[str, AfterValidator(_check_id)], ...], BeforeValidator(_as_list)
    ] = ()
    authors: Texts = ()
    institutions: Texts = ()
    venues: Texts = ()
    wanted: Texts = ()
    unwanted: Texts = ()
    zotero: ZoteroSettings = ZoteroSettings()


class NamedProfileSettings(ProfileSettings):
    """One of several readers, with topics, formats, folder, budget and messages of their own.

    What is not said is as for everybody.
    """

    topics: Texts = ()
    formats: Texts = ()
    output_dir: Path | None = None
    language: str | None = None
    max_papers: NotNegativeCount | None = None
    max_usd: NotNegative | None = None
    deliver: DeliverySettings = DeliverySettings()

    def to_flags(self, name: str) -> dict[str, Any]:
        """Return what is said, by the keys of all settings, as if it had been given as flags."""
        said = self.model_dump(exclude_unset=True)
        run = {key: said[key] for key in ("topics", "formats") if key in said}
        budget = {key: said[key] for key in ("max_papers", "max_usd") if key in said}
        whole = ("output_dir", "language", "deliver")
        own = {key: value for key, value in said.items() if key in ProfileSettings.model_fields}
        return {
            "profile": own | {"name": name},
            **({"run": run} if run else {}),
            **({"budget": budget} if budget else {}),
            **{key: said[key] for key in whole if key in said},
        }
