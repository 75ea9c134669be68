"""The rows of the table of faults: only what is the paper's own costs it an attempt, and it stops no other paper."""

import pytest

from chatpaper.backends.errors.fault_table import ABOUT
from tests.benchmarks.fault_table import CASES, SECRET, WRONG_SETTINGS, Case, refusal_of, row_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.backend}: {case.told.id}, {case.befalls}")
def test_each_fault_is_charged_to_whom_it_belongs(case: Case) -> None:
    row = row_of(case)
    assert case.told.says in row.says
    assert SECRET not in row.says
    if case.befalls == "one paper":
        # The service answers about the others, whatever its words.
        assert (row.published, row.waiting, row.stopped, row.exit_code, row.attempts) == (3, 1, False, 3, 1)
        return
    about = ABOUT[case.told.kind]
    assert (row.published, row.waiting, row.attempts) == (0, 4, 0)
    assert row.stopped == (about in ("account", "setting"))
    assert row.exit_code == (4 if about == "moment" else 5 if case.told.kind == "balance" else 2)


@pytest.mark.parametrize(("backend", "base_url", "key"), WRONG_SETTINGS)
def test_wrong_settings_are_told_in_one_sentence(backend: str, base_url: str, key: str) -> None:
    told = refusal_of(backend, base_url, key)
    assert "llm.base_url" in told or "llm.api_key" in told
    assert key not in told
    assert told.count(". ") == 0
