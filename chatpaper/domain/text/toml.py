"""Write values as TOML; the standard library only reads it."""

import json

# TOML forbids it in a string, and JSON does not.
_DELETE = "\x7f"


def quote_toml(text: str) -> str:
    """Return text as a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
