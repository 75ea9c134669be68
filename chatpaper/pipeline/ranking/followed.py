"""What of a paper's record its reader follows: authors, institutions, venues, words."""

import re
from collections.abc import Iterable, Sequence

from chatpaper.domain import Paper, RankingReason, ReasonKind
from chatpaper.domain.ranking import ReaderProfile
from chatpaper.domain.text.folding import fold_accents, fold_width
from chatpaper.fetch.topics.phrase_matching import find_phrase

# What each kind of reason adds to the log-odds of a paper. An author who is followed outweighs any
# words; code is a small advantage between papers that are alike otherwise.
WEIGHTS: dict[ReasonKind, float] = {
    "author": 4.0,
    "wanted": 2.0,
    "institution": 1.0,
    "venue": 0.5,
    "code": 0.2,
}

_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co)/", re.IGNORECASE
)


def list_followed(profile: ReaderProfile, paper: Paper) -> list[RankingReason]:
    """List what of the paper its reader follows, the weightiest first."""
    text = f"{paper.title}\n{paper.abstract}\n{paper.comment}"
    publication = f"{paper.comment}\n{paper.journal_ref}"
    found: dict[ReasonKind, Sequence[str]] = {
        "author": _list_authors(profile, paper),
        "wanted": find_words(profile.wanted, f"{paper.title}\n{paper.abstract}"),
        # arXiv's records have no affiliations: a text or a team may name one.
        "institution": find_words(profile.institutions, "\n".join((text, *paper.authors))),
        "venue": find_words(profile.venues, publication),
    }
    reasons = [RankingReason(kind, tuple(values)) for kind, values in found.items() if values]
    has_code = bool(paper.links) or _CODE.search(text)
    return [*reasons, RankingReason("code")] if has_code else reasons


def _list_authors(profile: ReaderProfile, paper: Paper) -> list[str]:
    by_orcid = [name for key, name in profile.by_followed.items() if key == paper.arxiv_id]
    return list(dict.fromkeys([*find_authors(profile.authors, paper.authors), *by_orcid]))


def find_words(words: Iterable[str], text: str) -> list[str]:
    """Find which of the words, or phrases, stand in a text, in the plural too.

    They are told apart as the phrases of topics are.
    """
    usual = fold_width(text)
    return [word for word in words if next(find_phrase(word, usual), None)]


def find_authors(followed: Iterable[str], authors: Iterable[str]) -> list[str]:
    """Find which authors are followed, by their names as the paper has them.

    Initials in the middle are left out of the comparison, and "He, Kaiming" is "Kaiming He". A
    first name must be there in full: many share its initial.
    """
    wanted = {_fold_name(name) for name in followed}
    return [name for name in authors if _fold_name(name) in wanted]


def _fold_name(name: str) -> tuple[str, ...]:
    family, comma, given = name.partition(",")
    words = re.findall(r"\w+", f"{given} {family}" if comma else name)
    folded = tuple(fold_accents(word) for word in words)
    return tuple(word for word in folded if len(word) > 1) or folded
