"""The command that prints the schemas of JSON: schema."""

from difflib import get_close_matches

from chatpaper.cli.console import echo_json
from chatpaper.cli.schemas.published import SCHEMAS
from chatpaper.domain.errors import ConfigError, ExitCode


def print_schema(name: str | None) -> ExitCode:
    """Print a published JSON Schema.

    Raises ConfigError for a name that is missing or unknown.
    """
    names = ", ".join(SCHEMAS)
    if name is None:
        raise ConfigError(f"Name a schema: {names}.")
    if name not in SCHEMAS:
        near = get_close_matches(name, SCHEMAS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigError(f"Unknown schema {name!r}; there are {names}.{hint}")
    echo_json(SCHEMAS[name].to_json_schema())
    return ExitCode.DONE
