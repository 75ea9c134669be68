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


def list_matches(module: str, table: str) -> list[str]:
    examples = read_examples(module)[table]
    return [text for kind, texts in examples.items() if kind != "spares" for text in texts]


def is_matched(patterns: tuple[str, ...], example: str) -> bool:
    """Tell whether one of the patterns matches just the marked part of an example."""
    before, opened, rest = example.rpartition("⟨")
    marked, _, after = rest.partition("⟩") if opened else (example, "", "")
    ended = re.compile(rf"(?:{'|'.join(patterns) or '(?!)'})(?={re.escape(after)}\Z)")
    return bool(ended.match(before + marked + after, len(before)))


def list_cases(*kinds: str) -> list[tuple[str, str, str, str]]:
    """List module, table, row and text of all examples of these kinds, or of those of rows."""
    return [
        (module, table, kind, text)
        for module in MODULES
        for table, examples in read_examples(module).items()
        for kind, texts in examples.items()
        if (kind in kinds if kinds else kind not in ("matches", "spares"))
        for text in texts
    ]


def list_patterns() -> list[tuple[str, str, int]]:
    return [
        (module, table, place)
        for module, tables in TABLES.items()
        for table in tables.root
        for place in range(len(tables.list_words(table)))
    ]


def test_every_module_with_tables_has_examples_of_each() -> None:
    assert MODULES
    assert sorted(path.stem for path in EXAMPLES.glob("*.toml")) == MODULES
    assert {module: list(tables.root) for module, tables in TABLES.items()} == {
        module: list(read_examples(module)) for module in MODULES
    }


@pytest.mark.parametrize(("module", "table", "kind", "example"), list_cases("matches"))
def test_an_example_is_matched(module: str, table: str, kind: str, example: str) -> None:
    assert is_matched(TABLES[module].list_words(table), example)


@pytest.mark.parametrize(("module", "table", "row", "example"), list_cases())
def test_an_example_is_matched_by_its_row_alone(
    module: str, table: str, row: str, example: str
) -> None:
    rows = TABLES[module].get_rows(table)
    assert [name for name, words in rows.items() if is_matched(words, example)] == [row]


@pytest.mark.parametrize(("module", "table", "kind", "text"), list_cases("spares"))
def test_a_counterexample_is_left_alone(module: str, table: str, kind: str, text: str) -> None:
    assert not re.search(TABLES[module].join(table), text)


@pytest.mark.parametrize(("module", "table", "place"), list_patterns())
def test_some_example_needs_each_pattern(module: str, table: str, place: int) -> None:
    patterns = TABLES[module].list_words(table)
    without = patterns[:place] + patterns[place + 1 :]
    examples = list_matches(module, table)
    # Most often it is the example at the same place.
    examples = [*examples[place : place + 1], *examples]
    assert any(not is_matched(without, example) for example in examples), patterns[place]


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
