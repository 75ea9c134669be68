"""The page on topics names those of the table."""

from tests.fetch.topics_page import LIST, PAGE, list_lines


def test_the_page_lists_the_topics_of_the_table() -> None:
    (listed,) = LIST.findall(PAGE.read_text("utf-8"))
    assert listed == list_lines(), "`python -m tests.fetch.topics_page` writes the list again"
