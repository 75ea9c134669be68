"""The shape of an answer: one pydantic model made of the fields.

It is sent as JSON schema, with the numbers of items that are wanted, and used to read the answer,
whose lists may have more or fewer: an item too many is no reason to pay for another answer. The
schema is flat and plain (no references, titles or length limits on strings): Gemini refuses deep or
intricate ones, and local servers turn it into a grammar.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from chatpaper.domain import Claim, Field, FieldAnswer, FieldKind, Result

# A run asks for the fields of its formats, and again for those that failed a check.
_MODELS_KEPT = 64

_TOLERANT = ConfigDict(extra="ignore", frozen=True)


class ClaimAnswer(BaseModel):
    """The words of the paper that prove a statement, and the statement.

    The quote comes first: a model that has copied a sentence states what stands there, while one
    that has stated something looks for words to prove it, and makes them up.
    """

    model_config = _TOLERANT

    quote: str
    text: str


class FigureAnswer(BaseModel):
    """A statement about a figure or table, which it names by its label."""

    model_config = _TOLERANT

    label: str
    text: str


class ResultAnswer(BaseModel):
    """A measured result: what was measured on what, and the value it is compared with."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    task: str
    data_set: str
    metric: str
    ours: str
    baseline: str
    baseline_name: str
    source: str


@lru_cache(maxsize=_MODELS_KEPT)
def answer_model(fields: tuple[Field, ...]) -> type[BaseModel]:
    """Make the pydantic model of an answer to `fields`."""
    annotations: dict[str, Any] = {field.name: (_annotation(field), ...) for field in fields}
    return create_model("Answer", __config__=_TOLERANT, **annotations)


def build_json_schema(fields: Sequence[Field]) -> dict[str, object]:
    """Return the JSON schema of an answer to `fields`.

    All references are replaced by what they refer to.
    """
    schema = answer_model(tuple(fields)).model_json_schema()
    definitions = schema.pop("$defs", {})
    plain = cast(dict[str, Any], _plain(schema, definitions))
    for field in fields:
        plain["properties"][field.name] = _bound(field, plain["properties"][field.name])
    return plain


def read_answers(
    answer: Mapping[str, object], fields: Sequence[Field]
) -> tuple[dict[str, FieldAnswer], dict[str, str]]:
    """Return the answers that fit their field, and a complaint for each other field.

    Unknown keys are left aside. How many items a list has is not looked at.
    """
    known = {field.name: answer[field.name] for field in fields if field.name in answer}
    complaints = {
        field.name: f"{field.name}: is missing" for field in fields if field.name not in answer
    }
    answered = [field for field in fields if field.name in known]
    try:
        answer_model(tuple(answered)).model_validate(known)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            place = ".".join(str(step) for step in fault["loc"])
            complaints.setdefault(str(fault["loc"][0]), f"{place}: {fault['msg']}")
    fitting = [field for field in answered if field.name not in complaints]
    model = answer_model(tuple(fitting)).model_validate({f.name: known[f.name] for f in fitting})
    return {field.name: _frozen(getattr(model, field.name)) for field in fitting}, complaints


def _annotation(field: Field) -> Any:
    if field.kind in ("text", "choice"):
        # Whether a choice is in the vocabulary is checked as everything else is: the complaint can
        # say what is asked.
        return str
    return _LISTS.get(field.kind, list[str])


def _bound(field: Field, schema: Mapping[str, object]) -> dict[str, object]:
    """Return the schema of a list with the least and the greatest number of its items."""
    if schema["type"] != "array":
        return dict(schema)
    least = {"minItems": field.min_items} if field.min_items else {}
    return {"items": schema["items"], "maxItems": field.max_items, **least, "type": "array"}


_LISTS: Mapping[FieldKind, object] = {
    "claims": list[ClaimAnswer],
    "figures": list[FigureAnswer],
    "results": list[ResultAnswer],
}


def _frozen(value: object) -> FieldAnswer:
    if isinstance(value, list):
        return tuple(map(_frozen_item, value))
    return cast(str, value).strip()


def _frozen_item(item: ClaimAnswer | FigureAnswer | ResultAnswer | str) -> Any:
    if isinstance(item, ClaimAnswer):
        return Claim(item.text.strip(), item.quote.strip())
    if isinstance(item, FigureAnswer):
        return Claim(item.text.strip(), section=item.label.strip())
    if isinstance(item, ResultAnswer):
        return Result(**{name: cell.strip() for name, cell in item.model_dump().items()})
    return item.strip()


def _plain(schema: object, definitions: Mapping[str, object]) -> object:
    if isinstance(schema, list):
        return [_plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "properties" in schema:
        properties = {
            name: _plain(part, definitions) for name, part in schema["properties"].items()
        }
        return {"type": "object", "properties": properties, "required": list(properties)}
    return {
        key: _plain(value, definitions)
        for key, value in schema.items()
        if key not in ("title", "description")
    }
