"""The example library is sound: PDFs, their truth and the metadata beside them agree."""

import json
import re
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pymupdf
import pytest

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
STEMS = sorted(pdf.stem for pdf in LIBRARY.glob("*.pdf"))
METADATA = {
    record["file"]: record for record in json.loads((LIBRARY / "metadata.json").read_text("utf-8"))
}
KNOWN_KEYS = {
    "file",
    "title",
    "authors",
    "abstract",
    "version",
    "published",
    "updated",
    "categories",
    "comment",
    "doi",
    "journal_ref",
    "license",
}
LARGEST_PDF_BYTES = 1_000_000
LARGEST_LIBRARY_BYTES = 6_000_000
WHITE = 250  # grey values from here on are paper
SHINGLE_WORDS = 5
# Floats, footnotes, displayed maths and page breaks interrupt the text of the page, but not that of
# the truth.
LOWEST_SHARE_OF_SHINGLES = 0.85
MATHS = re.compile(r"⟦[^⟧]*⟧")


def truth_of(stem: str) -> Any:
    return json.loads((LIBRARY / "truth" / f"{stem}.json").read_text("utf-8"))


def letters(text: str) -> str:
    composed = unicodedata.normalize("NFKD", text).lower()
    return "".join(character for character in composed if character.isalnum())


def words(text: str) -> list[str]:
    """Split a text into words of letters and digits; a Chinese character is a word of its own."""
    spaced = re.sub(r"([\u3000-\u9fff\uff00-\uffef])", r" \1 ", unicodedata.normalize("NFKC", text))
    return [word for word in map(letters, spaced.split()) if word]


def printed_text(stem: str) -> str:
    """Return all text of a PDF, also beyond the edges of its pages.

    Page numbers and line numbers that stand alone on a line are left out.
    """
    with pymupdf.open(LIBRARY / f"{stem}.pdf") as pdf:
        text = "\n".join(page.get_text(clip=pymupdf.INFINITE_RECT()) for page in pdf)
    return re.sub(r"\n\d+\n", "\n", text)  # page numbers and line numbers


def both_readings(text: str) -> str:
    """Return the text with hyphens at line ends taken out, followed by the text with them kept."""
    return re.sub(r"[-\u2010]\n", "", text) + "\n" + re.sub(r"([-\u2010])\n", r"\1", text)


def bodies(truth: Any) -> str:
    return "\n".join(MATHS.sub(" ", section["text"]) for section in truth["body_text"])


def test_the_library_is_complete_and_small() -> None:
    assert len(STEMS) >= 12
    assert {path.stem for path in (LIBRARY / "truth").glob("*.json")} == set(STEMS)
    assert {stem for stem in STEMS if not (LIBRARY / "sources" / f"{stem}.tex").exists()} == set()
    committed = [
        path for path in LIBRARY.rglob("*") if path.is_file() and "build" not in path.parts
    ]
    assert sum(path.stat().st_size for path in committed) < LARGEST_LIBRARY_BYTES


@pytest.mark.parametrize("stem", STEMS)
def test_a_pdf_opens_is_small_and_has_the_pages_of_its_truth(stem: str) -> None:
    path, truth = LIBRARY / f"{stem}.pdf", truth_of(stem)
    assert path.stat().st_size < LARGEST_PDF_BYTES
    with pymupdf.open(path) as pdf:
        assert not pdf.is_repaired
        assert pdf.page_count == truth["pages"]
        assert 2 <= pdf.page_count <= 6
        assert [round(edge, 1) for edge in pdf[0].rect[2:]] == truth["page_size"]


@pytest.mark.parametrize("stem", STEMS)
def test_the_title_stands_on_the_first_page_or_in_the_description_of_a_scan(stem: str) -> None:
    truth = truth_of(stem)
    with pymupdf.open(LIBRARY / f"{stem}.pdf") as pdf:
        shown = pdf.metadata["title"] if truth["scanned"] else pdf[0].get_text()
        assert bool(pdf[0].get_text().strip()) is not truth["scanned"]
    assert letters(truth["title"]) in letters(shown)


@pytest.mark.parametrize("file", METADATA)
def test_a_record_agrees_with_the_truth_of_its_paper(latex_text: ModuleType, file: str) -> None:
    record, truth = METADATA[file], truth_of(Path(file).stem)
    assert set(record) <= KNOWN_KEYS
    assert record["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    for key in ("title", "abstract"):  # which may hold TeX between dollars, as on arXiv
        assert letters(latex_text.Source(record[key]).text({}, {}, False, marked=False)) == letters(
            truth[key]
        )
    assert all(author == " ".join(author.split()) for author in record["authors"])
    published, updated = (datetime.fromisoformat(record[key]) for key in ("published", "updated"))
    assert published.tzinfo is not None
    assert (published.year, published.month) == (2026, 11)
    assert published <= updated


def test_most_papers_have_a_record_and_some_have_none() -> None:
    assert set(METADATA) <= {f"{stem}.pdf" for stem in STEMS}
    assert 1 <= len(STEMS) - len(METADATA) <= 2


def test_most_papers_are_about_diffusion_models_and_one_is_not() -> None:
    about = [
        stem
        for stem in STEMS
        if "diffusion model" in (truth_of(stem)["title"] + truth_of(stem)["abstract"]).lower()
    ]
    assert len(about) == len(STEMS) - 1


@pytest.mark.parametrize("stem", STEMS)
def test_every_box_lies_in_its_page_and_touches_ink_on_all_sides(stem: str) -> None:
    truth = truth_of(stem)
    with pymupdf.open(LIBRARY / f"{stem}.pdf") as pdf:
        for part in truth["figures"] + truth["tables"] + truth["other_floats"]:
            page, box = pdf[part["page"] - 1], pymupdf.Rect(part["bbox"])
            assert page.rect.contains(box), part["label"]
            for side in (
                (box.x0, box.y0, box.x1, box.y0 + 1),
                (box.x0, box.y1 - 1, box.x1, box.y1),
                (box.x0, box.y0, box.x0 + 1, box.y1),
                (box.x1 - 1, box.y0, box.x1, box.y1),
            ):
                strip = page.get_pixmap(
                    dpi=288, clip=pymupdf.Rect(side), annots=False, colorspace=pymupdf.csGRAY
                )
                assert min(strip.samples) < WHITE, (part["label"], side)


@pytest.mark.parametrize("stem", STEMS)
def test_a_caption_stands_outside_of_its_box_on_its_page(stem: str) -> None:
    truth = truth_of(stem)
    with pymupdf.open(LIBRARY / f"{stem}.pdf") as pdf:
        for part in truth["figures"] + truth["tables"]:
            page, start = pdf[part["page"] - 1], letters(part["caption_start"])[:20]
            assert start in letters(both_readings(page.get_text())), part["label"]
            assert start not in letters(page.get_text(clip=pymupdf.Rect(part["bbox"]))), part[
                "label"
            ]


@pytest.mark.parametrize("stem", STEMS)
def test_headings_stand_on_their_pages(stem: str) -> None:
    truth = truth_of(stem)
    with pymupdf.open(LIBRARY / f"{stem}.pdf") as pdf:
        for heading in [*truth["sections"], *truth["sections_level3"]]:
            shown = letters(pdf[heading["page"] - 1].get_text())
            assert letters(heading["number"] + heading["title"]) in shown, heading
        if truth["references"]["heading"]:
            assert letters(truth["references"]["heading"]) in letters(
                pdf[truth["references"]["page"] - 1].get_text()
            )


@pytest.mark.parametrize("stem", STEMS)
def test_every_word_of_the_body_and_the_abstract_is_printed(stem: str) -> None:
    truth = truth_of(stem)
    if truth["scanned"]:
        assert truth["body_text"] == []
        return
    printed = Counter(words(both_readings(printed_text(stem))))
    missing = Counter(words(bodies(truth))) - printed
    assert sum(missing.values()) <= 0.01 * len(words(bodies(truth))), missing


@pytest.mark.parametrize("stem", STEMS)
def test_the_body_reads_as_the_page_does(stem: str) -> None:
    truth = truth_of(stem)
    stream = letters(both_readings(printed_text(stem)))
    for section in truth["body_text"]:
        for piece in MATHS.split(section["text"]):
            run = words(piece)
            shingles = [
                "".join(run[i : i + SHINGLE_WORDS]) for i in range(len(run) - SHINGLE_WORDS + 1)
            ]
            if len(shingles) > 4 * SHINGLE_WORDS:
                share = sum(shingle in stream for shingle in shingles) / len(shingles)
                assert share >= LOWEST_SHARE_OF_SHINGLES, (section["title"], piece)


@pytest.mark.parametrize("stem", STEMS)
def test_body_text_has_one_entry_for_every_heading(stem: str) -> None:
    truth = truth_of(stem)
    headings = Counter(
        (h["number"], h["title"]) for h in truth["sections"] + truth["sections_level3"]
    )
    assert Counter((part["number"], part["title"]) for part in truth["body_text"]) == headings


@pytest.mark.parametrize("stem", STEMS)
def test_numerals_of_the_abstract_occur_again_in_the_paper(stem: str) -> None:
    source = (LIBRARY / "sources" / f"{stem}.tex").read_text("utf-8")
    rest = source.partition("\\end{abstract}")[2]
    for numeral in re.findall(r"\d+(?:[.,]\d+)*", truth_of(stem)["abstract"]):
        assert re.search(rf"(?<![\d.]){re.escape(numeral)}(?!\d)", rest), numeral


def test_hidden_text_is_in_the_file_and_nowhere_in_the_body() -> None:
    truth = truth_of("guidance-saturation")
    assert {part["kind"] for part in truth["hidden_text"]} == {"white", "tiny", "off", "invisible"}
    stream = letters(both_readings(printed_text("guidance-saturation")))
    for part in truth["hidden_text"]:
        assert letters(part["text"]) in stream, part["kind"]
        assert part["text"] not in bodies(truth)


def test_hidden_text_leaves_no_ink_that_can_be_read() -> None:
    with pymupdf.open(LIBRARY / "guidance-saturation.pdf") as pdf:
        for part in truth_of("guidance-saturation")["hidden_text"]:
            page = pdf[part["page"] - 1]
            for box in page.search_for(part["text"][:30]):
                shown = page.get_pixmap(dpi=144, clip=box, colorspace=pymupdf.csGRAY)
                assert part["kind"] == "tiny" or min(shown.samples) >= WHITE
                assert box.height < 2 or part["kind"] != "tiny"


@pytest.mark.parametrize("stem", STEMS)
def test_a_source_needs_nothing_from_outside(stem: str) -> None:
    source = (LIBRARY / "sources" / f"{stem}.tex").read_text("utf-8")
    for image in re.findall(r"\\includegraphics(?:\[[^]]*\])?\{([^}]+)\}", source):
        assert (LIBRARY / "sources" / "figures" / image).exists(), image
    assert not re.search(r"\\(?:input|include|bibliography)\{", source)
    hosts = re.findall(r"https?://([^}\s]+)", source)
    assert all(
        re.match(r"chatpaper-examples\.github\.io/|git(?:hub|lab)\.com/chatpaper-examples/", host)
        for host in hosts
    )
    assert truth_of(stem)["scanned"] or {f"https://{host}" for host in hosts} == set(
        truth_of(stem)["links"]
    )
