"""A linear model of what one reader's papers are about, beside what everybody's are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatpaper.domain import Paper
from chatpaper.domain.ranking import LibraryPaper, ReaderProfile
from chatpaper.pipeline.ranking.terms import find_as_printed, join_text, make_vectorizer

# How closely the model follows the reader's papers: with less it only knows common words, with more
# it knows each paper by heart.
FREEDOM = 10.0
# Terms that a reason names.
MAX_TERMS = 3
# A term of more of all papers than this is how papers are written, not what they are about.
MAX_SHARE = 0.1
# Of a handful of papers nothing can be said of how papers are written.
LEAST_COMMON = 6
# With fewer papers than these a background says little of what others write about.
LEAST_BACKGROUND = 50
# Two texts with a cosine below this have words in common by chance.
LEAST_SIMILARITY = 0.2


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model says of a paper.

    `log_odds` is above zero where it is more like the reader's papers than like the others.
    `terms` are those that say so, as the paper prints them; `near` is the title of the reader's
    paper that is most like it, empty where none is.
    """

    log_odds: float
    terms: tuple[str, ...] = ()
    near: str = ""


def judge_papers(
    profile: ReaderProfile, background: Sequence[Paper], papers: Sequence[Paper]
) -> list[Opinion]:
    """Say of each paper how much it is like the reader's, and why.

    The model is fitted on the reader's papers against those that were hidden and the `background`.
    Where that is small, the judged papers that are like none of the reader's are taken as well. The
    same papers in the same order give the same numbers.
    """
    import numpy
    from sklearn.linear_model import LogisticRegression

    own, others = _texts_of(profile.papers), _texts_of(profile.disliked)
    others += [join_text(paper.title, paper.abstract) for paper in background]
    judged = [join_text(paper.title, paper.abstract) for paper in papers]
    vectorizer = make_vectorizer()
    vectors = vectorizer.fit_transform([*own, *others, *judged])
    first_judged = len(own) + len(others)
    judged_vectors = vectors[first_judged:]
    similarities = (judged_vectors @ vectors[: len(own)].T).toarray()
    rows = list(range(first_judged))
    if len(background) < LEAST_BACKGROUND:
        nearest = similarities.max(axis=1)
        unlike = numpy.flatnonzero(nearest < LEAST_SIMILARITY)
        rows += [first_judged + int(row) for row in (unlike if len(unlike) else range(len(papers)))]
    labels = [1] * len(own) + [0] * (len(rows) - len(own))
    model = LogisticRegression(C=FREEDOM, class_weight="balanced", solver="liblinear")
    model.fit(vectors[rows], labels)
    names = vectorizer.get_feature_names_out()
    papers_with = numpy.asarray((vectors > 0).sum(axis=0)).ravel()
    is_common = papers_with >= max(LEAST_COMMON, MAX_SHARE * vectors.shape[0])
    is_own = numpy.asarray((vectors[: len(own)] > 0).sum(axis=0)).ravel() > 0
    weights = numpy.where(is_own & ~is_common, model.coef_[0], 0.0)
    decided = model.decision_function(judged_vectors)
    return [
        Opinion(
            float(decided[number]),
            _find_terms(judged_vectors[number], weights, names, paper),
            _find_near(similarities[number], profile.papers),
        )
        for number, paper in enumerate(papers)
    ]


def _texts_of(papers: Sequence[LibraryPaper]) -> list[str]:
    return [join_text(paper.title, paper.abstract) for paper in papers]


def _find_terms(vector: Any, weights: Any, names: Any, paper: Paper) -> tuple[str, ...]:
    """Return the terms that speak most for a paper, none of which shares a word with another.

    A pair of words counts with what its words weigh by themselves.
    """
    weighed = {
        str(names[index]): float(value * weights[index])
        for index, value in zip(vector.indices, vector.data, strict=True)
        if weights[index] > 0
    }
    whole = {
        term: weight + sum(weighed.get(word, 0.0) for word in term.split() if word != term)
        for term, weight in weighed.items()
    }
    found: dict[str, str] = {}
    for term in sorted(whole, key=lambda term: (-whole[term], term)):
        if len(found) == MAX_TERMS:
            break
        if any(set(term.split()) & set(other.split()) for other in found):
            continue
        if printed := find_as_printed(term, paper.title, paper.abstract):
            found[term] = printed
    return tuple(found.values())


def _find_near(similarities: Any, papers: Sequence[LibraryPaper]) -> str:
    nearest = int(similarities.argmax())
    return papers[nearest].title if similarities[nearest] >= LEAST_SIMILARITY else ""
