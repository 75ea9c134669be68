"""Who works where by the first page, and statements that say otherwise."""

import pytest

from chatpaper.summarize.verify.hints.detect import Hint, find_hints
from chatpaper.summarize.verify.names.bylines import parse_byline
from chatpaper.summarize.verify.names.institutions import find_institutions

MARKED = """Ann Brook∗1, Bo Hill∗1,2, Wei Zhang2 and Lena van der Berg3†
1Department of Rivers, Stanford University, USA
2 Google Research
3Tsinghua University
{abrook, bhill}@lake.edu
∗These authors contributed equally"""
SPACED = """Ann Brook 1* Bo Hill 2 Lena Ford 12
1 Lake University
2 River Institute of Technology, Hill-
town"""
PAPER = "We study rivers.\n\nThe gates close at night."


@pytest.mark.parametrize(
    ("front_matter", "places"),
    [
        (
            MARKED,
            {
                "Ann Brook": {0},
                "Bo Hill": {0, 1},
                "Wei Zhang": {1},
                "Lena van der Berg": {2},
            },
        ),
        # Marks that stand apart are no beginnings of institutions; 12 is the first and the second.
        (SPACED, {"Ann Brook": {0}, "Bo Hill": {1}, "Lena Ford": {0, 1}}),
        # One who has no mark is bound to nothing, nor is anybody where there are no marks.
        ("Ann Brook1, Bo Hill2, Lena Ford\n1Lake University\n2River College", "Ann Brook Bo Hill"),
        ("Ann Brook, Bo Hill\nLake University", ""),
    ],
)
def test_marks_bind_authors(front_matter: str, places: dict[str, set[int]] | str) -> None:
    found = parse_byline(front_matter).places
    assert (" ".join(found) if isinstance(places, str) else found) == places


def test_institutions_are_read_whole() -> None:
    assert parse_byline(SPACED).institutions == (
        "Lake University",
        "River Institute of Technology, Hilltown",
    )
    assert parse_byline(MARKED).institutions[1:] == ("Google Research", "Tsinghua University")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("来自斯坦福大学和谷歌研究院", ["斯坦福大学", "谷歌"]),
        ("北京工业大学不是北京大学", ["北京工业大学", "北京大学"]),
        ("She is with Lake University.", ["Lake University"]),
        ("南北大学与北京的河", []),
    ],
)
def test_institutions_are_found_by_usual_names(text: str, found: list[str]) -> None:
    institutions = ("School of Rivers, Lake University",)
    assert [each.text for each in find_institutions(text, institutions)] == found


@pytest.mark.parametrize(
    ("front_matter", "statement"),
    [
        (MARKED, "Brook 属于谷歌研究院，Hill 同时属于斯坦福大学。"),
        (MARKED, "三位作者来自斯坦福大学，张伟隶属清华大学。"),
        (MARKED, "Lena van der Berg is with Google Research."),
        (MARKED, "作者来自斯坦福大学和百度。"),
    ],
)
def test_misplaced_authors_are_found(front_matter: str, statement: str) -> None:
    assert [hint.kind for hint in _certain(front_matter, statement)] == ["name"]


@pytest.mark.parametrize(
    ("front_matter", "statement"),
    [
        (MARKED, "Hill 属于谷歌研究院，Brook 与 Hill 同属斯坦福大学。"),
        (MARKED, "张伟来自谷歌，Berg 来自清华大学。"),
        (MARKED, "Brook 和 Berg 分别来自清华大学和斯坦福大学。"),
        (MARKED, "Brook 曾就职于谷歌研究院。"),
        (MARKED, "Brook, Hill, and Zhang are with Stanford University and Google Research."),
        # Nobody is said to be at an institution that the paper compares with.
        (MARKED, "它与麻省理工学院的系统相比更快。"),
    ],
)
def test_authors_where_they_are_bound_are_left_alone(front_matter: str, statement: str) -> None:
    assert not _certain(front_matter, statement)


def _certain(front_matter: str, statement: str) -> list[Hint]:
    hints = find_hints(statement, "", "", paper_text=PAPER, front_matter=front_matter)
    return [hint for hint in hints if hint.is_certain]
