"""What of a paper answers are bound to or quoted from."""

from dataclasses import replace

from chatpaper.summarize.context.prompt_source import list_running_texts, prompt_source
from tests.summarize.sample import ABSTRACT, DOCUMENT, METHOD, PAPER


def test_running_texts_come_with_the_kinds_of_their_sections() -> None:
    texts = list_running_texts(PAPER, DOCUMENT)
    assert [kind for kind, _ in texts] == ["abstract", *DOCUMENT.classify_sections()]
    assert ("method", METHOD) in texts


def test_an_appendix_is_no_source() -> None:
    appendix = replace(DOCUMENT.sections[-1], number="A", title="Appendix", appendix=True)
    longer = replace(DOCUMENT, sections=(*DOCUMENT.sections, appendix))
    assert prompt_source(PAPER, longer).passages == prompt_source(PAPER, DOCUMENT).passages


def test_a_source_holds_what_backends_ask_of_a_paper() -> None:
    twice = replace(DOCUMENT, figures=DOCUMENT.figures * 2)
    source = prompt_source(PAPER, twice)
    assert (source.paper_id, source.title) == (PAPER.arxiv_id, PAPER.title)
    assert source.passages[0] == ABSTRACT
    assert source.labels == ("Figure 1",)
    assert (source.pages, source.sections, source.figures) == (4, 5, 2)
    assert not source.is_cjk
    assert prompt_source(replace(PAPER, title="排序网络"), DOCUMENT).is_cjk
