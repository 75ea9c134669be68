"""The truth of a paper, from its plan and the marks that TeX wrote while it was typeset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf

from tests.benchmarks.generated.plan import Plan, PlannedFloat, PlannedHeading

SCALED_POINTS = 65536 * 72.27 / 72  # of TeX in a point of PDF
INK_DPI = 216
INK_THRESHOLD = 250  # grey values below this are ink
EDGE_POINTS = 0.5
FRINGE_POINTS = 1.0  # strokes and italics may reach this far out of their box
ENDS_WORDS = 9
ENDS_CHARACTERS = 24  # of Chinese and Japanese, about as much as nine words
CAPTION_START_CHARACTERS = 80

Box = Sequence[float]


class MissingMarkError(Exception):
    """A float or heading of the plan that is on no page."""


@dataclass
class Marks:
    """What TeX wrote down, in points from the lower left corner."""

    boxes: dict[str, tuple[int, Box]] = field(default_factory=dict)
    origins: dict[str, tuple[float, float]] = field(default_factory=dict)
    labels: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_marks(path: Path) -> Marks:
    """Read the lines of `truthmarks.sty`."""
    marks = Marks()
    for line in path.read_text("utf-8", errors="replace").splitlines():
        kind, name, page, *values = line.split(" ")
        if kind == "label":
            marks.labels[name] = (int(page), "".join(values))
            continue
        x, y, *extent = (int(value) / SCALED_POINTS for value in values)
        if kind == "origin":
            marks.origins[name] = (x, y)
        else:
            width, height, depth = extent
            marks.boxes[name] = (int(page), (x, y - depth, x + width, y + height))
    return marks


def make_truth(plan: Plan, marks: Marks, path: Path) -> dict[str, Any]:
    """Return the truth of a paper as JSON values."""
    with pymupdf.open(path) as pdf:
        floats = [_describe_float(plan, each, marks, pdf) for each in plan.floats]
        whole = [each for each in floats if _is_whole(each, pdf)]
        first, last = _take_ends(plan)
        return {
            "id": plan.stem,
            "title": plan.title,
            "abstract_first_words": first,
            "abstract_last_words": last,
            **_describe_headings(plan, marks),
            "figures": [each for each in whole if each["label"].startswith("Figure")],
            "tables": [each for each in whole if each["label"].startswith("Table")],
            "other_floats": [each for each in floats if each not in whole],
            "pages": pdf.page_count,
            "page_size": [pdf[0].rect.width, pdf[0].rect.height],
            "class": plan.document_class,
            "varied": [f"class: {plan.document_class}", *plan.varied],
            "sentences": plan.sentences,
            "notes": "typeset from a source of our own; places were written by TeX",
        }


def _is_whole(described: dict[str, Any], pdf: pymupdf.Document) -> bool:
    """Tell whether a float ends on its page, and does not run off it."""
    page = pdf[described["page"] - 1].rect
    x0, y0, x1, y1 = described["bbox"]
    edge = EDGE_POINTS
    return bool(x0 > edge and y0 > edge and x1 < page.width - edge and y1 < page.height - edge)


def _take_ends(plan: Plan) -> tuple[str, str]:
    if plan.language != "en":
        return plan.abstract[:ENDS_CHARACTERS], plan.abstract[-ENDS_CHARACTERS:]
    words = plan.abstract.split()
    return " ".join(words[:ENDS_WORDS]), " ".join(words[-ENDS_WORDS:])


def _describe_headings(plan: Plan, marks: Marks) -> dict[str, Any]:
    main = [h for h in plan.headings if h.level <= 2 and not h.run_in]
    rest = [h for h in plan.headings if h.level > 2 or h.run_in]
    return {
        "sections": [_describe_heading(plan, heading, marks) for heading in main],
        "sections_level3": [_describe_heading(plan, heading, marks) for heading in rest],
        "references": {"heading": "References", "page": 0},
    }


def _describe_heading(plan: Plan, heading: PlannedHeading, marks: Marks) -> dict[str, Any]:
    if heading.name not in marks.labels:
        raise MissingMarkError(f"{plan.stem}: the heading {heading.title!r} is on no page")
    page, number = marks.labels[heading.name]
    number = number.strip(".")
    if plan.last_part_of_number:
        number = number.split("-")[-1].split(".")[-1]
    return {
        "number": number if heading.numbered else "",
        "title": heading.title,
        "level": heading.level,
        "page": page,
    }


def _describe_float(
    plan: Plan, planned: PlannedFloat, marks: Marks, pdf: pymupdf.Document
) -> dict[str, Any]:
    if planned.name not in marks.boxes or planned.name not in marks.labels:
        raise MissingMarkError(f"{plan.stem}: {planned.name} is on no page")
    page, box = marks.boxes[planned.name]
    if planned.name in marks.origins:
        box = turn_box(box, marks.origins[planned.name])
    label = f"{planned.kind.title()} {marks.labels[planned.name][1]}"
    return {
        "label": label,
        "page": page,
        "bbox": find_ink(pdf[page - 1], box),
        "caption_start": f"{label}: {planned.caption}"[:CAPTION_START_CHARACTERS],
        "caption": planned.caption,
        "kinds": planned.kinds,
    }


def turn_box(box: Box, origin: tuple[float, float]) -> Box:
    """Turn a box by 90 degrees against the clock about a point; y goes up."""
    (x0, y0, x1, y1), (x, y) = box, origin
    return x - (y1 - y), y + (x0 - x), x - (y0 - y), y + (x1 - x)


def find_ink(page: pymupdf.Page, box: Box) -> list[float]:
    """Shrink a box whose y goes up to the ink in it, in points from the top left corner."""
    height = page.rect.height
    x0, y0, x1, y1 = box
    fringe = (-FRINGE_POINTS, -FRINGE_POINTS, FRINGE_POINTS, FRINGE_POINTS)
    clip = (pymupdf.Rect(x0, height - y1, x1, height - y0) + fringe) & page.rect
    picture = page.get_pixmap(
        dpi=INK_DPI, clip=clip, annots=False, colorspace=pymupdf.csGRAY, alpha=False
    )
    rows = [
        bytes(picture.samples_mv[at * picture.stride : at * picture.stride + picture.width])
        for at in range(picture.height)
    ]
    inked = [at for at, row in enumerate(rows) if min(row) < INK_THRESHOLD]
    if not inked:
        raise MissingMarkError(f"no ink in {clip} on page {page.number + 1}")
    columns = [
        at
        for at in range(picture.width)
        if min(row[at] for row in rows[inked[0] : inked[-1] + 1]) < INK_THRESHOLD
    ]
    scale = 72 / INK_DPI
    return [
        round(edge * scale, 1)
        for edge in (
            picture.x + columns[0],
            picture.y + inked[0],
            picture.x + columns[-1] + 1,
            picture.y + inked[-1] + 1,
        )
    ]
