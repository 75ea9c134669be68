"""Where the settings file is looked for, and what it says."""

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from chatpaper.domain.errors import ConfigError

FILE_NAME = "chatpaper.toml"
# A path of Windows between double quotes, where TOML reads a backslash as the beginning of an
# escape.
_BACKSLASH_IN_QUOTES = re.compile(r'^[^"\n]*"[^"\n]*\\[^"\n]*"', re.MULTILINE)
_BACKSLASH_HINT = r" Write paths with a backslash in single quotes: output_dir = 'D:\blog\posts'."


def find_settings_file() -> Path | None:
    """Find `./chatpaper.toml`, else the file in the user's config folder; None without either."""
    here = Path(FILE_NAME)
    return here if here.is_file() else find_user_file()


def find_user_file() -> Path | None:
    """Find the settings file in the user's config folder; None without one."""
    with suppress(RuntimeError):  # a user without a home folder has no config folder either
        place = user_config_path("chatpaper") / FILE_NAME
        return place if place.is_file() else None
    return None


def parse_settings_file(path: Path) -> dict[str, Any]:
    """Return what a settings file says, whatever its keys.

    Raises ConfigError where it cannot be read or is not TOML.
    """
    try:
        # Editors of Windows put a byte order mark in front.
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"The settings file {path} is not UTF-8 text: {error}. Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        hint = _BACKSLASH_HINT if _BACKSLASH_IN_QUOTES.search(text) else ""
        raise ConfigError(f"The settings file {path} is not valid TOML: {error}.{hint}") from error
