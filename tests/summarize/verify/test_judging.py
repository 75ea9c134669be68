"""What is made of the answer of a second reader, apart from any model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.verify.judge.judging import Judgement, estimate_answer_tokens


@pytest.mark.parametrize(
    ("wrong", "correction", "expected"),
    [
        ("47", "61", "Nets have 61 wires, wires of 3 kinds."),
        ("wires", "gates", ""),
        ("48", "61", ""),
        ("", "Nets have 61 wires.", "Nets have 61 wires."),
        ("47", "", ""),
        ("", "", ""),
    ],
    ids=[
        "a part",
        "words that it has twice",
        "not its words",
        "all of it",
        "nothing in its place",
        "nothing",
    ],
)
def test_the_correction_stands_in_place_of_what_is_wrong(
    wrong: str, correction: str, expected: str
) -> None:
    judgement = Judgement("contradicted", correction=correction, wrong=wrong)
    assert judgement.corrected("Nets have 47 wires, wires of 3 kinds.") == expected


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_statements_never_take_less(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert estimate_answer_tokens(fewer) <= estimate_answer_tokens(more)
