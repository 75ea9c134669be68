"""Derive the truth of each paper from its source and its pages.

The sources are its LaTeX, LaTeX's own notes in `build/`, and the ink of the page.

python build.py && python make_truth.py [STEM ...]

Titles, captions and running text come from the source; numbers and pages from the `.aux` file;
boxes from the `.boxes` file of `library.sty`, shrunk to the ink of the page. Needs PyMuPDF and
numpy.
"""

import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pymupdf
from build import BUILD, LIBRARY, SCANNED_PAPERS, SOURCES
from latex_text import Source, arguments, environments, without_comments

SCALED_POINTS = 65536 * 72.27 / 72  # of TeX in a point of PDF
INK_DPI = 288
INK_THRESHOLD = 250  # grey values below this are ink
FRINGE_POINTS = 1.0  # strokes and italics may reach this far out of their box
ABSTRACT_ENDS_WORDS = 9
CHINESE_CHARACTERS = 24  # about as much as nine words
CAPTION_START_CHARACTERS = 80

CAPTION_FORMS = {
    "article": ("Figure {}:", "Table {}:"),
    "IEEEtran": ("Fig. {}.", "TABLE {}"),
    "acmart": ("Figure {}:", "Table {}:"),
    "llncs": ("Fig. {}.", "Table {}."),
    "revtex4-2": ("FIG. {}.", "TABLE {}."),
    "ctexart": ("图 {}:", "表 {}:"),
}
LABELS = {"ctexart": ("图 {}", "表 {}")}
UPPER_CASE_LEVELS = {"IEEEtran": {1}, "acmart": {1}, "revtex4-2": {1}}
PRINTS_LAST_PART_OF_NUMBER = {"IEEEtran", "revtex4-2"}
REFERENCES_HEADINGS = {
    "IEEEtran": "REFERENCES",
    "acmart": "REFERENCES",
    "revtex4-2": "",
    "ctexart": "参考文献",
}
LEVELS = {"section": 1, "subsection": 2, "subsubsection": 3}
HEADING = re.compile(
    r"\\(section|subsection|subsubsection)(\*?)(?=\{)"
    r"|\\begin\{(acks|acknowledgments|thebibliography)\}|\\appendix\b|\\appendices\b"
)


@dataclass
class Notes:
    """What LaTeX wrote down.

    That is numbers and pages of labels, boxes of float bodies, and numbers of citations.
    """

    numbers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    citations: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[int, list[float]]] = field(default_factory=dict)


def read_notes(stem: str, page_height: float) -> Notes:
    """Read the `.aux` and `.boxes` files of a paper."""
    notes = Notes()
    aux = (BUILD / f"{stem}.aux").read_text(encoding="utf-8", errors="replace")
    for found in re.finditer(r"\\newlabel\{([^}]+)\}\{", aux):
        number, page = arguments(aux, found.end(), 2)
        notes.numbers[found[1]] = re.sub(r"\{|\}|\\\w+\s*", "", number)
        if page.isdigit():
            notes.pages[found[1]] = int(page)
    for found in re.finditer(r"\\bibcite\{([^}]+)\}\{", aux):
        inner, _ = Source(aux).group(found.end() - 1)
        parts = arguments(inner, 0, 3) if inner.startswith("{") else [inner, "", ""]
        authors = parts[2].strip("{}").replace("et~al.", "et al.")
        notes.citations[found[1]] = f"{parts[0]}|{authors}|{parts[1].strip('{}')}"
    for line in (BUILD / f"{stem}.boxes").read_text().splitlines():
        label, page, *numbers = line.split()
        x, y, width, height, depth = (int(n) / SCALED_POINTS for n in numbers)
        box = [x, page_height - y - height, x + width, page_height - y + depth]
        notes.boxes[label] = (int(page), box)
    return notes


def ink_box(page: pymupdf.Page, box: list[float]) -> list[float]:
    """Shrink a box to the ink inside of it."""
    x0, y0, x1, y1 = box
    wide = pymupdf.Rect(
        x0 - FRINGE_POINTS, y0 - FRINGE_POINTS, x1 + FRINGE_POINTS, y1 + FRINGE_POINTS
    )
    picture = page.get_pixmap(
        dpi=INK_DPI, clip=wide & page.rect, annots=False, colorspace=pymupdf.csGRAY, alpha=False
    )
    grey = np.frombuffer(picture.samples, dtype=np.uint8).reshape(picture.height, picture.stride)[
        :, : picture.width
    ]
    rows, columns = (
        np.where((grey < INK_THRESHOLD).any(axis=1))[0],
        np.where((grey < INK_THRESHOLD).any(axis=0))[0],
    )
    scale = 72 / INK_DPI
    ink = [
        picture.x + columns[0],
        picture.y + rows[0],
        picture.x + columns[-1] + 1,
        picture.y + rows[-1] + 1,
    ]
    return [round(float(edge) * scale, 1) for edge in ink]


@dataclass
class Paper:
    """A source with all that is needed to read it."""

    stem: str
    document_class: str
    source: Source
    notes: Notes
    pdf: pymupdf.Document

    def text(self, latex: str, *, marked: bool = True) -> str:
        """Return LaTeX as printed, with inline maths between marks."""
        return Source(latex).text(
            self.notes.numbers, self.notes.citations, self.cites_by_author, marked=marked
        )

    @property
    def cites_by_author(self) -> bool:
        """Whether citations print authors and years rather than numbers."""
        return "[round]{natbib}" in self.source.preamble


def open_paper(stem: str) -> Paper:
    """Read source, notes and PDF of a paper that has been built."""
    latex = without_comments((SOURCES / f"{stem}.tex").read_text(encoding="utf-8"))
    found = re.search(r"\\documentclass(?:\[.*?\])?\{(.+?)\}", latex)
    assert found
    pdf = pymupdf.open(LIBRARY / f"{stem}.pdf")
    return Paper(stem, found[1], Source(latex), read_notes(stem, pdf[0].rect.height), pdf)


def printed_number(paper: Paper, label: str) -> str:
    """Return a heading's number as the page shows it."""
    number = paper.notes.numbers[label].strip(". ")
    if paper.document_class in PRINTS_LAST_PART_OF_NUMBER:
        number = re.split(r"[- ~]|\\,", number)[-1]
    return number


def one_heading(
    paper: Paper, found: re.Match[str], after: str, in_appendix: bool
) -> tuple[dict[str, object], str]:
    """Read a heading, and return it with the LaTeX that follows it."""
    if found[3]:
        title, level, rest, starred = "Acknowledgments", 1, after, True
    else:
        latex, end = Source(after).group(0)
        title, level, rest, starred = (
            paper.text(latex, marked=False),
            LEVELS[found[1]],
            after[end:],
            bool(found[2]),
        )
    label = re.search(r"\\label\{(sec:[^}]+)\}", after)
    assert label, f"{paper.stem}: no label after {title}"
    numbered = not starred and "\\setcounter{secnumdepth}{0}" not in paper.source.preamble
    if level in UPPER_CASE_LEVELS.get(paper.document_class, ()) and not (
        in_appendix and paper.document_class == "revtex4-2"
    ):
        title = title.upper()
    heading: dict[str, object] = {
        "number": printed_number(paper, label[1]) if numbered else "",
        "title": title,
        "level": level,
        "page": paper.notes.pages[label[1]],
    }
    if in_appendix:
        heading["appendix"] = True
    return heading, rest


def headings_with_text(paper: Paper) -> list[tuple[dict[str, object], str]]:
    """Return every heading in reading order with the LaTeX under it.

    The bibliography ends a section and has none.
    """
    body, found_all, in_appendix = paper.source.body, [], False
    marks = list(HEADING.finditer(body))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        after = body[mark.end() : following.start() if following else len(body)]
        if "append" in mark[0]:
            in_appendix = True
        elif mark[3] != "thebibliography":
            found_all.append(one_heading(paper, mark, after, in_appendix))
    return found_all


def floats(paper: Paper, kind: str) -> list[dict[str, object]]:
    """Return figures or tables in the order of their numbers."""
    found = []
    form = CAPTION_FORMS[paper.document_class][kind == "table"]
    label_form = LABELS.get(paper.document_class, ("Figure {}", "Table {}"))[kind == "table"]
    for latex in environments(paper.source.body, f"(?:wrap)?{kind}"):
        for at in re.finditer(
            r"\\caption(?=\{)",
            re.sub(
                r"\\begin\{subfigure\}.*?\\end\{subfigure\}",
                lambda m: " " * len(m[0]),
                latex,
                flags=re.DOTALL,
            ),
        ):
            caption, end = Source(latex).group(at.end())
            label = re.search(r"\\label\{([^}]+)\}", latex[end:])
            assert label
            number = paper.notes.numbers[label[1]]
            page, box = paper.notes.boxes[label[1]]
            whole = f"{form.format(number)} {paper.text(caption, marked=False)}"
            found.append(
                {
                    "label": label_form.format(number),
                    "page": page,
                    "bbox": ink_box(paper.pdf[page - 1], box),
                    "caption_start": whole[:CAPTION_START_CHARACTERS],
                    "caption": whole,
                }
            )
    return sorted(found, key=lambda each: (each["page"], str(each["label"])))


def other_floats(paper: Paper) -> list[dict[str, object]]:
    """Return the algorithms."""
    found = []
    for latex in environments(paper.source.body, "algorithm"):
        label = re.search(r"\\label\{([^}]+)\}", latex)
        assert label
        page, box = paper.notes.boxes[label[1]]
        found.append(
            {
                "label": f"Algorithm {paper.notes.numbers[label[1]]}",
                "page": page,
                "bbox": ink_box(paper.pdf[page - 1], box),
            }
        )
    return found


def hidden_text(paper: Paper) -> list[dict[str, object]]:
    """Return the text that a reader cannot see, in the order of the source.

    `hidden` is given kind, label and text.
    """
    found = []
    for at in re.finditer(r"\\hidden(?=\{)", paper.source.body):
        kind, label, text = arguments(paper.source.body, at.end(), 3)
        found.append(
            {"page": paper.notes.pages[label], "kind": kind, "text": paper.text(text, marked=False)}
        )
    return found


def references(paper: Paper) -> dict[str, object]:
    """Return where the bibliography is and how many entries it has."""
    keys = re.findall(r"\\cited\{([^}]+)\}", paper.source.body)
    heading = REFERENCES_HEADINGS.get(paper.document_class, "References")
    return {"heading": heading, "page": paper.notes.pages[f"bib:{keys[0]}"], "count": len(keys)}


def links(paper: Paper) -> list[str]:
    """Return the addresses in the running text, in reading order, each once."""
    found = re.findall(
        r"\\(?:url|href|nolinkurl)\{([^}]+)\}|\\texttt\{(https?:[^}]+)\}", paper.source.body
    )
    return list(dict.fromkeys((a or b).replace("\\", "") for a, b in found))


def truth(stem: str) -> dict[str, object]:
    """Return all that is known of a paper."""
    paper = open_paper(stem)
    abstract = paper.text(paper.source.abstract, marked=False)
    words = abstract.split()
    pairs = headings_with_text(paper)
    shown = [] if stem in SCANNED_PAPERS else pairs
    return {
        "id": stem,
        "title": paper.text(paper.source.title, marked=False),
        "abstract_first_words": "" if stem in SCANNED_PAPERS else first_words(words),
        "abstract_last_words": "" if stem in SCANNED_PAPERS else last_words(words),
        "abstract": abstract,
        "sections": [h for h, _ in shown if h["level"] != LEVELS["subsubsection"]],
        "sections_level3": [h for h, _ in shown if h["level"] == LEVELS["subsubsection"]],
        "references": references(paper) if shown else {"heading": "", "page": 0, "count": 0},
        "figures": floats(paper, "figure") if shown else [],
        "tables": floats(paper, "table") if shown else [],
        "other_floats": other_floats(paper) if shown else [],
        "body_text": [
            {"number": h["number"], "title": h["title"], "text": paper.text(latex)}
            for h, latex in shown
        ],
        "hidden_text": hidden_text(paper),
        "links": links(paper) if shown else [],
        "scanned": stem in SCANNED_PAPERS,
        "pages": paper.pdf.page_count,
        "source_sha256": fingerprint(SOURCES / f"{stem}.tex"),
        "pdf_sha256": fingerprint(LIBRARY / f"{stem}.pdf"),
        "page_size": [round(paper.pdf[0].rect.width, 1), round(paper.pdf[0].rect.height, 1)],
    }


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, which shows when a truth is out of date."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def first_words(words: list[str]) -> str:
    """Return how an abstract begins; Chinese has no spaces and is cut by characters."""
    return (
        words[0][:CHINESE_CHARACTERS]
        if len(words) < ABSTRACT_ENDS_WORDS
        else " ".join(words[:ABSTRACT_ENDS_WORDS])
    )


def last_words(words: list[str]) -> str:
    """Return how an abstract ends."""
    return (
        words[-1][-CHINESE_CHARACTERS:]
        if len(words) < ABSTRACT_ENDS_WORDS
        else " ".join(words[-ABSTRACT_ENDS_WORDS:])
    )


def main() -> None:
    """Write the truth of the papers named on the command line, or of all."""
    (LIBRARY / "truth").mkdir(exist_ok=True)
    for stem in sys.argv[1:] or sorted(pdf.stem for pdf in LIBRARY.glob("*.pdf")):
        written = json.dumps(truth(stem), ensure_ascii=False, indent=1) + "\n"
        (LIBRARY / "truth" / f"{stem}.json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
