"""Count what makes a package hard or easy to read.

python -m tests.style.counts [PACKAGE ...]

PACKAGE is the folder of a Python package, by default this project's own; give two checkouts to
compare them. Each count is taken from the syntax trees of the files, but for the form of
docstrings, which Ruff judges.
"""

import argparse
import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from ruff import find_ruff_bin

PACKAGE = Path(__file__).parents[2] / "chatpaper"
VERBS = frozenset((Path(__file__).parent / "verbs.txt").read_text(encoding="utf-8").split())

LINE_LENGTH = 100
MAX_PARAMETERS = 6
MAX_CLASS_LINES = 150
MAX_FILES = 14
MAX_FILE_LINES = 400

# A function that answers yes or no begins with one of these, or with a verb in the third person.
PREDICATES = frozenset(
    (Path(__file__).parent / "predicates.txt").read_text(encoding="utf-8").split()
)
# Functions that convert or compare are named by what they make or lack, as in the standard library.
PREPOSITIONS = frozenset(("as", "to", "from", "without", "with"))

# How a string begins that is a statement of SQL.
SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|REPLACE INTO|VACUUM"
    r"|WITH [a-z_]+ AS)\b"
)
# Without one of these words a file has no statement, and its tree need not be read for one.
WORDS_OF_SQL = re.compile(SQL.pattern.removeprefix(r"\s*"))
# The first letters of the blocks that Chinese and Japanese are written in, as escapes or letters.
SCRIPT_RANGE = re.compile(
    r"\\u(?:3040|3041|30a0|30a1|3400|4e00)|\\p\{(?:Han|Hiragana|Katakana)|[一぀ぁァ㐀]-",
    re.IGNORECASE,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file of a package."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of its syntax tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """All functions and methods, nested ones too."""
        return tuple(node for node in self.nodes if isinstance(node, Function))

    @cached_property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        """All classes."""
        return tuple(node for node in self.nodes if isinstance(node, ast.ClassDef))

    @property
    def line_count(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a package; lines are physical ones, shares are percentages."""

    files: int
    lines: int
    top_level_entries: int
    most_files_in_a_folder: int
    folders_over_14_files: int
    file_lines_median: float
    file_lines_max: int
    files_over_400_lines: int
    functions: int
    function_lines_median: float
    function_lines_p90: float
    function_lines_max: int
    functions_over_6_parameters: int
    classes_over_150_lines: int
    public_functions: int
    public_functions_named_by_verb_percent: float
    docstrings: int
    docstrings_not_imperative: int
    callable_aliases: int
    modules_with_sql_outside_storage: int
    modules_that_define_scripts: int
    lines_over_100_characters: int
    silenced_checks: int


def read_sources(package: Path) -> tuple[Source, ...]:
    """Read the Python files of a package."""
    paths = sorted(package.rglob("*.py"))
    return tuple(Source(path, path.read_text(encoding="utf-8")) for path in paths)


def count_lines(node: Function | ast.ClassDef) -> int:
    """Count the lines of a definition, without its decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def count_parameters(function: Function) -> int:
    """Count the parameters that a caller may give; `self` and `cls` are none."""
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def is_command(function: Function) -> bool:
    """Tell whether a function is a command, whose parameters are the options of its users."""
    return any("command" in ast.unparse(each) for each in function.decorator_list) or any(
        "callback" in ast.unparse(each) for each in function.decorator_list
    )


def is_named_by_verb(name: str) -> bool:
    """Return whether a name says what a function does, converts to, or answers by yes or no."""
    first = name.split("_", maxsplit=1)[0]
    is_conversion = "_to_" in name or "_from_" in name
    return is_conversion or name == "main" or first in VERBS | PREDICATES | PREPOSITIONS


def find_public_functions(sources: tuple[Source, ...]) -> Iterator[ast.FunctionDef]:
    """Yield the functions of modules that other modules may call."""
    nodes = (node for source in sources for node in source.tree.body)
    for function in (node for node in nodes if isinstance(node, ast.FunctionDef)):
        # Commands have the names that their users type.
        if not function.name.startswith("_") and not is_command(function):
            yield function


def is_callable_alias(node: ast.stmt) -> bool:
    """Tell whether a statement of a module gives a name to a type of functions."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return isinstance(value, ast.Subscript) and ast.unparse(value.value) == "Callable"


def count_ruff(package: Path, *options: str) -> int:
    """Count the faults that Ruff finds, by rules that the project itself may not have chosen."""
    command = [find_ruff_bin(), "check", "--isolated", "--output-format", "json", "--exit-zero"]
    found = subprocess.run(
        [*command, *options, str(package)], capture_output=True, check=True, text=True
    )
    return len(json.loads(found.stdout))


def find_sql(source: Source) -> list[str]:
    """Find the strings of a module, parts of f-strings too, that are statements of SQL.

    A docstring is none.
    """
    if not WORDS_OF_SQL.search(source.text):
        return []
    docstrings = {
        id(node.body[0].value)
        for node in source.nodes
        if isinstance(node, ast.Module | ast.ClassDef | Function)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in source.nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and SQL.match(node.value)
    ]


def find_misnamed_functions(sources: tuple[Source, ...]) -> list[str]:
    """List the public functions whose names begin with neither a verb nor a predicate."""
    return [node.name for node in find_public_functions(sources) if not is_named_by_verb(node.name)]


def take_counts(package: Path, sources: tuple[Source, ...]) -> Counts:
    """Take all counts of a package, whose files are read."""
    functions = [node for source in sources for node in source.functions]
    lengths = sorted(count_lines(node) for node in functions)
    public = list(find_public_functions(sources))
    folders = [path for path in (package, *package.rglob("*")) if path.is_dir()]
    file_counts = [
        sum(1 for path in folder.iterdir() if path.is_file() and path.suffix != ".pyc")
        for folder in folders
    ]
    return Counts(
        files=len(sources),
        lines=sum(source.line_count for source in sources),
        top_level_entries=sum(1 for path in package.iterdir() if path.name != "__pycache__"),
        most_files_in_a_folder=max(file_counts),
        folders_over_14_files=sum(1 for each in file_counts if each > MAX_FILES),
        file_lines_median=statistics.median(source.line_count for source in sources),
        file_lines_max=max(source.line_count for source in sources),
        files_over_400_lines=sum(1 for each in sources if each.line_count > MAX_FILE_LINES),
        functions=len(functions),
        function_lines_median=statistics.median(lengths),
        function_lines_p90=statistics.quantiles(lengths, n=10)[-1],
        function_lines_max=lengths[-1],
        functions_over_6_parameters=sum(
            1
            for node in functions
            if count_parameters(node) > MAX_PARAMETERS and not is_command(node)
        ),
        classes_over_150_lines=sum(
            1
            for each in sources
            # A repository has the statements of its tables in one place.
            if "storage" not in each.path.parts
            for node in each.classes
            if count_lines(node) > MAX_CLASS_LINES
        ),
        public_functions=len(public),
        public_functions_named_by_verb_percent=round(
            100 * sum(is_named_by_verb(node.name) for node in public) / len(public), 1
        ),
        docstrings=sum(1 for node in functions if ast.get_docstring(node) is not None),
        docstrings_not_imperative=count_ruff(
            package, "--select", "D401", "--config", 'lint.pydocstyle.convention="pep257"'
        ),
        callable_aliases=sum(
            1 for each in sources for node in each.tree.body if is_callable_alias(node)
        ),
        modules_with_sql_outside_storage=sum(
            1 for each in sources if "storage" not in each.path.parts and find_sql(each)
        ),
        modules_that_define_scripts=sum(1 for each in sources if SCRIPT_RANGE.search(each.text)),
        lines_over_100_characters=sum(
            1 for each in sources for line in each.text.splitlines() if len(line) > LINE_LENGTH
        ),
        silenced_checks=sum(
            len(re.findall(r"# (?:type: ignore|noqa|fmt: (?:skip|off))", each.text))
            for each in sources
        ),
    )


def main() -> None:
    """Print the counts of each package beside those of the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", type=Path, default=[PACKAGE], metavar="PACKAGE")
    parser.add_argument("--misnamed", action="store_true", help="list functions without a verb")
    arguments = parser.parse_args()
    read = [read_sources(package) for package in arguments.packages]
    counted = list(map(take_counts, arguments.packages, read))
    for field in fields(Counts):
        values = "".join(f"{getattr(counts, field.name):>10}" for counts in counted)
        sys.stdout.write(f"{field.name.replace('_', ' '):<46}{values}\n")
    if arguments.misnamed:
        for sources in read:
            sys.stdout.write(" ".join(find_misnamed_functions(sources)) + "\n")


if __name__ == "__main__":
    main()
