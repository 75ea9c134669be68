"""The pages of the reference, made from the code: commands, settings and schemas.

`python -m tests.docs.reference_pages` writes them to docs/reference.
"""

import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from chatpaper.app.settings import ENVIRONMENT_PREFIX, LEVEL_SEPARATOR, Settings
from chatpaper.cli.help.examples import EXAMPLES
from chatpaper.cli.main import app
from chatpaper.cli.schemas.published import SCHEMAS
from tests.conftest import REPOSITORY

REFERENCE = REPOSITORY / "docs" / "reference"
_MADE = "<!-- Made by `python -m tests.docs.reference_pages`: change the code, not this page. -->"
_README = REPOSITORY / "README.md"
# Where a default is a folder of the platform.
_PLATFORM = "the platform's"


def make_pages() -> Mapping[Path, str]:
    """Make each page; its text is by the file that it belongs in."""
    return {
        REFERENCE / "commands.md": _write_page("Commands", _describe_commands()),
        REFERENCE / "settings.md": _write_page("All settings", _describe_settings()),
        REFERENCE / "schemas.md": _write_page("Schemas", _describe_schemas()),
    }


def _write_page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([f"# {title}", "", _MADE, "", *lines]).rstrip() + "\n"


def _describe_commands() -> Iterator[str]:
    """Describe the options of all commands, then each command, then the exit codes."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    yield "These options go with every command, before or after its name."
    yield ""
    yield from _describe_parameters(group)
    for name, command in sorted(walk_commands(group)):
        usage = " ".join(["chatpaper", name, *_name_arguments(command), "[OPTIONS]"])
        yield from (f"## chatpaper {name}", "", f"    {usage}", "", _escape(command.help or ""), "")
        yield from _describe_parameters(command)
        yield from (*(f"    {example}" for example in EXAMPLES[name]), "")
    yield from ("## Exit codes", "")
    text = _README.read_text("utf-8")
    begin = text.index("| exit code |")
    yield from text[begin : text.index("\n\n", begin)].splitlines()


def walk_commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all commands that do something, with their names: `config show` for one of a group."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from walk_commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _name_arguments(command: Any) -> list[str]:
    arguments = [part for part in command.params if isinstance(part, TyperArgument)]
    return [_name_value(each) if each.required else f"[{_name_value(each)}]" for each in arguments]


def _name_value(parameter: Any) -> str:
    """Name what is given to an argument or option."""
    name = parameter.metavar or parameter.opts[-1].strip("-").upper()
    repeats = isinstance(parameter, TyperArgument) and parameter.nargs != 1
    return f"{name}..." if repeats else str(name)


def _describe_parameters(command: Any) -> Iterator[str]:
    """Describe arguments and options in the rows of a table; nothing where there are none."""
    rows = [
        f"| {_name_parameter(parameter)} | {_escape(parameter.help or '')} |"
        for parameter in command.params
        if parameter.name != "help"
    ]
    if rows:
        yield from ("| | |", "|---|---|", *rows, "")


def _name_parameter(parameter: Any) -> str:
    if isinstance(parameter, TyperArgument):
        return _code(_name_value(parameter))
    names = ", ".join(_code(name) for name in parameter.opts)
    is_flag = parameter.is_flag or parameter.count
    return names if is_flag else f"{names} {_code(_name_value(parameter))}"


def _describe_settings() -> Iterator[str]:
    """Describe the keys in the order of the settings, by the headings of the file."""
    yield "This is the list of all keys; [Settings](../settings.md) tells what each means."
    yield (
        f"A key of the environment is the key in capitals behind `{ENVIRONMENT_PREFIX}`, with "
        f"`{LEVEL_SEPARATOR}` in place of the dot: `{ENVIRONMENT_PREFIX}LLM{LEVEL_SEPARATOR}MODEL`."
    )
    yield ""
    yield from ("| key | type | default |", "|---|---|---|")
    yield from (
        row for prefix, name, field in _walk(Settings) for row in [_row(prefix, name, field)]
    )


def _walk(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, FieldInfo]]:
    """Yield each key below a model, with what stands before its name."""
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        key = field.alias or name
        if inner is None:
            yield prefix, key, field
            continue
        is_table = get_origin(field.annotation) is dict
        yield from _walk(inner, f'{prefix}{key}."NAME".' if is_table else f"{prefix}{key}.")


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """Return the group of settings that a key holds, be it one or one for each name."""
    if get_origin(annotation) is dict:
        annotation = get_args(annotation)[1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _row(prefix: str, name: str, field: FieldInfo) -> str:
    return f"| `{prefix}{name}` | {_name_type(field.annotation)} | {_show_default(name, field)} |"


def _name_type(annotation: Any) -> str:
    """Name a type in the words of TOML."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " \\| ".join(_code(value) if value else '`""`' for value in inner)
    if origin in (Union, types.UnionType):
        names = (_name_type(each) for each in inner if each is not type(None))
        return " or ".join(dict.fromkeys(names))
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _name_type(inner[0])
    if origin is tuple:
        one, *rest = _name_type(inner[0]).split(" ")
        return " ".join(["list of", f"{one}s", *rest])
    if origin in (dict, Mapping):
        return "table"
    return _TYPES.get(annotation, "table")


_TYPES: Mapping[Any, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "text",
    Path: "path",
    SecretStr: "secret",
}


def _show_default(name: str, field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        if field.default_factory is None:
            return "has to be given"
        return _PLATFORM if name.endswith("_dir") else "none"
    value = field.default
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return _code(f"[{', '.join(map(_quote, value))}]")
    return _code(_quote(value))


def _quote(value: object) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _describe_schemas() -> Iterator[str]:
    """Describe the keys of the root of every published JSON, with a link to the schema."""
    yield "This is all JSON that chatpaper writes for other programs; `chatpaper schema NAME`"
    yield "prints a schema. [Python API and JSON](../api.md#json) tells what versions promise."
    yield ""
    for name, published in SCHEMAS.items():
        schema = published.to_json_schema()
        yield from (f"## {name}", "")
        yield f"{published.title}, version {published.version}:"
        yield f"[schema](../schemas/{name}.schema.json)."
        yield ""
        for kind in _list_objects(schema, schema):
            yield from ("| key | |", "|---|---|")
            for key, part in kind["properties"].items():
                yield f"| `{key}` | {_escape(part.get('description', ''))} |"
            yield ""


def _list_objects(part: Any, schema: Any) -> list[Any]:
    """Return the kinds of objects that a document, or each item of its list, may be."""
    if "$ref" in part:
        return _list_objects(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    if "properties" in part:
        return [part]
    inner = [*part.get("anyOf", ()), *([part["items"]] if "items" in part else ())]
    return [found for each in inner for found in _list_objects(each, schema)]


def _code(text: object) -> str:
    return f"`{text}`".replace("|", "\\|")


def _escape(text: str) -> str:
    """Return a text as one line of a cell of Markdown."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    for path, text in make_pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        print(path.relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
