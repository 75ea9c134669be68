"""What a reader excludes: words, authors and main categories, whatever the topic."""

import pytest

from chatpaper.domain import Exclusions, Paper
from chatpaper.fetch.topics.exclusion import explain_exclusion

PAPER = Paper(
    "2611.00001",
    "A Survey of Diffusion Models for Robots",
    ("José M. Núñez", "Ada Lovelace"),
    "We review medical-imaging work.",
    primary_category="cs.RO",
    categories=("cs.RO", "cs.CV"),
)


@pytest.mark.parametrize(
    ("exclude", "reason"),
    [
        (Exclusions(words=("survey",)), "excluded by the word “Survey”"),
        (Exclusions(words=("medical imaging",)), "excluded by the word “medical-imaging”"),
        (Exclusions(authors=("Jose Nunez",)), "excluded by its author José M. Núñez"),
        (Exclusions(authors=("Lovelace, Ada",)), "excluded by its author Ada Lovelace"),
        (Exclusions(categories=("cs.RO",)), "excluded by its main category cs.RO"),
        (Exclusions(categories=("cs.*",)), "excluded by its main category cs.RO"),
        (Exclusions(words=("robotic",), authors=("Ada",)), "excluded by its author Ada Lovelace"),
    ],
)
def test_what_is_named_is_excluded_with_its_reason(exclude: Exclusions, reason: str) -> None:
    assert explain_exclusion(exclude, PAPER) == reason


@pytest.mark.parametrize(
    "exclude",
    [
        Exclusions(),
        Exclusions(words=("rob", "imag")),
        Exclusions(authors=("Ada Turing", " ")),
        # A cross-list is no reason: its main category is another.
        Exclusions(categories=("cs.CV", "physics.*")),
    ],
)
def test_nothing_else_is(exclude: Exclusions) -> None:
    assert explain_exclusion(exclude, PAPER) == ""


def test_a_topic_excludes_what_all_do_and_what_it_does_itself() -> None:
    own, everywhere = Exclusions(("a", "b"), ("x",)), Exclusions(("b", "c"), (), ("cs.RO",))
    assert own.join(everywhere) == Exclusions(("a", "b", "c"), ("x",), ("cs.RO",))
