"""Lines become paragraphs of words as an author wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.extract.layout.text import (
    PagedText,
    Vocabulary,
    build_paged_text,
    clean_text,
)
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.page import Span
from chatpaper.extract.textline import TextLine, build_text_line

COLUMN = Column(100, 400)
TABLES = load_word_tables("chatpaper.extract.layout.text")
SETTING = Typesetting(10.0, "Roman", 12.0, ((COLUMN,), (COLUMN,)))


def line(
    text: str, row: float, *, page: int = 1, indent: float = 0, short: bool = False
) -> TextLine:
    top = 100 + 12 * row
    box = BBox(100 + indent, top, 250 if short else 400, top + 10)
    return build_text_line(
        page, (Span(text, box, top + 8, "Roman", 10, False, False, False, 0, 255, False),)
    )


def joined(*lines: TextLine, known: tuple[str, ...] = ()) -> PagedText:
    vocabulary = Vocabulary(Vocabulary.from_lines(lines).words | set(known))
    return build_paged_text(lines, SETTING, vocabulary)


class TestWordsAtLineEnds:
    def test_a_word_that_is_written_whole_elsewhere_is_joined(self) -> None:
        text = joined(
            line("We transform and", 0), line("then the net-", 1), line("work learns a network.", 2)
        ).text
        assert text == "We transform and then the network learns a network."

    def test_a_word_that_is_hyphenated_elsewhere_keeps_its_hyphen(self) -> None:
        assert joined(
            line("an end-to-end and low-", 0), line("rank map", 1), known=("low-rank",)
        ).text.endswith("low-rank map")

    def test_without_evidence_a_parted_word_is_joined(self) -> None:
        assert joined(line("the phenom-", 0), line("enon is", 1)).text == "the phenomenon is"

    def test_two_whole_words_keep_their_hyphen(self) -> None:
        lines = (
            line("the field of view and the field of view-", 0),
            line("point of others has a point here", 1),
        )
        assert "view-point" in joined(*lines).text

    @pytest.mark.parametrize("word", TABLES.list_words("closed_compounds"))
    def test_listed_compounds_are_one_word(self, word: str) -> None:
        first, second = word[:3], word[3:]
        known = Vocabulary(frozenset({first, second}))
        assert known.join_hyphenated(first, second) == word

    @pytest.mark.parametrize("tail", TABLES.list_words("compound_tails"))
    def test_listed_tails_keep_their_hyphen(self, tail: str) -> None:
        assert Vocabulary(frozenset()).join_hyphenated("un", tail) == f"un-{tail}"

    @pytest.mark.parametrize(
        ("first", "second"), [("can", "not"), ("through", "out"), ("data", "sets")]
    )
    def test_closed_compounds_are_one_word(self, first: str, second: str) -> None:
        assert joined(
            line(f"we {first} and {second} say it {first}-", 0), line(f"{second} be so", 1)
        ).text.endswith(f"{first}{second} be so")

    def test_compounds_with_common_tails_keep_their_hyphen(self) -> None:
        assert joined(line("a position-", 0), line("wise layer", 1)).text == "a position-wise layer"

    def test_a_capital_after_a_hyphen_is_a_name(self) -> None:
        assert joined(line("by Kullback-", 0), line("Leibler", 1)).text == "by Kullback-Leibler"

    def test_links_go_on_without_space(self) -> None:
        text = joined(line("at https://github.com/someone/", 0), line("some-code now", 1)).text
        assert text == "at https://github.com/someone/some-code now"


class TestParagraphs:
    def test_white_space_parts_paragraphs(self) -> None:
        assert (
            joined(line("One ends.", 0), line("Two begins.", 2)).text == "One ends.\n\nTwo begins."
        )

    def test_an_indent_parts_paragraphs(self) -> None:
        assert (
            joined(line("One ends.", 0), line("Two begins.", 1, indent=12)).text
            == "One ends.\n\nTwo begins."
        )

    def test_a_short_last_line_parts_paragraphs(self) -> None:
        assert (
            joined(line("One ends.", 0, short=True), line("Two begins.", 1)).text
            == "One ends.\n\nTwo begins."
        )

    def test_a_sentence_goes_on_over_the_page(self) -> None:
        text = joined(line("a sentence that", 40), line("goes on", 0, page=2))
        assert text.text == "a sentence that goes on"
        assert text.page_starts == ((1, 0), (2, 16))

    def test_items_of_lists_are_paragraphs(self) -> None:
        assert (
            joined(line("as follows:", 0), line("• one", 1), line("• two", 2)).text.count("\n\n")
            == 2
        )

    @given(
        st.lists(
            st.text("abc -.", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=8
        )
    )
    def test_page_starts_point_into_the_text(self, texts: list[str]) -> None:
        lines = [line(text, row % 3, page=1 + row // 3) for row, text in enumerate(texts)]
        found = joined(*lines)
        pages, offsets = zip(*found.page_starts, strict=True)
        assert list(pages) == sorted(set(pages))
        assert list(offsets) == sorted(offsets)
        assert all(0 <= offset <= len(found.text) for offset in offsets)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("e\ufb03cient and \ufb01ne", "efficient and fine"),
        ("Herv´e and G¨odel", "Hervé and Gödel"),
        ("Franc¸ois", "François"),
        ("na´ıve", "naíve"),
        ("扩散 模型 的 方法", "扩散模型的方法"),
        ("扩散模型 (diffusion model) 的", "扩散模型 (diffusion model) 的"),
        ("soft\u00adhyphen", "softhyphen"),
        ("plain words", "plain words"),
    ],
)
def test_letters_are_composed_and_ligatures_dissolved(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_chinese_lines_join_without_space() -> None:
    assert (
        joined(line("扩散模型能编造原石上", 0), line("没有的笔画", 1)).text
        == "扩散模型能编造原石上没有的笔画"
    )


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a gain of 10\x087 dB", "a gain of 10\ufffd7 dB"),
        ("von 10\ufffd20 für", "von 10\ufffd20 für"),
        ("with\x08out and Ques\ufffdon", "without and Queson"),
    ],
)
def test_a_sign_that_is_lost_within_a_number_makes_no_other_number(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean
