from pathlib import Path

import pytest

from tests.style.counts import (
    PACKAGE,
    find_misnamed_functions,
    is_named_by_verb,
    read_sources,
    take_counts,
)

FILES = {
    "__init__.py": '"""A package."""\n',
    "py.typed": "",
    "storage/rows.py": 'QUERY = "SELECT name FROM papers"\n',
    "web/page.py": '''"""Say that we never SELECT anything FROM tables here."""

from collections.abc import Callable

Step = Callable[[int], int]
QUERY = "DELETE FROM papers"
HAN = "[\\u4e00-\\u9fff]"


class Page:
    """A page."""

    def draw(self, a, b, c, d, e, f):
        """Returns it."""
        return a  # noqa: RET504


def rendered(a, b, c, d, e, f, g):
    """Render it."""


def is_page(text):
    return text == "page"


def render_page(text):
    return """%s"""


def _hidden(text):
    return text
'''
    % ("x" * 101),
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_each_count_of_a_package_is_taken(package: Path) -> None:
    sources = read_sources(package)
    counts = take_counts(package, sources)
    assert counts.files == 3
    assert counts.top_level_entries == 4
    assert counts.most_files_in_a_folder == 2
    assert counts.functions == 5
    assert counts.functions_over_6_parameters == 1, "self is no parameter"
    assert counts.public_functions == 3
    assert counts.public_functions_named_by_verb_percent == 66.7
    assert counts.docstrings == 2
    assert counts.docstrings_not_imperative == 1
    assert counts.callable_aliases == 1
    assert counts.modules_with_sql_outside_storage == 1, "a docstring is no statement"
    assert counts.modules_that_define_scripts == 1
    assert counts.lines_over_100_characters == 1
    assert counts.silenced_checks == 1
    assert find_misnamed_functions(sources) == ["rendered"]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("find_papers", True),
        ("is_open", True),
        ("has_text", True),
        ("as_json", True),
        ("grounded", False),
        ("papers", False),
        ("finding", False),
        ("paper_to_json", True),
    ],
)
def test_verbs_and_predicates_name_functions(name: str, named: bool) -> None:
    assert is_named_by_verb(name) is named


def test_the_package_keeps_its_shape() -> None:
    sources = read_sources(PACKAGE)
    counts = take_counts(PACKAGE, sources)
    assert counts.top_level_entries <= 15
    assert counts.folders_over_14_files == 0
    assert counts.files_over_400_lines == 0
    assert counts.classes_over_150_lines == 0
    assert counts.functions_over_6_parameters == 0
    assert counts.function_lines_median <= 10
    assert counts.function_lines_p90 <= 35
    assert counts.docstrings_not_imperative == 0
    assert counts.modules_with_sql_outside_storage == 0
    assert counts.modules_that_define_scripts == 1
    assert find_misnamed_functions(sources) == []
