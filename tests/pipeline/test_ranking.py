"""Papers ranked for a reader by their records: laws that hold for any papers, and the reasons."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpaper.domain import Paper, RankingReason
from chatpaper.domain.ranking import LibraryPaper, ReaderProfile
from chatpaper.pipeline.ranking.followed import find_authors, list_followed
from chatpaper.pipeline.ranking.night import choose_best, explain_unwanted
from chatpaper.pipeline.ranking.ranker import rank_papers
from chatpaper.pipeline.ranking.terms import find_as_printed

SUBJECTS = (
    "Landmark Detection in Radiographs",
    "Anatomical Landmark Heatmaps",
    "Protein Folding",
    "Traffic Forecasts",
    "Speech Vocoders",
    "Graph Colouring",
)
LIBRARY = ReaderProfile(
    papers=(
        LibraryPaper("Landmark Detection with Heatmaps", "We detect anatomical landmarks."),
        LibraryPaper("Radiographs of the Spine", "Landmark detection in radiographs."),
    )
)


def papers_on(subjects: Sequence[str]) -> list[Paper]:
    return [
        Paper(f"2611.{number:05d}", subject, ("José Núñez",), f"We study {subject.lower()}.")
        for number, subject in enumerate(subjects, start=1)
    ]


@given(st.permutations(papers_on(SUBJECTS)))
@settings(max_examples=5, deadline=None)
def test_the_order_in_which_papers_come_changes_nothing(papers: list[Paper]) -> None:
    assert rank_papers(LIBRARY, (), papers) == rank_papers(LIBRARY, (), papers_on(SUBJECTS))


def test_what_is_like_the_library_comes_first_for_reasons_that_are_in_both() -> None:
    papers = papers_on(SUBJECTS)
    rankings = rank_papers(LIBRARY, (), papers)
    best_first = sorted(papers, key=lambda paper: -rankings[paper.arxiv_id].score)
    assert {paper.title for paper in best_first[:2]} == set(SUBJECTS[:2])
    library = " ".join(f"{paper.title} {paper.abstract}" for paper in LIBRARY.papers).lower()
    for paper in papers:
        for reason in rankings[paper.arxiv_id].reasons:
            if reason.kind == "terms":
                assert all(value in f"{paper.title} {paper.abstract}" for value in reason.values)
                assert all(value.lower() in library for value in reason.values)
    assert rankings["2611.00003"].reasons == (), "nothing speaks for protein folding"


def test_what_was_hidden_speaks_against_papers_like_it() -> None:
    papers = papers_on(SUBJECTS)
    hiding = ReaderProfile(
        papers=LIBRARY.papers, disliked=(LibraryPaper("Heatmaps", "Anatomical heatmaps."),)
    )
    score = rank_papers(hiding, (), papers)["2611.00002"].score
    assert score < rank_papers(LIBRARY, (), papers)["2611.00002"].score


@pytest.mark.parametrize(
    ("followed", "author", "is_found"),
    [
        ("Kaiming He", "Kaiming He", True),
        ("He, Kaiming", "Kaiming He", True),
        ("José Núñez", "Jose Nunez", True),
        ("Jonathan Barron", "Jonathan T. Barron", True),
        ("Kaiming He", "K. He", False),
        ("Kaiming He", "Kaiming Hen", False),
        ("Wei Wang", "Wang Wei", False),
    ],
)
def test_an_author_is_followed_by_the_whole_name(
    followed: str, author: str, is_found: bool
) -> None:
    assert find_authors([followed], [author]) == ([author] if is_found else [])


def test_words_institutions_venues_and_code_are_taken_from_the_record() -> None:
    profile = ReaderProfile(
        institutions=("ETH Zurich",), venues=("CVPR",), wanted=("point cloud", "GAN")
    )
    paper = Paper(
        "2611.00001",
        "Point Clouds Began Here",
        ("Ada Lovelace",),
        "We are at ETH Zurich.",
        comment="Accepted at CVPR 2027. Code: https://github.com/a/b",
    )
    assert list_followed(profile, paper) == [
        RankingReason("wanted", ("point cloud",)),
        RankingReason("institution", ("ETH Zurich",)),
        RankingReason("venue", ("CVPR",)),
        RankingReason("code"),
    ]


def test_a_word_that_is_unwanted_is_a_whole_word() -> None:
    profile = ReaderProfile(unwanted=("survey",))
    assert explain_unwanted(profile, Paper("1", "Surveys of Nets")).endswith(": survey")
    assert explain_unwanted(profile, Paper("1", "A Surveyor's Net")) == ""


def test_terms_are_shown_as_the_paper_prints_them() -> None:
    assert find_as_printed("landmark detection", "On Landmark-Detection", "") == (
        "Landmark-Detection"
    )
    assert find_as_printed("models dllms", "Diffusion Models (dLLMs)", "") == ""
    assert find_as_printed("noise we", "On Noise. We Add It", "") == "", "of two sentences"
    assert find_as_printed("models images", "Models for Images", "") == "", "no such words in a row"


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.sets(st.sampled_from("abcxy")))
def test_no_more_stay_than_there_is_room_for_and_all_that_is_done_stays(
    best_first: list[str], done: set[str]
) -> None:
    for limit in range(10):
        kept = choose_best(best_first, done, limit)
        assert done <= kept
        assert len(kept) <= max(limit, len(done))
        left = [key for key in best_first if key not in kept]
        new = [key for key in best_first if key in kept - done]
        assert not left or not new or best_first.index(new[-1]) < best_first.index(left[0])
