"""Captions in two languages, one below the other: "图 1 模型结构" and "Fig. 1 Model structure"."""

from chatpaper.domain import BBox
from chatpaper.domain.text.float_words import classify_float_word
from chatpaper.extract.boxes import overlap_width

# The second caption begins one leading below the last line of the first, or a little further.
MOST_STEP_SIZES = 2.4
# … and the first has hardly more than one line: a longer text is a paragraph that mentions the
# figure.
MOST_LINES = 2
# If captions come in two languages, nearly all do.
LEAST_TWINS_SHARE = 0.5


def label_same_float(first: str, second: str) -> bool:
    """Tell whether labels name one float in different words, as "图 1" and "Figure 1" do."""
    word, _, number = first.rpartition(" ")
    other, _, same = second.rpartition(" ")
    return (
        number == same
        and word != other
        and classify_float_word(word) == classify_float_word(other) is not None
    )


def follows(upper: BBox, lower: BBox, size: float) -> bool:
    """Tell whether the caption in `lower` stands right below that in `upper`.

    `size` is the type size in points.
    """
    step = lower.y0 - upper.y1
    return -size / 2 <= step <= MOST_STEP_SIZES * size and overlap_width(upper, lower) > 0


def may_follow(upper: BBox, lower: BBox, size: float) -> bool:
    """Tell the same from the first lines of both captions."""
    step = lower.y1 - upper.y1
    return 0 < step <= MOST_STEP_SIZES * size * MOST_LINES and overlap_width(upper, lower) > 0
