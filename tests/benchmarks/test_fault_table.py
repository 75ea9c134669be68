"""The rows of the table of faults: only its own faults cost a paper an attempt.

Such a fault stops no other paper.
"""

from pathlib import Path

import pytest

from chatpaper.backends.errors.fault_table import ABOUT
from tests.benchmarks import fault_rows
from tests.benchmarks.fault_rows import Kind, desk_at
from tests.benchmarks.fault_table import (
    CASES,
    KINDS,
    SECRET,
    WRONG_SETTINGS,
    Case,
    refusal_of,
    row_of,
)
from tests.cli.forked import Forker

# What each group has to have a row of.
OWED = {
    "places": {
        "proxies",
        "encodings",
        "closed streams",
        "no HOME",
        "certificates",
        "BOM",
        "Windows paths",
    },
    "outputs": {"one name", "queries", "spellings", "versions", "edited posts"},
    "arxiv": {"unreadable entries", "withdrawals", "references", "author lists"},
    "text": {
        "no ToUnicode",
        "wrong ToUnicode",
        "OCR layer",
        "hyphens in labels",
        "caption languages",
    },
    "state": {"zero bytes", "gone", "random bytes", "no JSON"},
}


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.backend}: {case.told.id}, {case.befalls}"
)
def test_each_fault_is_charged_to_whom_it_belongs(case: Case) -> None:
    row = row_of(case)
    assert case.told.says in row.says
    assert SECRET not in row.says
    if case.befalls == "one paper":
        # The service answers about the others, whatever its words.
        assert (row.published, row.waiting, row.stopped, row.exit_code, row.attempts) == (
            3,
            1,
            False,
            3,
            1,
        )
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


def test_the_table_has_a_row_of_each_kind() -> None:
    assert {group: {kind.name for kind in KINDS if kind.group == group} for group in OWED} == OWED
    assert len({str(kind) for kind in KINDS}) == len(KINDS)


# What places and damaged databases do to a night is played by tests/cli, with more of what follows.
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.group not in ("places", "state")], ids=str
)
def test_what_no_service_answers_costs_no_paper_an_attempt(
    kind: Kind, tmp_path: Path, library: Path, papers_read: Path, forker: Forker | None
) -> None:
    with desk_at(tmp_path, library, papers_read, forker) as desk:
        row = fault_rows.row_of(kind, desk)
    assert (row.done, row.attempts) == (kind.done, 0)
    assert kind.says in row.says
