"""Tell of each setting what holds, and where it was set; secrets are not shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

from chatpaper.app.settings import (
    Settings,
    TomlFile,
    find_key_variable,
    name_variable,
)
from chatpaper.app.settings_groups.unknown_keys import find_entry_group
from chatpaper.domain.errors import redact_credentials

OriginKind = Literal["default", "file", "environment", "flag"]
PlainValue = bool | int | float | str | list["PlainValue"] | dict[str, "PlainValue"] | None

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set: `place` is the path of a file, or the name of a variable."""

    kind: OriginKind
    place: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.place}".rstrip()


DEFAULT = Origin("default")


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A setting with what holds; of a secret only whether there is one."""

    path: tuple[str, ...]
    value: PlainValue
    is_secret: bool
    origin: Origin


def list_effective(settings: Settings) -> tuple[EffectiveSetting, ...]:
    """List all settings in the order of the reference."""
    given = [(layer, layer()) for layer in type(settings).layers]
    hide = partial(_hide, secrets=list_secrets(settings))
    return tuple(
        _describe_secret(settings, path, value, _find_origin(path, given))
        if _holds_secret(field.annotation)
        else EffectiveSetting(path, hide(to_plain(value)), False, _find_origin(path, given))
        for path, field, value in _walk(settings)
    )


def _walk(
    group: BaseModel, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo, Any]]:
    """Yield each key below a group, with its field and value."""
    for name, field in type(group).model_fields.items():
        path = (*above, field.alias or name)
        value = getattr(group, name)
        if isinstance(value, BaseModel):
            yield from _walk(value, path)
        elif find_entry_group(field.annotation):
            for key, entry in value.items():
                yield from _walk(entry, (*path, key))
        else:
            yield path, field, value


def _find_origin(
    path: tuple[str, ...], given: list[tuple[PydanticBaseSettingsSource, dict[str, Any]]]
) -> Origin:
    """Find the first layer that has a value for the key."""
    for layer, values in given:
        if _has_key(values, path):
            return _name_layer(layer, path)
    return DEFAULT


def _has_key(values: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        if not isinstance(values, Mapping) or key not in values:
            return False
        values = values[key]
    return True


def _name_layer(layer: PydanticBaseSettingsSource, path: tuple[str, ...]) -> Origin:
    if isinstance(layer, TomlFile):
        return Origin("file", str(Path(layer.path or "").absolute()))
    if isinstance(layer, EnvSettingsSource):
        return Origin("environment", _name_variable(layer, path))
    return Origin("flag")


def _name_variable(layer: EnvSettingsSource, path: tuple[str, ...]) -> str:
    """Name the variable that holds a key: its own, or that of a group, which holds JSON."""
    names = (name_variable(path[:depth]) for depth in range(len(path), 0, -1))
    return next(name for name in names if name.lower() in layer.env_vars)


def _holds_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(map(_holds_secret, get_args(annotation)))


def _describe_secret(
    settings: Settings, path: tuple[str, ...], value: Any, origin: Origin
) -> EffectiveSetting:
    """Tell whether there is a secret; keys are looked for in the variables of their makers, too."""
    if not value and path == ("llm", "api_key"):
        variable = find_key_variable(settings.llm.backend)
        value, origin = variable, Origin("environment", variable) if variable else origin
    return EffectiveSetting(path, "set" if value else "not set", True, origin)


def list_secrets(settings: Settings) -> list[str]:
    """List the texts of all secrets; an address may repeat one."""
    found = [
        secret.get_secret_value()
        for _, field, value in _walk(settings)
        if _holds_secret(field.annotation)
        for secret in (value if isinstance(value, tuple) else (value,))
        if secret is not None
    ]
    return [*found, *filter(None, (settings.api_key, settings.fallback_api_key))]


def to_plain(value: Any) -> PlainValue:
    """Return a value as JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _hide(value: PlainValue, secrets: list[str]) -> PlainValue:
    """Return a value without the secrets, names and passwords that its texts hold."""
    if isinstance(value, dict):
        return {key: _hide(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hide(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
        return redact_credentials(value)
    return value
