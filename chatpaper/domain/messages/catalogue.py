"""The catalogues of messages: files of gettext, one folder for each language."""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chatpaper.domain.messages.translator import Translator

LOCALE_FOLDER = Path(__file__).parent / "locale"
TEXT_DOMAIN = "chatpaper"


class _Catalogue(gettext.GNUTranslations):
    """A catalogue that lists its messages, which gettext itself only looks up."""

    @property
    def messages(self) -> Mapping[str, str]:
        """The translations by their messages, without the header."""
        found: Mapping[str, str] = vars(self)["_catalog"]
        return {message: text for message, text in found.items() if message}


def list_catalogue_languages() -> tuple[str, ...]:
    """List the languages other than English that messages are translated to."""
    return tuple(sorted(folder.name for folder in LOCALE_FOLDER.iterdir() if folder.is_dir()))


@cache
def load_translator(language: str) -> Translator:
    """Load what translates to a language; messages stay as they are where there is no catalogue."""
    if language not in list_catalogue_languages():
        return Translator({})
    catalogue = gettext.translation(TEXT_DOMAIN, LOCALE_FOLDER, [language], class_=_Catalogue)
    return Translator(catalogue.messages)
