"""Why a paper is in the post, in words of the reader's language."""

from collections.abc import Mapping

from chatpaper.domain import Ranking, RankingReason


def describe_ranking(ranking: Ranking | None, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return one phrase for each reason, in the language of `labels`; none without a ranking.

    What the paper or the reader's list says is in it as it stands there, and is not escaped.
    """
    if ranking is None:
        return ()
    return tuple(_describe_reason(reason, labels) for reason in ranking.reasons)


def _describe_reason(reason: RankingReason, labels: Mapping[str, str]) -> str:
    values = labels["list_separator"].join(reason.values)
    return labels[f"reason_{reason.kind}"].format(values=values)
