"""Export papers as RIS, which Zotero, EndNote and Mendeley import with tags and notes.

A record is lines of a tag, two blanks, a hyphen and a value. What a paper or a model says stays in
its line: where a note has several, each begins with a sign that begins no tag.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chatpaper.write.export.bibtex import assign_citation_keys
from chatpaper.write.export.bookmarks import list_note_lines, list_tags
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import sanitize_line

_BULLET = "• "


def render_ris(record: Mapping[str, Any]) -> str:
    """Return the record of a paper; one that was published is an article."""
    published = datetime.fromisoformat(record["published"]) if record.get("published") else None
    is_article = bool(record.get("journal_ref"))
    fields = [
        ("TY", "JOUR" if is_article else "UNPB"),
        ("TI", latex_to_text(record["title"])),
        *(("AU", latex_to_text(name)) for name in record.get("authors", ())),
        ("PY", f"{published:%Y}" if published else ""),
        ("DA", f"{published:%Y/%m/%d}" if published else ""),
        ("T2", latex_to_text(record.get("journal_ref") or "")),
        ("AB", latex_to_text(record.get("abstract") or "")),
        ("DO", record.get("doi") or ""),
        ("UR", record.get("abs_url") or ""),
        ("L1", record.get("pdf_url") or ""),
        ("AN", record["arxiv_id"]),
        *(("KW", tag) for tag in list_tags(record)),
        ("ID", assign_citation_keys([record])[record["arxiv_id"]]),
    ]
    lines = [f"{tag}  - {shown}" for tag, value in fields if (shown := sanitize_line(value))]
    return "\r\n".join([*lines, *_note(record), "ER  - ", "", ""])


def _note(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the note: a tag before the first, a sign before each."""
    for number, line in enumerate(list_note_lines(record)):
        yield f"{'' if number else 'N1  - '}{_BULLET}{line}"
