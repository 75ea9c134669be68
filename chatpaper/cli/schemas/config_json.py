"""What `chatpaper config show --json` prints."""

from pydantic import Field, JsonValue

from chatpaper.app.effective_settings import OriginKind
from chatpaper.domain.json_model import JsonModel


class SettingJson(JsonModel):
    """A setting that holds."""

    key: str = Field(description="Key as the file has it, e.g. `llm.model`")
    value: JsonValue = Field(description="Value; null for none. Of a secret, `set` or `not set`")
    is_secret: bool = Field(description="Whether it is a key or password, whose text is not shown")
    origin: OriginKind = Field(description="Where the value was set")
    place: str = Field(description="Path of the file, or name of the variable; empty for others")


class ConfigJson(JsonModel):
    """All settings that hold."""

    settings: tuple[SettingJson, ...] = Field(description="Settings in the order of the reference")
