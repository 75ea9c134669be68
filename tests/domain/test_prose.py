"""Sentences of running text, and those of them that may be quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.prose import find_quotable_sentences, split_page_text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        (
            "As Smith et al. Report in Fig. 3, it works. Good.",
            ["As Smith et al. Report in Fig. 3, it works.", "Good."],
        ),
        (
            "We use e.g. Adam (cf. Sec. 2). It has 3.5 M weights.",
            ["We use e.g. Adam (cf. Sec. 2).", "It has 3.5 M weights."],
        ),
        (
            "A compar-\nator of the well-\nknown kind.\nDone!",
            ["A comparator of the wellknown kind.", "Done!"],
        ),
        ("本文提出一种网络。它更小。", ["本文提出一种网络。", "它更小。"]),
        ("The ﬁrst eﬀect.", ["The first effect."]),
        ("", []),
    ],
)
def test_sentences_are_split_as_people_would(text: str, sentences: list[str]) -> None:
    assert split_page_text(text) == sentences


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF), max_size=200))
def test_splitting_loses_no_letter(text: str) -> None:
    letters = [character for character in text if character.isascii() and character.isalnum()]
    split = [
        character
        for character in "".join(split_page_text(text))
        if character.isascii() and character.isalnum()
    ]
    assert split == letters


@pytest.mark.parametrize(
    "text",
    [
        "We thank the Computing Center of the university for its machines.",
        "The authors are grateful to the harbour master for many records.",
        "This work was funded by the Ministry of Sorting and its friends.",
        "Support came from the Council of the Coast under grant no. 12345.",
    ],
)
def test_thanks_are_nothing_that_a_paper_found(text: str) -> None:
    assert find_quotable_sentences(
        f"{text} Nothing else was found in the records of the port."
    ) == ["Nothing else was found in the records of the port."]


def test_what_comes_about_thanks_to_something_is_a_finding() -> None:
    text = "Thanks to its late rounding, the network keeps its correctness."
    assert find_quotable_sentences(text) == [text]
