"""The measures of the benchmark themselves."""

from typing import Any

import pytest

from tests.benchmarks.scoring import (
    Score,
    label_key,
    overlap,
    score_abstract,
    score_captions,
    score_floats,
    score_headings,
    score_reading_order,
    score_title,
    score_whole_captions,
)


def figure(label: str, page: int, box: list[float], **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "kind": "figure",
        "page": page,
        "bbox": box,
        "caption": "A plot.",
        **more,
    }


def truth(**more: Any) -> dict[str, Any]:
    return {"title": "On Plots", "figures": [], "tables": [], "sections": [], **more}


@pytest.mark.parametrize(
    ("one", "other"), [("Fig. 3", "Figure 3"), ("TABLE II", "Table II"), ("图 1", "Figure 1")]
)
def test_labels_are_the_same_in_every_wording(one: str, other: str) -> None:
    assert label_key(one) == label_key(other)


def test_a_table_is_no_figure_of_the_same_number() -> None:
    assert label_key("Table 3") != label_key("Figure 3")


def test_half_of_a_box_overlaps_by_half() -> None:
    assert overlap([0, 0, 10, 10], [0, 0, 10, 5]) == 0.5
    assert overlap([0, 0, 10, 10], [20, 0, 30, 10]) == 0.0


def test_a_figure_counts_when_page_label_and_box_are_right() -> None:
    true = truth(
        figures=[figure("Figure 1", 2, [0, 0, 10, 10]), figure("Figure 2", 3, [0, 0, 10, 10])]
    )
    read = {"figures": [figure("Fig. 1", 2, [0, 0, 10, 9]), figure("Figure 2", 3, [0, 0, 10, 5])]}

    assert score_floats(true, read, "figure") == Score(true=2, found=1, extra=1)


def test_what_has_no_truth_is_ignored() -> None:
    true = truth(other_floats=[{"page": 1, "bbox": [0, 0, 10, 10]}])

    assert (
        score_floats(true, {"figures": [figure("Figure 9", 1, [0, 0, 10, 10])]}, "figure").extra
        == 0
    )


def test_captions_are_compared_by_their_beginning() -> None:
    true = truth(
        figures=[
            figure(
                "Figure 1", 1, [0, 0, 9, 9], caption_start="Figure 1: A plot. The next paragraph"
            )
        ]
    )

    assert score_captions(true, {"figures": [figure("Figure 1", 1, [0, 0, 9, 9])]}).f1 == 1.0
    assert (
        score_captions(
            true, {"figures": [figure("Figure 1", 1, [0, 0, 9, 9], caption="Other.")]}
        ).found
        == 0
    )


def test_headings_of_the_third_level_do_not_count() -> None:
    true = truth(sections=[{"title": "Method", "page": 2}], sections_level3=[{"title": "Detail"}])
    sections = [
        {"title": title, "page": 2, "level": 2} for title in ("Method", "Detail", "Invented")
    ]

    assert score_headings(true, {"sections": sections}) == Score(true=1, found=1, extra=1)


def test_captions_have_to_end_where_those_of_the_page_do() -> None:
    true = truth(
        figures=[
            figure(
                "Figure 1", 1, [0, 0, 9, 9], caption_start="Figure 1: A plot.", caption="A plot."
            )
        ]
    )
    right = figure("Figure 1", 1, [0, 0, 9, 9])
    longer = figure("Figure 1", 1, [0, 0, 9, 9], caption="A plot. We go on.")

    assert score_whole_captions(true, {"figures": [right]}) == Score(1, 1, 0)
    assert score_whole_captions(true, {"figures": [longer]}) == Score(1, 0, 1)


@pytest.mark.parametrize(
    ("title", "score"),
    [("ON PLOTS", Score(1, 1, 0)), ("On", Score(1, 0, 1)), ("", Score(1, 0, 0))],
)
def test_titles_are_compared_whole(title: str, score: Score) -> None:
    assert score_title(truth(), {"title": title}) == score


def test_abstracts_are_compared_at_both_ends() -> None:
    true = truth(abstract_first_words="We plot", abstract_last_words="of plots.")

    assert score_abstract(true, {"abstract": "We plot thousands of plots."}) == Score(1, 1, 0)
    assert score_abstract(true, {"abstract": "We plot thousands of plots. 1"}) == Score(1, 0, 1)
    assert score_abstract(truth(), {"abstract": "We plot."}) == Score()


def test_sentences_count_where_they_stand_in_order() -> None:
    true = truth(sentences=["One came.", "Two went.", "Three stayed.", "Four fell."])
    read = {"sections": [{"text": "One came. Three stayed."}, {"text": "Two went."}]}

    assert score_reading_order(true, read) == Score(true=4, found=2, extra=1)
