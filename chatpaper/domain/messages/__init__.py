"""Messages to people in their own language.

What chatpaper says is written in English where it is known what happened. So it stands in the
database, in reports, in JSON and in logs, which programs and other people read, too. It is
translated where one person reads it: the catalogue has the sentences as templates, from whose forms
a message is recognized.
"""

from chatpaper.domain.messages.catalogue import (
    LOCALE_FOLDER,
    TEXT_DOMAIN,
    list_catalogue_languages,
    load_translator,
)
from chatpaper.domain.messages.translator import Translator

__all__ = [
    "LOCALE_FOLDER",
    "TEXT_DOMAIN",
    "Translator",
    "list_catalogue_languages",
    "load_translator",
]
