"""The base of the JSON documents that other programs read."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

# Python writes the sum of no costs as `0` and that of some as `0.5`; JSON knows one kind of number.
Number = Annotated[int | float, WithJsonSchema({"type": "number"})]

# As `isoformat` writes it; pydantic would write `Z` in place of `+00:00`.
Timestamp = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date"})]


class JsonModel(BaseModel):
    """An object of a JSON document whose keys are a contract.

    The order of the fields is that of the keys. A key that is not a field cannot be written. A
    field with a default was not there in earlier versions; it is always written.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        # `--json` writes what `json.dumps` does.
        ser_json_inf_nan="constants",
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def from_value(cls, value: object) -> Self:
        """Take the fields from the attributes of `value` that have their names."""
        return cls.model_validate(value, from_attributes=True)

    @classmethod
    def from_json(cls, content: object) -> Self:
        """Read what some version of chatpaper wrote; keys that this one does not know are ignored.

        Raises pydantic's ValidationError, a ValueError.
        """
        return cls.model_validate(content, extra="ignore")

    def to_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes, in the order of the fields."""
        return self.model_dump(mode="json")
