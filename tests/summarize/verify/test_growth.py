"""Orders of growth are those of the paper, however they are written."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

TEXT = (
    "The cost falls from O(V ) to O(log(V )). Bisection takes O(log2 1/ϵ) steps, sorting O(nd2), "
    "all O(S^{R−1})."
)


def list_missing(text: str, paper: str = TEXT) -> list[str]:
    document = Document(title="Trees", sections=(Section("1", "Cost", 1, 1, paper),))
    claims = Verifier(document).check(Statement(text))
    return [claim.value for claim in claims if not claim.supported]


@pytest.mark.parametrize(
    "text",
    [
        "复杂度由 O(V) 降到 O(log V)。",
        "排序为 $O(n d^2)$，二分为 $\\mathcal{O}(\\log_2(1/\\epsilon))$。",
        "排序为 O(d²n)，记作 𝒪(d²·n)。",
        "总共 $O(S^{R-1})$。",
    ],
)
def test_the_same_order_may_be_written_in_another_way(text: str) -> None:
    assert list_missing(text) == []


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("复杂度由 O(V³) 降到 O(log V)。", "O(V³)"),
        ("二分需要 O(1/ϵ²) 步。", "O(1/ϵ²)"),
        ("Sorting takes $\\mathcal{O}(n^2 d)$... and O(n²d²).", "O(n²d²)"),
    ],
)
def test_another_order_is_not_supported(text: str, order: str) -> None:
    assert order in list_missing(text)


def test_of_a_paper_without_orders_nothing_is_said() -> None:
    assert list_missing("复杂度为 O(V³)。", "The cost is low.") == []
