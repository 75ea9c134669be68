"""The bounds of what agents are told, on papers longer than those of the library."""

from hypothesis import given
from hypothesis import strategies as st

from chatpaper.app.agents.tools import SECTION_CHARACTERS, find_part_end, join_subsections
from chatpaper.domain import Section

TEXTS = st.text(alphabet="ab \n", max_size=40).map(lambda text: text * 1000)


@given(TEXTS)
def test_the_parts_of_a_section_are_its_text(text: str) -> None:
    parts, offset = [], 0
    while offset < len(text):
        end = find_part_end(text, offset)
        assert 0 < end - offset <= SECTION_CHARACTERS
        parts.append(text[offset:end])
        offset = end
    assert "".join(parts) == text


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9), st.text("ab", max_size=5))))
def test_a_section_holds_those_below_it_on_their_pages(found: list[tuple[int, int, str]]) -> None:
    sections = [
        Section(str(number), "Title", level, page, text, ((page, 0),))
        for number, (level, page, text) in enumerate(found)
    ]
    for number, joined in enumerate(join_subsections(sections)):
        assert joined.text.startswith(sections[number].text)
        assert joined.page_at(0) == sections[number].page
        place = len(sections[number].text)
        levels = [each.level for each in sections[number + 1 :]]
        count = next((i for i, level in enumerate(levels) if level <= joined.level), len(levels))
        for each in sections[number + 1 : number + 1 + count]:
            heading = f"{each.number} Title\n\n"
            place = joined.text.index(heading, place) + len(heading)
            if each.text:
                assert joined.page_at(place) == each.page
