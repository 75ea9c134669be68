"""What of a paper may be quoted."""

import pytest

from chatpaper.backends.sentences import prose_sentences
from chatpaper.domain import Document, Section
from tests.summarize.sample import DOCUMENT, PAPER


def sentences(text: str) -> list[str]:
    """What may be quoted of a paper with this section alone."""
    document = Document(sections=(Section("1", "Method", 1, 1, text),))
    return [
        sentence for sentence, kind in prose_sentences(PAPER, document).items() if kind == "method"
    ]


def test_each_sentence_comes_once_with_the_kind_of_its_section() -> None:
    kinds = prose_sentences(PAPER, DOCUMENT)
    assert list(dict.fromkeys(kinds.values())) == ["abstract", *DOCUMENT.section_kinds()]
    assert (
        kinds["Batcher described networks of logarithmic depth that are still used today."]
        == "related"
    )


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
    assert sentences(f"{text} Nothing else was found in the records of the port.") == [
        "Nothing else was found in the records of the port."
    ]


def test_what_comes_about_thanks_to_something_is_a_finding() -> None:
    text = "Thanks to its late rounding, the network keeps its correctness."
    assert sentences(text) == [text]
