"""Posts in sites as their generators make them, whose configuration nobody touched."""

from pathlib import Path

import pytest

from tests.sites.stock_sites import CASES, Case, audit_site, find_missing_program

pytestmark = pytest.mark.sites


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_post_and_figure_shows_and_nothing_else_changes(case: Case, tmp_path: Path) -> None:
    missing = find_missing_program(case.kind)
    if missing:
        pytest.skip(f"{missing} is not installed: run `python -m tests.sites.installation`")
    found = audit_site(case, tmp_path)
    assert found.is_clean, found
    assert found.images >= found.posts


def test_what_is_wrong_with_a_site_is_seen(tmp_path: Path) -> None:
    case = CASES[0]
    if missing := find_missing_program(case.kind):
        pytest.skip(f"{missing} is not installed: run `python -m tests.sites.installation`")
    found = audit_site(case, tmp_path, is_fitted=False)
    assert len(found.broken) == found.images > 0
    assert found.strays
