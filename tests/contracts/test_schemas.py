"""The published JSON Schemas: what they promise, and that the promise is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chatpaper.cli.schemas.published import SCHEMAS
from tests.contracts.compatibility import find_breaks
from tests.contracts.validation import find_violations

SNAPSHOTS = Path(__file__).parent / "snapshots"
COPIES = Path(__file__).parents[2] / "docs" / "schemas"

# The keys that other programs have been promised, whatever else is added.
PROMISED: dict[str, dict[str, set[str]]] = {
    "run-report": {
        "$": {"run_id", "started", "finished", "exit_code", "topics", "papers", "totals"},
        "topics": {"name", "query", "found", "published", "excluded", "failed", "post"},
        "papers": {
            *("arxiv_id", "version", "title", "topics", "status", "stage", "reason", "warnings"),
            *("llm_calls", "input_tokens", "output_tokens", "cost_usd", "seconds"),
        },
        "totals": {"llm_calls", "input_tokens", "output_tokens", "cost_usd", "seconds"},
    },
    "extraction": {
        "$": {
            *("title", "abstract", "pages", "sections", "figures", "references", "links"),
            *("hidden_text", "warnings"),
        },
        "sections": {"number", "title", "level", "page", "text"},
        "figures": {"label", "kind", "caption", "page", "bbox", "image"},
        "references": {"page", "count"},
        "hidden_text": {"page", "text"},
    },
    "check": {
        "$": {"claims", "supported", "unsupported"},
        "claims": {"kind", "value", "line", "supported", "page", "section", "snippet"},
    },
    "post": {
        "$": {"date", "topic", "format", "papers"},
        "papers": {
            *("arxiv_id", "title", "summary", "evidence", "coverage", "figures", "model"),
            *("prompt_fingerprint", "input_tokens", "output_tokens", "cost_usd"),
        },
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_copy_of_a_schema_is_up_to_date(name: str) -> None:
    schema = SCHEMAS[name].to_json_schema()
    copy = json.loads((COPIES / f"{name}.schema.json").read_text("utf-8"))
    breaks = find_breaks(copy, schema)
    assert not breaks or copy["$id"] != schema["$id"], (
        f"Readers of {name} may break: {breaks}. Undo that, or raise the version of the schema in "
        "chatpaper/cli/schemas/published.py."
    )
    assert schema == copy, (
        f"The schema of {name} has changed: `chatpaper schema {name} > "
        f"docs/schemas/{name}.schema.json` makes its copy again."
    )


def test_every_copy_is_of_a_schema() -> None:
    assert {path.name for path in COPIES.iterdir()} == {f"{name}.schema.json" for name in SCHEMAS}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_describes_every_key(name: str) -> None:
    schema = SCHEMAS[name].to_json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["$id"].endswith(f"/{name}/{SCHEMAS[name].version}")
    objects = [schema, *schema.get("$defs", {}).values()]
    undescribed = [
        key
        for each in objects
        for key, part in each.get("properties", {}).items()
        if not part.get("description")
    ]
    assert not undescribed


@pytest.mark.parametrize("name", PROMISED)
def test_the_keys_that_were_promised_are_required(name: str) -> None:
    for key, promised in PROMISED[name].items():
        (required, *_) = sorted(_required(SCHEMAS[name].to_json_schema(), key), key=len)[::-1]
        assert required >= promised, key


def _required(schema: Any, key: str) -> Iterator[set[str]]:
    """Return the required keys of the root, or of the objects under one of its keys."""
    for root in _objects(schema, schema):
        found = [root] if key == "$" else _objects(root["properties"].get(key, {}), schema)
        yield from ({*each["required"]} for each in found)


def _objects(part: Any, schema: Any) -> list[Any]:
    if "$ref" in part:
        return _objects(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    inner = [*part.get("anyOf", ()), *([part["items"]] if "items" in part else ())]
    found = [each for one in inner for each in _objects(one, schema)]
    return [*found, *([part] if "properties" in part else ())]


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        ("post", "post"),
        ("run-report", "run-report"),
        ("run-report", "run-report-empty"),
        ("status", "status"),
        ("status", "status-empty"),
        ("check", "check"),
        ("check", "check-verified"),
    ],
)
def test_what_is_written_is_as_its_schema_says(name: str, snapshot: str) -> None:
    document = json.loads((SNAPSHOTS / f"{snapshot}.json").read_text("utf-8"))
    assert find_violations(name, document) == []
    assert find_violations(name, document | {"another": 1})
    schema = SCHEMAS[name].to_json_schema()
    assert Draft202012Validator(schema).is_valid(document | {"another": 1})


def test_a_paper_that_an_earlier_version_wrote_is_exported_with_fewer_keys() -> None:
    paper = json.loads((SNAPSHOTS / "post-paper-bare.json").read_text("utf-8"))
    added = {"date": "2026-11-22", "topics": [], "posts": ["2026-11-22/notes.md"]}
    assert find_violations("exported-paper", paper | added) == []
    del paper["verification"], paper["coverage"]
    assert find_violations("exported-paper", paper | added) == []
    assert find_violations("post", {"papers": [paper]})


@pytest.mark.parametrize(
    ("new", "breaks"),
    [
        ({"b": {"type": "integer"}, "c": {"type": "null"}}, []),
        ({}, ["$.b is no longer there"]),
        ({"b": {"type": "string"}}, ["$.b is of type string, it was number"]),
        (
            {"b": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
            ["$.b is of type null, it was number"],
        ),
    ],
)
def test_what_breaks_readers_is_told_from_what_is_added(new: Any, breaks: list[str]) -> None:
    old = {"type": "object", "properties": {"b": {"type": "number"}}, "required": ["b"]}
    changed = {"type": "object", "properties": new, "required": list(new)}
    assert find_breaks(old, changed) == breaks


def test_values_that_were_not_possible_break_readers() -> None:
    one, two = {"const": "a", "type": "string"}, {"enum": ["a", "b"], "type": "string"}
    assert find_breaks(one, two) == ["$ may be 'b'"]
    assert find_breaks(two, one) == []
