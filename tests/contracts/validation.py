"""Every JSON that a test writes or prints, held against its published schema."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

from chatpaper.cli.schemas.published import SCHEMAS

# The schemas of what commands print with `--json`.
PRINTED = {
    "ask": "ask",
    "check": "check",
    "config": "config",
    "lint": "lint",
    "overview": "overview",
    "backfill": "backfill",
    "retry": "retry",
    "run": "run-report",
    "status": "status",
    "summarize": "run-report",
    "topics": "topics",
}
# By these keys a document is told from others, such as the metadata of a folder.
WRITTEN = {
    "overview": {"date", "since", "until", "themes"},
    "post": {"date", "topic", "format", "papers"},
    "run-report": {"run_id", "topics", "papers", "totals"},
}
MAX_COMPLAINTS = 5


@cache
def validator(name: str) -> Draft202012Validator:
    """Compile a schema that forbids keys that it does not describe."""
    schema = SCHEMAS[name].to_json_schema(closed=True)
    return Draft202012Validator(schema, validate_formats=True)


def find_violations(name: str, document: object) -> list[str]:
    """Say where a document departs from a schema."""
    return [
        f"{_path_to(error.instance_path)}: {error.message[:200]}"
        for error in islice(validator(name).iter_errors(document), MAX_COMPLAINTS)
    ]


def _path_to(steps: Sequence[str | int]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def find_violations_in(folder: Path) -> Iterator[str]:
    """Say where the JSON files below a folder depart from their schemas."""
    for file in sorted(folder.rglob("*.json")):
        # Tests of hostile folders make pipes, which would be read for ever.
        if not file.is_file():
            continue
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for violation in _find_violations_of_text(text):
            yield f"{file.relative_to(folder)}: {violation}"


def find_violations_printed(arguments: Sequence[str], printed: str) -> list[str]:
    """Say where what a command printed with `--json` departs from its schema."""
    name = next((PRINTED[argument] for argument in arguments if argument in PRINTED), None)
    if name is None or "--json" not in arguments or not printed.strip():
        return []
    return find_violations(name, json.loads(printed))


@cache
def _find_violations_of_text(text: str) -> tuple[str, ...]:
    """Look at a text once: tests write many posts that are the same."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    name = _schema_name(document)
    return tuple(find_violations(name, document)) if name else ()


def _schema_name(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    if "source" in document and ("sections" in document or "error" in document):
        return "extraction"
    return next((name for name, keys in WRITTEN.items() if document.keys() >= keys), None)
