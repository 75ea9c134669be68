"""Choose the language of messages to people.

It is known before the settings are read, whose errors are messages, too; and quickly, for `--help`.
"""

import os
import tomllib
from contextlib import suppress
from pathlib import Path

from chatpaper.app.settings_file import find_settings_file

ENGLISH = "en"
# The setting, then the variables of gettext in their order.
SETTING_VARIABLE = "CHATPAPER_LANGUAGE"
LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def find_message_language(file: Path | None) -> str:
    """Find the language: that of the setting `language` where it is set, else of the environment.

    `file` is the settings file that was named, if one was. A file that cannot be read says nothing
    here: it is reported when the settings are read.
    """
    chosen = os.environ.get(SETTING_VARIABLE) or _read_language(file or find_settings_file())
    named = chosen or next(filter(None, map(os.environ.get, LOCALE_VARIABLES)), "")
    return _primary(named) or ENGLISH


def announce_language(language: str) -> None:
    """Have the libraries that translate their own messages by gettext choose the same language."""
    os.environ["LANGUAGE"] = language


def _read_language(file: Path | None) -> str:
    with suppress(OSError, ValueError):
        if file is not None:
            language = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("language")
            return language if isinstance(language, str) else ""
    return ""


def _primary(name: str) -> str:
    """Return the language of a name of a locale, or of the first of several.

    >>> _primary("zh_CN.UTF-8")
    'zh'
    >>> _primary("en_GB:zh")
    'en'
    >>> _primary("C.UTF-8")
    'c'
    """
    first = name.partition(":")[0]
    return first.partition(".")[0].partition("_")[0].partition("-")[0].lower()
