"""SQL and SQLite stay in one package: storage."""

import ast
from pathlib import Path

import pytest

import chatpaper
from tests.style.counts import Source, find_sql

_PACKAGE = Path(chatpaper.__file__).parent


def test_no_module_outside_of_storage_speaks_sql() -> None:
    modules = {path.relative_to(_PACKAGE).as_posix(): path for path in _PACKAGE.rglob("*.py")}
    elsewhere = {
        name for name, path in modules.items() if find_sql(Source(path, path.read_text("utf-8")))
    }
    assert {name for name in elsewhere if not name.startswith("storage/")} == set()


def test_only_storage_uses_the_connection() -> None:
    """Others have repositories, and a unit of work for what belongs together."""
    elsewhere = (
        path for path in _PACKAGE.rglob("*.py") if not path.is_relative_to(_PACKAGE / "storage")
    )
    uses = {
        (path.name, node.attr)
        for path in elsewhere
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("rows", "transaction")
        and ast.unparse(node.value).split(".")[-1].removeprefix("_")
        in ("database", "store", "nights")
    }
    assert uses == set()


@pytest.mark.parametrize(
    "source",
    [
        'rows("SELECT 1 FROM posts")',
        'rows("  DELETE FROM posts")',
        'rows(f"INSERT INTO {table} VALUES (1)")',
        'QUERY = """\nUPDATE posts SET pending = 1"""',
        'rows("PRAGMA page_count")',
    ],
)
def test_statements_are_seen(source: str) -> None:
    assert len(find_sql(Source(Path("module.py"), source))) == 1


@pytest.mark.parametrize(
    "source", ['say("Select a topic")', 'say("UPDATED")', "# SELECT 1", "select = 1"]
)
def test_other_words_are_none(source: str) -> None:
    assert find_sql(Source(Path("module.py"), source)) == []
