"""Where a passage stands on a page: across line ends, ligatures, columns and pages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.pdf.highlights import PageText, PageWord
from chatpaper.extract.worker import Extractor


def page_of(*lines: str) -> PageText:
    """Return a page with these lines, ten points high, each word ten points a letter wide."""
    words = []
    for number, line in enumerate(lines):
        left = 0.0
        for word in line.split():
            box = BBox(left, 10.0 * number, left + 10.0 * len(word), 10.0 * number + 10)
            words.append(PageWord(box, word, (0, number)))
            left = box.x1 + 10
    return PageText(words)


def lines_marked(page: PageText, passage: str) -> list[int]:
    return [round(box.y0 / 10) for box in page.list_line_boxes(page.find_passage(passage))]


def test_a_passage_is_found_across_hyphens_ligatures_and_line_ends() -> None:
    page = page_of("Some text before", "the e\ufb03cient diffu-", "sion model works", "and more")
    assert lines_marked(page, "the efficient diffusion model") == [1, 2]
    (first, second) = page.list_line_boxes(page.find_passage("the efficient diffusion model"))
    assert first.x0 == 0
    assert second.x1 == 100


def test_a_passage_that_was_read_a_little_otherwise_is_found() -> None:
    page = page_of(
        "Noise is added according to x t = a x0 + b e",
        "where e is drawn from a normal distribution",
    )
    assert lines_marked(
        page, "Noise is added according to xt = a·x0 + be, where ε is drawn from a normal"
    ) == [0, 1]


def test_of_a_passage_that_goes_on_over_the_page_its_part_here_is_marked() -> None:
    page = page_of(
        "completely different words stand here", "the last sentence of this page begins with"
    )
    wanted = (
        "the last sentence of this page begins with words "
        "and ends on another page altogether with many more"
    )
    assert lines_marked(page, wanted) == [1]


def test_what_the_page_does_not_have_is_not_marked() -> None:
    page = page_of("Nothing of the kind", "stands on this page at all")
    assert lines_marked(page, "gradients vanish in deep networks") == []


def test_numbers_are_found_whole_only_and_within_their_passage() -> None:
    page = page_of("At 30 steps the error is 3.0", "and 3 runs agree", "later 3 more")
    everywhere = page.find_value("3", range(0))
    assert [box.y0 for stretch in everywhere for box in page.list_line_boxes(stretch)] == [
        10.0,
        20.0,
    ]
    within = page.find_value("3", page.find_passage("and 3 runs agree"))
    assert [box.y0 for stretch in within for box in page.list_line_boxes(stretch)] == [10.0]
    assert page.find_value("3.0", range(0))
    assert not page.find_value("0", range(0))


def test_chinese_is_found_without_borders_of_words() -> None:
    page = page_of("我们研究扩散模型的采样步数。", "结果表明四十步足够。")
    assert lines_marked(page, "扩散模型") == [0]
    assert page.find_value("采样", range(0))


@given(
    st.lists(st.text(alphabet="abcdefghij", min_size=1, max_size=6), min_size=4, max_size=30),
    st.data(),
)
def test_every_stretch_of_words_is_found(words: list[str], data: st.DataObject) -> None:
    page = page_of(" ".join(words))
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    found = page.find_passage(" ".join(words[start:end]))
    assert "".join(words[start:end]) in "".join(words[number] for number in found)


def test_pages_come_from_the_worker_with_the_passage_marked(library: Path) -> None:
    paper = library / "step-budgets.pdf"
    with Extractor() as workers:
        assert workers.count_pages(paper) == 5
        image = workers.render_page(
            paper, 4, "For a deterministic sampler and a small network, 40 steps", "40"
        )
        plain = workers.render_page(paper, 4, "", "")
        with pytest.raises(ExtractError) as raised:
            workers.render_page(paper, 6, "", "")
    assert raised.value.reason == "no such page"
    assert image.png.startswith(b"\x89PNG")
    assert image.png != plain.png
    assert len(image.value) == 1
    assert not plain.passage
    assert image.passage[0].x0 <= image.value[0].x0 <= image.passage[0].x1


def test_hostile_files_cost_an_error_and_nothing_else(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.pdf"
    hostile.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 50)
    with Extractor() as workers:
        with pytest.raises(ExtractError):
            workers.render_page(hostile, 1, "words", "")
        with pytest.raises(ExtractError):
            workers.count_pages(hostile)
