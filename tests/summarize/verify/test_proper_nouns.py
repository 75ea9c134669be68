"""Places and persons that a text names in Chinese and the paper does not."""

import pytest

from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.names.institutions import join_for_names
from chatpaper.summarize.verify.names.proper_nouns import find_missing_proper_nouns
from chatpaper.summarize.verify.terms import find_proper_nouns

PAPER = join_for_names(
    [
        "Cartesian waypoints are sorted by their ℓ2 length, with MC dropout.",
        "1Lake University 2Carnegie Mellon University",
        "Dunes of the Hobq Desert, measured in Zürich by Danish crews every two weeks.",
    ]
)


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("按开普勒定律排序。", ["开普勒"]),
        ("沙丘位于塔克拉玛干沙漠。", ["塔克拉玛干"]),
        ("由瑞典的团队测量。", ["瑞典"]),
        # The paper has an adjective of the name, or another word for what is called by it.
        ("按笛卡尔坐标排序。", []),
        ("按欧氏距离排序。", []),
        ("蒙特卡洛采样两次。", []),
        ("由丹麦的团队测量。", []),
        ("每两周一次。", []),
        # The number of an affiliation, an accent and another spelling do not hide it.
        ("作者来自卡内基梅隆大学。", []),
        ("作者来自卡内基。", []),
        ("在苏黎世测量。", []),
        ("沙丘位于库布齐沙漠。", []),
    ],
)
def test_a_place_or_person_that_the_paper_lacks_is_missing(
    sentence: str, missing: list[str]
) -> None:
    assert [name for _, name in find_missing_proper_nouns(sentence, (PAPER,))] == missing


def test_the_name_of_a_university_is_judged_as_a_whole() -> None:
    assert list(find_missing_proper_nouns("作者来自卡内基梅隆大学。", ("Nothing.",))) == []


def test_the_table_has_other_names_for_those_of_the_dictionary_alone() -> None:
    table = load_table(
        "chatpaper.summarize.verify.names", "lists/proper_nouns.toml", dict[str, dict[str, str]]
    )
    known = {
        term: [each for _, each, _ in find_proper_nouns(term)] for term in table["also_called"]
    }
    assert [term for term, found in known.items() if found != [term]] == []
    assert [term for term in table["further"] if list(find_proper_nouns(term))] == []
