"""Rank papers for one reader: what they are about, and whom and what the reader follows."""

import math
from collections.abc import Mapping, Sequence

from chatpaper.domain import Paper, Ranking, RankingReason
from chatpaper.domain.ranking import ReaderProfile
from chatpaper.pipeline.ranking.followed import WEIGHTS, list_followed
from chatpaper.pipeline.ranking.model import Opinion, judge_papers

# Scores are told to so many digits: differences below them are noise.
DIGITS = 4
# What speaks for a paper of which nothing is known: less than one half.
_UNKNOWN = Opinion(-1.0)


def rank_papers(
    profile: ReaderProfile, background: Sequence[Paper], papers: Sequence[Paper]
) -> Mapping[str, Ranking]:
    """Return the rankings of papers by their keys.

    `background` are recent papers that others than this reader would read too.
    """
    in_order = sorted(papers, key=lambda paper: paper.arxiv_id)
    opinions = (
        judge_papers(profile, background, in_order)
        if profile.papers and in_order
        else [_UNKNOWN] * len(in_order)
    )
    return {
        paper.arxiv_id: _rank(profile, paper, opinion)
        for paper, opinion in zip(in_order, opinions, strict=True)
    }


def _rank(profile: ReaderProfile, paper: Paper, opinion: Opinion) -> Ranking:
    followed = list_followed(profile, paper)
    log_odds = opinion.log_odds + sum(WEIGHTS[reason.kind] for reason in followed)
    reasons = [
        *(reason for reason in followed if reason.kind != "code"),
        *([RankingReason("terms", opinion.terms)] if opinion.terms else []),
        *([RankingReason("near", (opinion.near,))] if opinion.near else []),
        *(reason for reason in followed if reason.kind == "code"),
    ]
    return Ranking(round(1 / (1 + math.exp(-log_odds)), DIGITS), tuple(reasons))
