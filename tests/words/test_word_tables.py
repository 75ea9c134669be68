"""What each word and pattern of the shipped tables is there for.

Beside this file stand, for each module with tables, texts that they match (`matches`) and texts in
which they find nothing (`spares`). Where rows are called by what their words mean, texts stand by
the name of the row that matches them and no other one. In a text only the part between ⟨ and ⟩ is
matched, and all of it where there are no such signs.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import chatpaper
from chatpaper.domain.text.tables import WordTables, load_word_tables

PACKAGE = Path(chatpaper.__file__).parent
EXAMPLES = Path(__file__).parent
MODULES = sorted(
    ".".join([*path.parent.parent.relative_to(PACKAGE).parts, path.stem])
    for path in PACKAGE.rglob("words/*.toml")
)
TABLES = {module: load_word_tables(f"chatpaper.{module}") for module in MODULES}


@cache
def read_examples(module: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((EXAMPLES / f"{module}.toml").read_text(encoding="utf-8"))


@cache
def compile_before(pattern: str, after: str) -> re.Pattern[str]:
    """Compile a pattern that must end where the text goes on with `after`, to its end."""
    return re.compile(rf"(?:{pattern})(?={re.escape(after)}\Z)")


def find_matching(patterns: tuple[str, ...], example: str) -> set[int]:
    """Return the places of the patterns that match just the marked part of an example."""
    before, opened, rest = example.rpartition("⟨")
    marked, _, after = rest.partition("⟩") if opened else (example, "", "")
    return {
        place
        for place, pattern in enumerate(patterns)
        if compile_before(pattern, after).match(before + marked + after, len(before))
    }


@cache
def list_matches(module: str, table: str) -> list[tuple[str, str, set[int]]]:
    """List the kind and text of the examples of a table, with the patterns that match each."""
    patterns = TABLES[module].list_words(table)
    return [
        (kind, text, find_matching(patterns, text))
        for kind, texts in read_examples(module)[table].items()
        if kind != "spares"
        for text in texts
    ]


def list_places_of_rows(module: str, table: str) -> dict[str, range]:
    """Return where the patterns of each row stand among those of its table."""
    places, end = {}, 0
    for row, patterns in TABLES[module].get_rows(table).items():
        places[row] = range(end, end + len(patterns))
        end += len(patterns)
    return places


EACH_TABLE = pytest.mark.parametrize(
    ("module", "table"), [(module, table) for module in MODULES for table in TABLES[module].root]
)
EACH_ROW = pytest.mark.parametrize(
    ("module", "table", "row"),
    [
        (module, table, row)
        for module in MODULES
        for table in TABLES[module].root
        for row in TABLES[module].get_rows(table)
    ],
)


def test_every_module_with_tables_has_examples_of_each() -> None:
    assert MODULES
    assert sorted(path.stem for path in EXAMPLES.glob("*.toml")) == MODULES
    assert {module: list(tables.root) for module, tables in TABLES.items()} == {
        module: list(read_examples(module)) for module in MODULES
    }


@EACH_TABLE
def test_examples_are_matched(module: str, table: str) -> None:
    assert [text for _, text, matching in list_matches(module, table) if not matching] == []


@EACH_TABLE
def test_an_example_of_a_row_is_matched_by_it_alone(module: str, table: str) -> None:
    places = list_places_of_rows(module, table)
    of_rows = [match for match in list_matches(module, table) if match[0] != "matches"]
    assert [
        (row, text)
        for row, text, matching in of_rows
        if [name for name, own in places.items() if matching & {*own}] != [row]
    ] == []


@EACH_TABLE
def test_counterexamples_are_left_alone(module: str, table: str) -> None:
    pattern = re.compile(TABLES[module].join(table))
    spared = read_examples(module)[table].get("spares", [])
    assert [text for text in spared if pattern.search(text)] == []


@EACH_ROW
def test_each_pattern_of_a_row_has_an_example_that_no_other_matches(
    module: str, table: str, row: str
) -> None:
    matched_alone = [matching for _, _, matching in list_matches(module, table)]
    patterns = TABLES[module].list_words(table)
    assert [
        patterns[place]
        for place in list_places_of_rows(module, table)[row]
        if {place} not in matched_alone
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        '[denied]\n"in Chinese" = []\n',
        '[denied]\n"" = ["not"]\n',
        '[denied]\n"in English" = ["not", ""]\n',
        '[denied]\n"in English" = "not"\n',
        "[denied]\n",
    ],
)
def test_a_row_without_words_or_purpose_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="denied"):
        WordTables.model_validate(tomllib.loads(text))
