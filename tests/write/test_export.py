"""Exports, read back by the libraries and rules that others read them by."""

import csv
import io
import json
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from chatpaper.write.export.bibtex import assign_citation_keys, render_bibliography
from chatpaper.write.export.export import (
    COLUMNS,
    ExportedPaper,
    as_csv,
    as_json_lines,
    collect_papers,
    escape_formula,
)
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.site.post_folder import PostFolder
from tests.write.listings import POST, post, record

READER = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=True)


def parsed(*records: Any) -> BibliographyData:
    return parse_string(render_bibliography(records), "bibtex")


def shown(field: str) -> str:
    """Show a field as a reader of the bibliography sees it."""
    # The reader does not know these names, which every LaTeX does.
    named = field.replace(r"{\textbraceleft}", r"\{").replace(r"{\textbraceright}", r"\}")
    named = named.replace(r"{\textasciicircum}", "^")
    return str(READER.latex_to_text(named))


def title_of(text: str) -> str:
    (entry,) = parsed(record(title=text)).entries.values()
    return shown(entry.fields["title"])


def test_an_entry_says_what_arxiv_says() -> None:
    paper = record(
        "2407.18125",
        title="Self-supervised Pre-training & 50% of NeRF_3D",
        authors=(
            "Roberto Di Via",
            "Łukasz Ørsted Jr.",
            "The Big and Bold Collaboration",
            "José Núñez",
        ),
        published="2024-07-25T09:00:00+00:00",
        journal_ref="Proc. ICCV, pp. 1–3",
        doi="10.1109/TEST_{2}",
    )
    ((key, entry),) = parsed(paper).entries.items()
    assert key == "via2024selfsupervised"
    assert entry.type == "misc"
    fields = {name.lower(): value for name, value in entry.fields.items()}
    assert fields == {
        "title": r"{Self-supervised Pre-training {\&} 50{\%} of NeRF{\_}3D}",
        "year": "2024",
        "month": "July",
        "eprint": "2407.18125",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.CV",
        "doi": "10.1109/TEST_%7B2%7D",
        "url": "http://arxiv.org/abs/2407.18125v1",
        "note": r"Proc. ICCV, pp. 1{\textendash}3",
        "keywords": "扩散模型, 采样, cs.CV, cs.LG",
        "annote": r" {\textbullet} ".join(
            ["题目", "本文提出方法。", "要点一。（第 3 页）", "要点二。"]
        ),
    }
    names = [
        shown(
            " ".join(
                (
                    *person.first_names,
                    *person.middle_names,
                    *person.prelast_names,
                    *person.last_names,
                )
            )
        )
        for person in entry.persons["author"]
    ]
    assert names == [
        "Roberto Di Via",
        "Łukasz Ørsted",
        "The Big and Bold Collaboration",
        "José Núñez",
    ]
    assert shown(entry.persons["author"][1].lineage_names[0]) == "Jr."


def test_a_paper_from_elsewhere_has_no_eprint() -> None:
    (entry,) = parsed(record("my-file", abs_url="", published=None)).entries.values()
    assert not {"eprint", "archivePrefix", "url", "year"} & set(entry.fields)


@pytest.mark.parametrize(
    "title",
    [
        r"The $T_{max}$ of $\{a,b\}$",
        "cost: $5 and $10",
        r"odd $a}b{c$ braces",
        r"$\{x$ alone",
        r"an open \{ brace",
    ],
)
def test_maths_and_lone_braces_come_through(title: str) -> None:
    expected = (
        title.replace(r"\{a,b\}", r"\lbrace a,b\rbrace ")
        .replace(r"\{x", r"\lbrace x")
        .replace(r"\{ brace", "{ brace")
    )
    assert title_of(title) == expected


# All of these but the dollar, and the quotes and dashes that TeX joins to other signs.
SIGNS = "".join(map(chr, range(0x21, 0x7F))).translate(dict.fromkeys(map(ord, "$`'-\"<>,")))
LETTERS = (
    "".join(letter for letter in map(chr, range(0xC0, 0x17E)) if letter.isalpha())
    + "扩散模型αβ“”–—"
)


@settings(max_examples=150, deadline=None)
@given(st.text(SIGNS + LETTERS + " ", max_size=40))
def test_any_title_without_maths_comes_back_as_it_was(text: str) -> None:
    assert title_of(f"x{text}") == sanitize_line(latex_to_text(f"x{text}"))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_breaks_out_of_its_field(title: str, author: str) -> None:
    hostile = record(
        title=title, authors=(author, "B C"), comment=title, doi=author, journal_ref=title
    )
    entries = parsed(hostile, record("2")).entries
    assert len(entries) == 2
    assert set(next(iter(entries.values())).fields) <= {
        *("keywords", "annote"),
        *(
            "title",
            "year",
            "month",
            "eprint",
            "archivePrefix",
            "primaryClass",
            "doi",
            "url",
            "note",
        ),
    }


def test_keys_are_unique_and_newer_papers_never_change_them() -> None:
    same = [record(f"2607.{number:05d}", title="The Same Title") for number in range(30)]
    keys = assign_citation_keys(same)
    assert len(set(keys.values())) == 30
    assert (keys["2607.00000"], keys["2607.00001"], keys["2607.00027"]) == (
        "lovelace2026same",
        "lovelace2026samea",
        "lovelace2026sameaa",
    )
    assert assign_citation_keys(list(reversed(same[:10]))) == {
        name: keys[name] for name in list(keys)[:10]
    }


@pytest.mark.parametrize(
    ("author", "title", "key"),
    [
        ("张伟", "用小型扩散模型修补碑帖拓片", "zhang2026yongxiaoxingkuosanmo"),
        ("Øystein Ål III", "On the Way", "al2026way"),
        ("", "$x$", "anonymous2026paper"),
    ],
)
def test_keys_are_plain_letters(author: str, title: str, key: str) -> None:
    made = assign_citation_keys([record(title=title, authors=(author,))])["2607.00001"]
    assert made == key


def test_each_paper_is_exported_once_in_its_newest_version(tmp_path: Path) -> None:
    post(tmp_path, date(2026, 7, 2), "LLM", [record("1"), record("2")])
    post(tmp_path, date(2026, 7, 2), "NeRF", [record("1")])
    post(tmp_path, date(2026, 7, 4), "LLM", [record("2", version=2)])
    archive = PostFolder(tmp_path, tmp_path / "cache")
    lines = [json.loads(line) for line in as_json_lines(collect_papers(archive, None, None, ()))]
    assert [
        (line["arxiv_id"], line["version"], line["date"], line["topics"], line["posts"])
        for line in lines
    ] == [
        ("2", 2, "2026-07-04", ["LLM"], ["2026-07-04/LLM.md", "2026-07-02/LLM.md"]),
        ("1", 1, "2026-07-02", ["LLM", "NeRF"], ["2026-07-02/LLM.md", "2026-07-02/NeRF.md"]),
    ]
    assert {**lines[1], **json.loads(json.dumps(record("1")))} == lines[1]

    def ids(since: date | None, until: date | None, *topics: str) -> list[str]:
        return [paper.record["arxiv_id"] for paper in collect_papers(archive, since, until, topics)]

    assert ids(date(2026, 7, 3), None) == ["2"]
    assert ids(None, date(2026, 7, 3), "NeRF") == ["1"]
    assert ids(date(2026, 7, 5), None) == []


def test_papers_are_read_as_they_are_written(tmp_path: Path) -> None:
    def measure_peak(posts: int) -> int:
        folder = tmp_path / str(posts)
        for number in range(posts):
            day = date(2026, 7, 1) + timedelta(number)
            papers = [record(f"{number}.{paper}", comment="x" * 10_000) for paper in range(20)]
            post(folder, day, "LLM", papers)
        archive = PostFolder(folder, folder / "cache")
        archive.posts()
        tracemalloc.start()
        try:
            written = sum(1 for _ in as_json_lines(collect_papers(archive, None, None, ())))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert written == 20 * posts

    assert measure_peak(32) < 1.5 * measure_peak(8)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_table_is_what_excel_takes_for_utf_8(tmp_path: Path) -> None:
    post(
        tmp_path,
        date(2026, 7, 2),
        "扩散",
        [record(title='=HYPERLINK("http://evil.example","x")', comment='a\nb,"c"')],
    )
    text = "".join(as_csv(collect_papers(PostFolder(tmp_path, tmp_path / "cache"), None, None, ())))
    assert text.encode().startswith(b"\xef\xbb\xbfarxiv_id,version,")
    assert text.count("\r\n") == 2
    header, only = rows(text.removeprefix("\ufeff"))
    assert tuple(header) == COLUMNS
    cells = dict(zip(header, only, strict=True))
    assert cells["title"] == '\'=HYPERLINK("http://evil.example","x")'
    assert cells["comment"] == 'a\nb,"c"'
    assert (cells["topics"], cells["authors"]) == ("扩散", "Ada Lovelace; Łukasz Ørsted")
    assert (cells["translated_title"], cells["keywords"]) == ("题目", "扩散模型; 采样")
    assert cells["key_takeaways"] == "要点一。\n要点二。"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        min_size=1,
        max_size=3,
    )
)
def test_cells_come_back_once_our_apostrophe_is_taken_off(titles: list[str]) -> None:
    papers = [
        ExportedPaper(record(str(number), title=title), (POST,))
        for number, title in enumerate(titles)
    ]
    text = "".join(as_csv(papers)).removeprefix("\ufeff")
    back = [row[COLUMNS.index("title")] for row in rows(text)[1:]]
    assert [cell.removeprefix("'") for cell in back] == titles
    assert not [cell for cell in back if cell.lstrip(" ").startswith(tuple("=+-@\t\r＝＋－＠"))]


def test_what_is_no_formula_stays_as_it_is() -> None:
    assert [escape_formula(cell) for cell in ("a=b", "1-2", "", "中文")] == [
        "a=b",
        "1-2",
        "",
        "中文",
    ]
