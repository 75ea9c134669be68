"""Group papers by what they are about, and name the words that tell the groups apart."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatpaper.domain import PostEntry, collect_texts
from chatpaper.domain.text.folding import fold_words

if TYPE_CHECKING:
    import numpy as np

# Fewer papers than these are one theme: a group of one is no theme.
MIN_PAPERS_TO_SPLIT = 4
# What a reader takes in at a glance.
MAX_THEMES = 8
# Groups that are hardly nearer to themselves than to each other (silhouette, -1 to 1) are one.
MIN_SILHOUETTE = 0.01
MAX_TERMS = 4
# Distances between rarer words add nothing, and their table grows with each paper.
MAX_FEATURES = 5000

# What a paper is about, in the words of its summary.
_ABOUT_FIELDS = ("title", "keywords", "tags", "tldr", "key_idea")
_WORD = r"(?u)\b[^\W\d_][\w-]+\b"


@dataclass(frozen=True, slots=True)
class Group:
    """The places of papers that are about the same, and the words that tell them from others."""

    places: tuple[int, ...]
    terms: tuple[str, ...]


def describe_entry(entry: PostEntry) -> str:
    """Return the words by which a paper is grouped: title, abstract and parts of its summary."""
    answers = entry.summary.answers
    said = (text for name in _ABOUT_FIELDS for text in collect_texts(answers.get(name, "")))
    # A word of the title tells more than one of the abstract.
    return "\n".join((entry.paper.title, entry.paper.title, entry.paper.abstract, *said))


def group_texts(texts: Sequence[str], common: Collection[str] = ()) -> tuple[Group, ...]:
    """Group texts by TF-IDF and Ward's linkage, the largest group first.

    There are as many groups as have the best silhouette. `common` are words that all of the texts
    are about, which name no group. The same texts always give the same groups.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        stop_words="english",
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=MAX_FEATURES,
        token_pattern=_WORD,
    )
    try:
        weights = vectorizer.fit_transform(texts).toarray()
    except ValueError:  # not a single word that could tell anything
        return (Group(tuple(range(len(texts))), ()),)
    labels = _label_rows(weights)
    words: Sequence[str] = vectorizer.get_feature_names_out().tolist()
    ignored = {word for phrase in common for word in fold_words(phrase).split()}
    groups = [
        Group(places, _name_group(weights, places, words, ignored))
        for label in sorted(set(labels))
        if (places := tuple(place for place, each in enumerate(labels) if each == label))
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.places), group.places)))


def _label_rows(weights: "np.ndarray[Any, Any]") -> list[int]:
    """Return the number of the group of each row."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import silhouette_score

    count = len(weights)
    best = (MIN_SILHOUETTE, [0] * count)
    for groups in range(2, min(MAX_THEMES, count // 2) + 1) if count >= MIN_PAPERS_TO_SPLIT else ():
        labels = AgglomerativeClustering(n_clusters=groups, linkage="ward").fit_predict(weights)
        # Rounded, so that the last bits of a sum do not decide between equal divisions.
        score = round(float(silhouette_score(weights, labels)), 6)
        if score > best[0]:
            best = (score, [int(label) for label in labels])
    return best[1]


def _name_group(
    weights: "np.ndarray[Any, Any]",
    places: Sequence[int],
    words: Sequence[str],
    ignored: Set[str],
) -> tuple[str, ...]:
    """Return the words that weigh more in a group than in all texts, the most telling first."""
    inside = weights[list(places)]
    lead = inside.mean(axis=0) - weights.mean(axis=0) * (len(places) < len(weights))
    # What only one paper of several says is its own matter.
    shared = (inside > 0).sum(axis=0) >= min(2, len(places))
    ranked = sorted(
        (-round(float(lead[number]), 6), word)
        for number, word in enumerate(words)
        if shared[number] and lead[number] > 0
    )
    chosen: list[str] = []
    for _, word in ranked:
        parts = set(fold_words(word).split())
        if parts <= ignored or any(parts & set(fold_words(other).split()) for other in chosen):
            continue
        chosen.append(word)
        if len(chosen) == MAX_TERMS:
            break
    return tuple(chosen)
