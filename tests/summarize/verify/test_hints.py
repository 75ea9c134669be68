"""What words alone tell against a statement."""

import pytest

from chatpaper.summarize.verify.hint_words import Claiming, claiming_words
from chatpaper.summarize.verify.hints import find_hints


@pytest.mark.parametrize("row", claiming_words("superlative"), ids=lambda row: row.wrong[0])
def test_a_superlative_needs_a_word_of_the_paper(row: Claiming) -> None:
    statement, paper = row.wrong
    assert [hint.kind for hint in find_hints(statement, paper, "", paper_text=paper)] == ["superlative"]
    statement, paper = row.right
    assert find_hints(statement, paper, "", paper_text=paper) == ()
