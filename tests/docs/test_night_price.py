"""What the pages say a night costs is what the table of prices makes of it."""

import re

import pytest

from tests.conftest import REPOSITORY
from tests.docs.night_price import MODELS, PAGE, PAPERS, TABLE, list_lines, price_night

# Prompts and prices change a little with many a change; what a reader concludes does not.
TOLERANCE = 0.1
READMES = ("README.md", "README.zh.md")


def _price_in_table(model: str) -> float:
    (table,) = TABLE.findall(PAGE.read_text("utf-8"))
    (price,) = re.findall(rf"`{re.escape(model)}`.*?\| \$([\d.]+) \|", table)
    return float(price)


@pytest.mark.parametrize(("backend", "model"), MODELS)
def test_the_price_of_a_night_holds(backend: str, model: str) -> None:
    assert _price_in_table(model) == pytest.approx(price_night(backend, model), rel=TOLERANCE), (
        "`python -m tests.docs.night_price` writes the table again; then mend the READMEs"
    )


def test_the_table_has_the_form_that_the_script_writes() -> None:
    (table,) = TABLE.findall(PAGE.read_text("utf-8"))
    assert re.sub(r"[\d,.]+", "0", table) == re.sub(r"[\d,.]+", "0", list_lines())


@pytest.mark.parametrize("name", READMES)
def test_the_readmes_tell_the_price_that_was_computed(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    (price,) = re.findall(r"\$(\d+\.\d\d)|(\d+\.\d\d) 美元", text)
    assert float("".join(price)) == _price_in_table(MODELS[0][1])
    assert f"`{MODELS[0][1]}`" in text
    assert re.search(rf"\b{PAPERS} (papers|篇)", text)
