"""What of a paper answers are bound to or quoted from.

That is its running text, and the labels of its figures.
"""

from chatpaper.domain import Document, Paper, PromptSource
from chatpaper.domain.text.scripts import contains_cjk


def list_running_texts(paper: Paper, document: Document) -> tuple[tuple[str, str], ...]:
    """List the abstract and the sections before the appendix in reading order.

    Each text comes with the kind of its section ("abstract", "method" …).
    """
    sections = zip(document.classify_sections(), document.sections, strict=True)
    return (
        ("abstract", document.abstract or paper.abstract),
        *((kind, section.text) for kind, section in sections if kind != "appendix"),
    )


def prompt_source(paper: Paper, document: Document) -> PromptSource:
    """Collect what a backend may need of a paper."""
    return PromptSource(
        paper_id=paper.arxiv_id,
        title=paper.title,
        passages=tuple(text for _, text in list_running_texts(paper, document)),
        labels=tuple(dict.fromkeys(figure.label for figure in document.figures)),
        is_cjk=contains_cjk(f"{paper.title}{paper.abstract}{document.abstract}"),
        pages=document.pages,
        sections=len(document.sections),
        figures=len(document.figures),
    )
