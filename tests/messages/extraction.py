"""Read from the source what chatpaper says to people, as templates for the catalogues.

A message is a text that is handed to one of the functions or errors below, or returned by a
function of the command line. Texts that are put together of parts, as `f"{path} is damaged{hint}"`,
become one template for each form that they may take, so that translators see whole sentences. What
is only known when the program runs is a placeholder, named after the expression.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "chatpaper"

# What is handed to these is shown to people.
SPEAKERS = frozenset(
    [
        "Action",
        "Advice",
        "Alert",
        "CheckResult",
        "Exclusion",
        "Failure",
        "FoundSite",
        "Relevance",
        "_incomplete",
        "_reported_as",
        "make_start_error",
        "Typer",
        "Violation",
        "_phrase_check",
        "_with_notes",
        "echo",
        "echo_error",
        "queued",
        "show_table",
        "confirm",
        "BadParameter",
        "Option",
        "Argument",
        "ValueError",
        "translate",
        "_agree",
        "_check",
        "_day_option",
    ]
)
# Errors of programming, and such as other code catches and says otherwise.
SILENT_ERRORS = frozenset(
    [
        "AssertionError",
        "AttributeError",
        "ConstructorError",
        "DefectError",
        "KeyError",
        "NotImplementedError",
        "TypeError",
    ]
)
# Arguments by name that are no text for people, and such as are whatever they are handed to.
SILENT_KEYWORDS = frozenset(
    ["metavar", "name", "url", "path", "model", "reason", "kind", "epilog", "style", "complaints"]
)
SPEAKING_KEYWORDS = frozenset(["notes", "explanation", "nothing_announced", "warning", "warnings"])
# Outside the command line, functions of these names return texts for people.
SPEAKING_FUNCTIONS = re.compile(
    r"_?(?:explain|describe|suggest|check|reason_not|say)(?:_|$)|__str__$"
)
# Tables whose texts are shown, and kinds whose names are, by the end of the path of their module.
TABLES: Mapping[str, tuple[str, ...]] = {
    "backends/errors/errors.py": ("_REJECTIONS",),
    "pipeline/batches/endings.py": ("REASONS",),
    "extract/pdf/reader.py": ("_ADVICE",),
    "operations/alerts.py": ("_FAULTY_ENDS", "_FATAL_EXITS"),
    "cli/topics/listing.py": ("ORIGINS",),
    "cli/help/examples.py": ("HEADING",),
    "cli/status.py": ("NIGHT_COLUMNS",),
}
KINDS: Mapping[str, tuple[str, ...]] = {
    "domain/verdicts.py": ("VerdictKind",),
    "pipeline/report/run_report.py": ("Stage",),
    "storage/papers/outcomes.py": ("Status",),
    "storage/run_history.py": ("TopicRunStatus",),
    "summarize/verify/claims/claim.py": ("ClaimKind",),
}
# The days of the week, which dates are written with.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What systems say of files, and pydantic of settings.
FAULTS = (
    "Address already in use",
    "Cannot assign requested address",
    "File exists",
    "File name too long",
    "Input should be a valid boolean, unable to interpret input",
    "Input should be a valid dictionary",
    "Input should be a valid integer",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a valid string",
    "Input should be a valid tuple",
    "Input should be greater than or equal to {minimum}",
    "Input should be greater than {minimum}",
    "Input should be less than or equal to {maximum}",
    "Input should be {choices}",
    "Is a directory",
    "No space left on device",
    "No such file or directory",
    "Not a directory",
    "Permission denied",
    "Read-only file system",
)
# What Typer says of usage and help.
LIBRARY_MESSAGES = (
    "Aborted!",
    "Aborted.",
    "Arguments",
    "Commands",
    "Error",
    "Install completion for the current shell.",
    "Invalid value for {hint}: {message}",
    "Invalid value: {message}",
    "Missing argument {hint}.",
    "Missing command.",
    "Missing option {hint}.",
    "No such command {name}.",
    "No such option: {name}",
    "No such option: {name} (Possible options: {options})",
    "No such option: {name} Did you mean {options}?",
    "Option {name} does not take a value.",
    "Option {name} requires an argument.",
    "Got unexpected extra argument ({arguments})",
    "Got unexpected extra arguments ({arguments})",
    "Got unexpected extra argument(s) ({arguments})",
    "Options",
    "Show completion for the current shell, to copy it or customize the installation.",
    "Show this message and exit.",
    "Try [blue]'{command_path} {help_option}'[/] for help.",
    "[default: {}]",
    "[required]",
    "{value} is not a valid int.",
    "{value} is not a valid integer.",
    "{value} is not in the range {range}.",
)
MAX_FORMS = 24
TEXT_TYPES = ("str", "Iterator[str]", "Iterable[str]", "tuple[str, ...]", "list[str]")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_VERBATIM = re.compile(r"\{\w*\}|`[^`]*`|https?://\S+|chatpaper(?=[ {])")


@dataclass(frozen=True)
class Module:
    """A file of the package."""

    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.path.read_text("utf-8"))

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """The values that are assigned at its top, by name."""
        return {
            target.id: node.value
            for node in self.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions at its top, by name."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def imported(self) -> dict[str, "Module"]:
        """The modules of the package that names come from."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chatpaper."):
                path = REPOSITORY / f"{(node.module or '').replace('.', '/')}.py"
                if path.is_file():
                    found.update({alias.name: Module(path) for alias in node.names})
        return found


@dataclass(frozen=True)
class Scope:
    """What the names in a function stand for, as far as they stand for texts."""

    module: Module
    function: ast.FunctionDef | None = None
    above: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def local(self) -> dict[str, list[ast.expr]]:
        """The values that are assigned to each local name."""
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.function) if self.function else ():
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for name, value in _pair(target, node.value):
                        found.setdefault(name, []).append(value)
            elif isinstance(node, ast.NamedExpr):
                found.setdefault(node.target.id, []).append(node.value)
        return found

    def expand(self, node: ast.expr) -> list[str]:
        """Return the forms that a text may take; none where it is only known at run time."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            return self._join(node.values)
        if isinstance(node, ast.IfExp):
            return [*self.expand(node.body), *self.expand(node.orelse)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            is_text = self.expand(node.left) or self.expand(node.right)
            return self._join([node.left, node.right]) if is_text else []
        if isinstance(node, ast.Name):
            return self._expand_name(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._expand_call(node.func.id)
        return []

    def _join(self, parts: Iterable[ast.expr]) -> list[str]:
        """Return the forms of a text of several parts, each with what its names stand for."""
        forms: list[list[tuple[str, str]]] = []
        for number, part in enumerate(parts):
            value = part.value if isinstance(part, ast.FormattedValue) else part
            is_formatted = isinstance(part, ast.FormattedValue) and part.format_spec is not None
            inner = [] if is_formatted else self.expand(value)
            # `{name!r}` and `{name}` are the same thing, and different texts.
            own = (f"{{{_name(value)}}}", ast.dump(part))
            forms.append([(text, f"part {number}") for text in inner] or [own])
        texts = [_combine(chosen) for chosen in product(*forms)]
        assert len(texts) <= MAX_FORMS, f"{self.module.path}: too many forms of {texts[0]}"
        return texts

    def _expand_name(self, name: str) -> list[str]:
        if name in self.above:
            return []
        inner = Scope(self.module, self.function, self.above | {name})
        if name in self.local:
            return _collect(inner.expand(value) for value in self.local[name])
        if name in self.module.constants:
            return Scope(self.module).expand(self.module.constants[name])
        if name in self.module.imported and name.isupper():
            return Scope(self.module.imported[name]).expand(ast.Name(name))
        return []

    def _expand_call(self, name: str) -> list[str]:
        module = self.module.imported.get(name, self.module)
        function = module.functions.get(name)
        if function is None or name in self.above or not _returns(function, ("str",)):
            return []
        inner = Scope(module, function, self.above | {name})
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        texts = _collect(inner.expand(value) for value in returned if value is not None)
        # A whole message is translated by itself, wherever it stands.
        is_whole = all(re.match(r"[\w{]", text) for text in texts)
        return [] if is_whole and SPEAKING_FUNCTIONS.match(name) else texts


def _pair(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=False):
            yield from _pair(each, part)


def _collect(forms: Iterable[list[str]]) -> list[str]:
    """Return all forms of a text, if all are known and some say anything."""
    found = list(forms)
    texts = [text for each in found for text in each]
    return texts if all(found) and any(texts) else []


def _combine(parts: Iterable[tuple[str, str]]) -> str:
    """Join parts, and number the placeholders that have one name and stand for different things."""
    owners: dict[str, str] = {}
    texts = []
    for text, owner in parts:

        def rename(found: re.Match[str], owner: str = owner) -> str:
            name, number = found[1], 2
            # Within an expanded part, a name stands for one thing.
            meant = owner if not owner.startswith("part ") else f"{owner} {name}"
            while owners.setdefault(name, meant) != meant:
                name, number = f"{found[1]}{number}", number + 1
            return f"{{{name}}}"

        texts.append(re.sub(r"\{(\w+)\}", rename, text))
    return "".join(texts)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower()
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_").lower()
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "replace", "strip"):
            return _name(node.args[0]) if node.func.attr == "join" else _name(node.func.value)
        arguments = [each for each in node.args if not isinstance(each, ast.Constant)]
        return _name(arguments[0]) if arguments else _name(node.func)
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.BoolOp):
        return _name(node.values[0])
    if isinstance(node, ast.IfExp):
        return _name(node.body)
    if isinstance(node, ast.BinOp):
        return _name(node.left)
    return "value"


def _returns(function: ast.FunctionDef | None, kinds: tuple[str, ...]) -> bool:
    return (
        function is not None
        and function.returns is not None
        and ast.unparse(function.returns) in kinds
    )


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_speaker(node: ast.Call) -> bool:
    name = _called(node)
    return (
        name in SPEAKERS
        or (name.endswith("Error") and name not in SILENT_ERRORS)
        or ast.unparse(node.func) == "notes.append"
    )


def extract_messages() -> dict[str, list[str]]:
    """Return the templates of the package, each with the files that it stands in."""
    found: dict[str, list[str]] = {text: ["typer"] for text in LIBRARY_MESSAGES}
    found |= {text: ["datetime"] for text in WEEKDAYS}
    found |= {text: ["pydantic"] for text in FAULTS}
    found |= {name: [place] for place, name in _list_kinds()}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(REPOSITORY).as_posix()
        for text in map(str.strip, _read(Module(path), place)):
            if is_message(text, place) and place not in found.setdefault(text, []):
                found[text].append(place)
    return found


def _list_kinds() -> Iterator[tuple[str, str]]:
    """List the names of kinds as they are shown, each with its file."""
    for place, names in KINDS.items():
        module = Module(PACKAGE / place)
        for node in (part for name in names for part in ast.walk(_find(module, name))):
            if isinstance(node, ast.Constant) and node.value:
                yield f"chatpaper/{place}", str(node.value).replace("_", " ")


def is_message(text: str, place: str) -> bool:
    """Return whether anything of a text is to be translated: not so of names, commands and URLs."""
    if " " not in text and (not place.startswith("chatpaper/cli/") or text.startswith("-")):
        return False
    return bool(_LETTERS.search(_VERBATIM.sub("", text)))


def _read(module: Module, place: str) -> Iterator[str]:
    yield from _read_part(module, module.tree, None, place)
    for ending, names in TABLES.items():
        if place.endswith(ending):
            for node in (part for name in names for part in _list_texts(_find(module, name))):
                # Tables are filled by `format`, which takes conversions, too.
                yield from (
                    re.sub(r"\{(\w+)!\w\}", r"{\1}", text) for text in Scope(module).expand(node)
                )


def _list_texts(node: ast.expr) -> Iterator[ast.expr]:
    """List the texts of a table, without its keys."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _list_texts(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _list_texts(value)
    elif isinstance(node, ast.Call):
        for value in node.args:
            yield from _list_texts(value)
    else:
        yield node


def _find(module: Module, name: str) -> ast.expr:
    """Find the value of a name at the top of a module."""
    annotated = (
        node.value
        for node in module.tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value
    )
    return next(annotated, None) or module.constants[name]


def _read_part(
    module: Module, part: ast.AST, function: ast.FunctionDef | None, place: str
) -> Iterator[str]:
    for node in ast.iter_child_nodes(part):
        scope = Scope(module, function)
        if isinstance(node, ast.FunctionDef):
            if _is_command(node):
                yield " ".join(inspect.cleandoc(ast.get_docstring(node) or "").split())
            yield from _read_part(module, node, node, place)
            continue
        if isinstance(node, ast.Call):
            yield from _read_call(scope, node)
        elif isinstance(node, ast.BoolOp) and _is_speaking(function, place):
            # What is said where there is no value: `topic or "single papers"`.
            yield from scope.expand(node.values[-1])
        elif isinstance(node, ast.AnnAssign) and isinstance(part, ast.ClassDef) and node.value:
            if part.name in SPEAKERS:
                yield from scope.expand(node.value)
        elif (
            isinstance(node, ast.Return | ast.Yield)
            and node.value
            and _is_speaking(function, place)
            and _returns(function, TEXT_TYPES)
        ):
            yield from _texts_of(scope, node.value)
        yield from _read_part(module, node, function, place)


def _is_speaking(function: ast.FunctionDef | None, place: str) -> bool:
    return place.startswith("chatpaper/cli/") or (
        function is not None and SPEAKING_FUNCTIONS.match(function.name) is not None
    )


def _read_call(scope: Scope, node: ast.Call) -> Iterator[str]:
    is_speaker = _is_speaker(node)
    for argument in node.args if is_speaker else ():
        yield from _texts_of(scope, argument)
    for keyword in node.keywords:
        if keyword.arg in SPEAKING_KEYWORDS or (is_speaker and keyword.arg not in SILENT_KEYWORDS):
            yield from _texts_of(scope, keyword.value)


def _texts_of(scope: Scope, node: ast.expr) -> list[str]:
    """Return the texts of an argument, be it one or several."""
    if isinstance(node, ast.Tuple | ast.List):
        return [text for each in node.elts for text in _texts_of(scope, each)]
    if isinstance(node, ast.IfExp) and isinstance(node.orelse, ast.List):
        return [*_texts_of(scope, node.body), *_texts_of(scope, node.orelse)]
    if isinstance(node, ast.BoolOp):
        return scope.expand(node.values[-1])
    if isinstance(node, ast.ListComp):
        return scope.expand(node.elt)
    if isinstance(node, ast.Lambda):
        return _texts_of(scope, node.body)
    return scope.expand(node)


def _is_command(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Call) and _called(decorator) in ("command", "callback")
        for decorator in node.decorator_list
    )


if __name__ == "__main__":
    for text, places in extract_messages().items():
        print(f"{places[0]}: {text!r}")
