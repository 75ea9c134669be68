"""Where the settings file is looked for."""

from contextlib import suppress
from pathlib import Path

from platformdirs import user_config_path

FILE_NAME = "chatpaper.toml"


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
