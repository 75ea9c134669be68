"""Notices of withdrawal, in the words of authors and administrators."""

import pytest

from chatpaper.fetch.arxiv.withdrawal import is_withdrawn

ANOTHER_SUBJECT = "An abstract about something else entirely."


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author due to a crucial error in equation 3",
        "This submission has been withdrawn by arXiv administrators",
        "withdrawn because of an error",
        "The authors have withdrawn this paper",
        "10 pages; this manuscript was withdrawn from arXiv by the authors",
        "Withdrawn",
        "Paper withdrawn",
        "Paper retracted, see the journal",
        "The authors withdraw this paper since Theorem 2 is wrong",
        "We want to withdraw the paper until the data are checked again",
        "I am withdrawing this paper",
        "We would like to retract this article",
        "This article has been removed by arXiv administrators because of plagiarism",
        "Removed from arXiv at the request of the first author",
        "There is a gap in Lemma 3; withdrawn",
        "The proof is wrong, this needs to be withdrawn",
        "Withdrawing for major revision",
        "Withdrawn for further checks, 12 pages",
        "12 pages, 3 figures. Withdrawn at the request of a co-author.",
        "Withdrawal of this submission was requested by the authors",
        "I have withdrawn my manuscript",
        "temporarily withdrawn by the authors",
    ],
)
def test_a_withdrawal_is_read_from_the_comment(comment: str) -> None:
    assert is_withdrawn(comment, ANOTHER_SUBJECT)


@pytest.mark.parametrize(
    "abstract",
    [
        "This paper has been withdrawn by the author.",
        (
            "This paper has been withdrawn by the authors due to an error in Lemma "
            "2. We had shown that"
        ),
        "[Withdrawn] We show",
        "The authors have withdrawn this paper because of a sign error.",
        "We withdraw this paper because the main estimate does not hold.",
        "We are currently withdrawing our manuscript.",
        "This article has been removed by arXiv administrators for copied text.",
    ],
)
def test_a_withdrawal_is_read_from_the_notice_in_place_of_the_abstract(abstract: str) -> None:
    assert is_withdrawn("", abstract)


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        ("Accepted at CVPR 2026", "We study how cash is withdrawn by customers."),
        ("This paper was withdrawn from NeurIPS and resubmitted to ICLR", "An abstract."),
        ("18 pages", "We look at papers. A paper has been withdrawn for many reasons."),
        ("Withdrawal behaviour in bank runs, 12 pages", "We model withdrawals."),
        ("Withdrawing troops: a game-theoretic view, 20 pages", "An abstract."),
        ("Supersedes arXiv:2401.00001, which is withdrawn", "An abstract."),
        (
            "The previous version of this paper was withdrawn; this one has a new proof",
            "An abstract.",
        ),
        ("A note on retractions of manifolds, 9 pages", "We retract a disc onto its boundary."),
        ("We withdrew it from ICML after the rebuttal. 14 pages", "An abstract."),
        ("ICLR 2025 withdrawn submission", "An abstract."),
        ("12 pages, has not been withdrawn", "An abstract."),
        ("Code removed by default, see appendix", "An abstract."),
        ("v2: removed a wrong remark. 10 pages", "An abstract."),
        ("", "We withdraw energy from the wake of a beam."),
        ("", "Retracted articles go on being cited. We count them."),
    ],
)
def test_other_mentions_of_withdrawal_are_none(comment: str, abstract: str) -> None:
    assert not is_withdrawn(comment, abstract)
