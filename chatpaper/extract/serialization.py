"""A Document as the JSON that `chatpaper extract` writes."""

from typing import Any

from chatpaper.domain import Document, Figure, Section


def document_to_json(document: Document, image_folder: str) -> dict[str, Any]:
    """The document as the JSON that `chatpaper extract` writes; images are named by `image_folder`."""
    return {
        "title": document.title,
        "abstract": document.abstract,
        "abstract_page": document.abstract_page,
        "front_matter": document.front_matter,
        "pages": document.pages,
        "sections": [_section_to_json(section) for section in document.sections],
        "figures": [_figure_to_json(figure, image_folder) for figure in document.figures],
        "asides": [
            {"kind": aside.kind, "page": aside.page, "text": aside.text}
            for aside in document.asides
        ],
        "references": {"page": document.references.page, "count": document.references.count},
        "links": list(document.links),
        "own_links": list(document.own_links or ()),
        "hidden_text": [
            {"page": hidden.page, "text": hidden.text} for hidden in document.hidden_text
        ],
        "garbled_text": [
            {"font": text.font, "pages": list(text.pages), "characters": text.characters}
            for text in document.garbled_text
        ],
        "unread": document.unread,
        "warnings": list(document.warnings),
    }


def _section_to_json(section: Section) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "level": section.level,
        "page": section.page,
        "appendix": section.appendix,
        "text": section.text,
        "page_starts": [list(start) for start in section.page_starts],
    }


def _figure_to_json(figure: Figure, image_folder: str) -> dict[str, Any]:
    return {
        "label": figure.label,
        "kind": figure.kind,
        "caption": figure.caption,
        "page": figure.page,
        "bbox": [round(edge, 2) for edge in figure.bbox],
        "image": f"{image_folder}/{figure.image}" if figure.image else "",
        "text": figure.text,
    }
