"""Whether what a schema describes still is what readers of an earlier one expect."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def find_breaks(old: Schema, new: Schema) -> list[str]:
    """Say what of the documents that `new` describes is unlike what `old` promises.

    Both are schemas as pydantic writes them: with `$defs`, `anyOf`, and no other combinations. New
    keys are no break.

    >>> find_breaks({"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object"})
    ['$.a is no longer there']
    """
    return list(_breaks(old, new, "$", old.get("$defs", {}), new.get("$defs", {})))


def _breaks(
    old: Schema, new: Schema, path: str, old_defs: Schema, new_defs: Schema
) -> Iterator[str]:
    accepted = list(_alternatives(old, old_defs))
    for alternative in _alternatives(new, new_defs):
        found = [
            list(_breaks_of_one(each, alternative, path, old_defs, new_defs)) for each in accepted
        ]
        yield from min(found, key=len)


def _alternatives(schema: Schema, definitions: Schema) -> Iterable[Schema]:
    if "$ref" in schema:
        return _alternatives(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return [each for part in schema["anyOf"] for each in _alternatives(part, definitions)]
    return [schema]


def _breaks_of_one(
    old: Schema, new: Schema, path: str, old_defs: Schema, new_defs: Schema
) -> Iterator[str]:
    if new.get("type") not in (old.get("type"), {"number": "integer"}.get(old.get("type", ""))):
        yield f"{path} is of type {new.get('type')}, it was {old.get('type')}"
        return
    if more := _values(new) - _values(old) if _values(old) else set():
        yield f"{path} may be {', '.join(sorted(map(repr, more)))}"
    for key, part in old.get("properties", {}).items():
        if key not in new.get("properties", {}):
            yield f"{path}.{key} is no longer there"
        else:
            within = new["properties"][key]
            yield from _breaks(part, within, f"{path}.{key}", old_defs, new_defs)
    for key in sorted({*old.get("required", ())} - {*new.get("required", ())}):
        if key in new.get("properties", {}):
            yield f"{path}.{key} may be missing"
    for inner in ("items", "additionalProperties"):
        if isinstance(old.get(inner), Mapping) and isinstance(new.get(inner), Mapping):
            yield from _breaks(old[inner], new[inner], f"{path}[]", old_defs, new_defs)


def _values(schema: Schema) -> set[Any]:
    return {*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())}
