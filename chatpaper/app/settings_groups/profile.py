"""The settings of a reader: what of the papers of a night is offered first, or not at all."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from chatpaper.app.settings_groups.base import Group, Texts
from chatpaper.domain import ArxivId


def _check_id(text: str) -> str:
    return ArxivId.parse(text).id


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


class ProfileSettings(Group):
    """What the reader is interested in.

    `bibtex` files and `papers` (arXiv ids) are the reader's library. Papers of `authors`, or that
    name one of `institutions`, `venues` or the words `wanted`, come first; those with a word that
    is `unwanted` are left out.
    """

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
