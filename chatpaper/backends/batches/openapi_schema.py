"""Write a JSON schema in the subset of OpenAPI that Gemini's field `responseSchema` takes.

In batches the newer field `responseJsonSchema` is not safe: models were seen to answer in circles.
"""

from collections.abc import Mapping

# What has the same name there; all else is left out.
_KEPT = ("description", "enum", "minItems", "maxItems", "maxLength", "minimum", "maximum")


def to_openapi(schema: Mapping[str, object]) -> dict[str, object]:
    """Return the schema with types in capitals, and the order of properties spelt out.

    >>> to_openapi({"type": "array", "items": {"type": "string"}, "maxItems": 2})
    {'type': 'ARRAY', 'maxItems': 2, 'items': {'type': 'STRING'}}
    """
    written: dict[str, object] = {"type": str(schema.get("type", "string")).upper()}
    written |= {key: schema[key] for key in _KEPT if key in schema}
    items, properties = schema.get("items"), schema.get("properties")
    if isinstance(items, Mapping):
        written["items"] = to_openapi(items)
    if isinstance(properties, Mapping):
        written["properties"] = {name: to_openapi(part) for name, part in properties.items()}
        written["required"] = schema.get("required", list(properties))
        written["propertyOrdering"] = list(properties)
    return written
