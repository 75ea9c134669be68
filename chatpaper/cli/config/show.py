"""The command that shows the settings that hold: config show."""

import re

from chatpaper.app.effective_settings import EffectiveSetting, PlainValue, list_effective
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo_data, echo_json
from chatpaper.cli.schemas.config_json import ConfigJson, SettingJson
from chatpaper.domain.errors import ExitCode
from chatpaper.domain.text.toml import quote_toml

# What TOML allows in a key without quotation marks.
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def show_settings(settings: Settings, *, as_json: bool) -> ExitCode:
    """Print all settings with their values and where they were set: `chatpaper config show`."""
    shown = list_effective(settings)
    if as_json:
        echo_json(ConfigJson(settings=tuple(map(_to_json, shown))).to_json())
        return ExitCode.DONE
    for setting in shown:
        value = setting.value if setting.is_secret else _write_value(setting.value)
        echo_data(f"{_join_key(setting)} = {value}  # {setting.origin}")
    return ExitCode.DONE


def _to_json(setting: EffectiveSetting) -> SettingJson:
    return SettingJson(
        key=_join_key(setting),
        value=setting.value,
        is_secret=setting.is_secret,
        origin=setting.origin.kind,
        place=setting.origin.place,
    )


def _join_key(setting: EffectiveSetting) -> str:
    """Return the key as it may be written in the file: `topics."World Models".phrases`."""
    return ".".join(
        part if _BARE_KEY.fullmatch(part) else quote_toml(part) for part in setting.path
    )


def _write_value(value: PlainValue) -> str:
    """Return a value as TOML writes it; `none` stands for a setting without one."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quote_toml(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_write_value, value))}]"
    if isinstance(value, dict):
        pairs = (f"{quote_toml(key)} = {_write_value(inner)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    return str(value)
