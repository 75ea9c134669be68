"""What goes with a paper into a reference manager: its tags, and the summary as a note."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chatpaper.write.formats import load_labels
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import sanitize_line, wrap_in_parentheses


def list_tags(record: Mapping[str, Any]) -> tuple[str, ...]:
    """List the tags of a paper, each once: topics, class, tags, keywords and categories."""
    answers = record.get("summary", {})
    found = (
        *record.get("topics", ()),
        answers.get("paper_class", ""),
        *_as_list(answers.get("tags")),
        *_as_list(answers.get("keywords")),
        *record.get("categories", ()),
    )
    # What separates tags in these files is no part of one.
    tags = (sanitize_line(str(tag)).translate({ord(";"): " ", ord(","): " "}) for tag in found)
    return tuple(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))


def list_note_lines(record: Mapping[str, Any]) -> tuple[str, ...]:
    """List the lines of a note: the title in the reader's language, summary and takeaways.

    A takeaway has the page that supports it. Signs that would open a tag of HTML are full width:
    readers take a note with one for HTML.
    """
    answers = record.get("summary", {})
    summary = answers.get("tldr") or answers.get("summary")
    lines = [str(answers.get("title") or ""), str(summary or ""), *list_takeaways(record)]
    shown = (sanitize_line(latex_to_text(line)).translate(_HARMLESS) for line in lines)
    return tuple(line for line in shown if line)


def list_takeaways(record: Mapping[str, Any]) -> tuple[str, ...]:
    """List the takeaways of a paper, each with the page that supports it, if one does."""
    pages = {
        each["text"]: each.get("page", 0)
        for each in record.get("evidence", ())
        if each["field"] == "key_takeaways"
    }
    return tuple(
        f"{text}{_name_page(pages[text], record['language'])}" if pages.get(text) else str(text)
        for text in _as_list(record.get("summary", {}).get("key_takeaways"))
    )


def _name_page(page: int, language: str) -> str:
    labels = get_labels(language)
    return wrap_in_parentheses(labels["evidence_page"].format(page=page), labels)


@cache
def get_labels(language: str) -> Mapping[str, str]:
    """Return the fixed words of posts in a language, read once for all papers."""
    return load_labels(language)


_HARMLESS = str.maketrans("<>", "＜＞")


def _as_list(answer: Any) -> tuple[Any, ...]:
    """Return an answer as a list; a text is one item, an empty one none."""
    if isinstance(answer, str):
        return (answer,) if answer else ()
    return tuple(answer or ())
