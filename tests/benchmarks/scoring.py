"""Score readings of papers against what stands on their pages: pure functions on JSON.

A figure or table is right when label and page are right and the boxes' intersection over union is
0.8 or more, the criterion of PDFFigures 2.0 (Clark and Divvala, 2016). A heading is right when its
wording and its page are.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RIGHT_OVERLAP = 0.8
# What is drawn but has no truth of its own (algorithms, logos) is ignored where it overlaps by this
# much.
IGNORED_OVERLAP = 0.3
# Captions are compared by their beginning, which the truth holds.
CAPTION_LETTERS = 30

Paper = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """How many there are, how many were found, and how many were found that are not there."""

    true: int = 0
    found: int = 0
    extra: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.true + other.true, self.found + other.found, self.extra + other.extra)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        given = self.true + self.found + self.extra
        return 2 * self.found / given if given else 1.0


def letters(text: str) -> str:
    """Reduce a text to its letters and digits, without case and accents."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).lower() if mark.isalnum())


def label_key(label: str) -> str:
    """Return one key for "Fig. 3", "Figure 3" and "图 3"."""
    kind = "table" if re.match(r"\s*(tab|表)", label, re.IGNORECASE) else "figure"
    return kind + letters(re.sub(r"^\D*?(?=[\dIVX]+\b)", "", label))


def overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the intersection over union of two boxes."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0.0, width) * max(0.0, height)
    return (
        both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)
        if both
        else 0.0
    )


def pair_floats(
    truth: Paper, read: Paper, kind: str
) -> tuple[list[tuple[Paper, Paper | None]], list[Paper]]:
    """Pair each true figure or table with the one read, and return those read beside them."""
    left = [figure for figure in read["figures"] if figure["kind"] == kind]
    pairs: list[tuple[Paper, Paper | None]] = []
    for wanted in truth["figures"] if kind == "figure" else truth["tables"]:
        same = next((got for got in left if _is_same_float(got, wanted)), None)
        if same is not None:
            left.remove(same)
        pairs.append((wanted, same))
    return pairs, left


def score_floats(truth: Paper, read: Paper, kind: str) -> Score:
    """Score the figures or tables of one paper."""
    pairs, left = pair_floats(truth, read, kind)
    ignored = [other for other in truth.get("other_floats", ()) if other.get("bbox")]
    return Score(
        len(pairs),
        sum(got is not None for _, got in pairs),
        sum(not _is_ignored(got, ignored) for got in left),
    )


def list_ratable_floats(truth: Paper, read: Paper) -> Iterator[tuple[Paper, bool]]:
    """List the figures and tables read that count, and whether each is right."""
    ignored = [other for other in truth.get("other_floats", ()) if other.get("bbox")]
    for kind in ("figure", "table"):
        pairs, left = pair_floats(truth, read, kind)
        yield from ((got, True) for _, got in pairs if got is not None)
        yield from ((got, False) for got in left if not _is_ignored(got, ignored))


def _is_same_float(got: Paper, wanted: Paper) -> bool:
    return bool(
        got["page"] == wanted["page"]
        and label_key(got["label"]) == label_key(wanted["label"])
        and overlap(got["bbox"], wanted["bbox"]) >= RIGHT_OVERLAP
    )


def _is_ignored(got: Paper, ignored: Iterable[Paper]) -> bool:
    return any(
        got["page"] == o["page"] and overlap(got["bbox"], o["bbox"]) > IGNORED_OVERLAP
        for o in ignored
    )


def score_captions(truth: Paper, read: Paper) -> Score:
    """Score the captions of the figures and tables found, by how they begin."""
    pairs = [
        (wanted, got)
        for wanted in (*truth["figures"], *truth["tables"])
        for got in read["figures"]
        if _is_same_float(got, wanted)
    ]
    right = sum(
        letters(wanted["caption_start"]).startswith(
            letters(got["label"] + got["caption"])[:CAPTION_LETTERS]
        )
        or letters(got["caption"])[:CAPTION_LETTERS] in letters(wanted["caption_start"])
        for wanted, got in pairs
    )
    return Score(len(pairs), right, len(pairs) - right)


def score_whole_captions(truth: Paper, read: Paper) -> Score:
    """Score the captions of the figures and tables found from their first to their last letter.

    Only truths that have whole captions count.
    """
    pairs = [
        (wanted, got)
        for kind in ("figure", "table")
        for wanted, got in pair_floats(truth, read, kind)[0]
        if got is not None and wanted.get("caption")
    ]
    right = sum(
        letters(wanted["caption"])
        in (letters(got["caption"]), letters(got["label"] + got["caption"]))
        for wanted, got in pairs
    )
    return Score(len(pairs), right, len(pairs) - right)


def score_title(truth: Paper, read: Paper) -> Score:
    """Score the title of one paper, whole."""
    return _score_one(letters(truth["title"]) == letters(read["title"]), found=bool(read["title"]))


def score_abstract(truth: Paper, read: Paper) -> Score:
    """Score the abstract of one paper, by its first and last words."""
    first, last = (letters(truth.get(f"abstract_{end}_words") or "") for end in ("first", "last"))
    if not first:
        return Score()
    got = letters(read["abstract"])
    return _score_one(got.startswith(first) and got.endswith(last), found=bool(got))


def _score_one(right: bool, *, found: bool) -> Score:
    return Score(1, int(right), int(found and not right))


def score_reading_order(truth: Paper, read: Paper) -> Score:
    """Score sentences of the running text: those found whole, in the order of the truth.

    Sentences that come too early or too late are extra ones.
    """
    text = letters(" ".join(section["text"] for section in read["sections"]))
    sentences = [letters(sentence) for sentence in truth.get("sentences", ())]
    places = [place for sentence in sentences if (place := text.find(sentence)) >= 0]
    # The last places of the longest rising series of each length.
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return Score(len(sentences), len(ends), len(places) - len(ends))


def score_headings(truth: Paper, read: Paper) -> Score:
    """Score headings of the first two levels; deeper ones do not count."""
    true = Counter((letters(heading["title"]), heading["page"]) for heading in truth["sections"])
    got = Counter(
        (letters(section["title"]), section["page"])
        for section in read["sections"]
        if section["title"] and section["level"] <= 2
    )
    spared = {letters(heading["title"]) for heading in truth.get("sections_level3", ())}
    spared |= {letters(name) for name in ("Abstract", "References", "Bibliography", truth["title"])}
    spared.add(letters((truth.get("references") or {}).get("heading") or ""))
    extra = sum(count for (title, _), count in (got - true).items() if title not in spared)
    return Score(true.total(), (true & got).total(), extra)


def score_cells(true: Sequence[Sequence[str]], read: Sequence[Sequence[str]] | None) -> Score:
    """Cells of one table: a text is right in its row and its column; empty cells do not count."""
    wanted, got = _place_texts(true), _place_texts(read or ())
    found = sum(got.get(place) == text for place, text in wanted.items())
    return Score(len(wanted), found, len(got) - found)


def _place_texts(rows: Sequence[Sequence[str]]) -> dict[tuple[int, int], str]:
    return {
        (row, column): fold_cell(text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    }


def fold_cell(text: str) -> str:
    """Fold a cell for comparison: no spaces, no marks of indices and powers, one kind of dash."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s^_{}]", "", re.sub("[−–—]", "-", plain))
