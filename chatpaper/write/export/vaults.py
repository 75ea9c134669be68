"""Export papers as notes, one a file: with properties for Obsidian, or as Notion imports pages.

What papers and models say shows as itself: it can open no link, tag, property or comment.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatpaper.write.export.bookmarks import get_labels, list_tags
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import (
    escape_cell,
    escape_link_text,
    escape_markdown,
    sanitize_line,
    to_link_target,
    to_yaml_scalar,
    wrap_in_parentheses,
)
from chatpaper.write.markup.obsidian import to_tag, write_note

# The answers of all formats, in the order of reading, by the labels that they have there.
SECTIONS = (
    ("tldr", "tldr"),
    ("summary", "overview"),
    ("key_idea", "key_idea"),
    ("goal", "goal"),
    ("background", "background"),
    ("past_methods", "past_methods"),
    ("approach", "approach"),
    ("method_steps", "method"),
    ("experiments", "experiments"),
    ("task_performance", "task_performance"),
    ("results", "results"),
    ("innovation", "innovation"),
    ("performance", "performance"),
    ("workload", "workload"),
    ("significance", "significance"),
    ("conclusions", "conclusions"),
    ("limitations", "limitations"),
)
# A property of Notion is plain text, in which nothing can be escaped.
_PLAIN = str.maketrans("[]<>`*_$\\|#!", "［］＜＞＇＊＿＄＼｜＃！")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RESULT_COLUMNS = ("result_on", "result_metric", "result_ours", "result_baseline", "result_source")


def render_obsidian_note(record: Mapping[str, Any]) -> str:
    """Return the note of a paper for a vault, with its properties, tags and aliases."""
    names = [record["title"], record.get("summary", {}).get("title") or ""]
    properties = [
        *_list_property("aliases", [latex_to_text(name) for name in names]),
        *_list_property("authors", record.get("authors", ())),
        *_property("arxiv", record["arxiv_id"]),
        *_property("published", (record.get("published") or "")[:10]),
        *_property("url", record.get("abs_url") or ""),
        *_property("pdf", record.get("pdf_url") or ""),
        *_property("doi", record.get("doi") or ""),
        *_property("posted", record.get("date") or ""),
        *_list_property("tags", [to_tag(tag) for tag in list_tags(record)]),
    ]
    return write_note("\n".join(["---", *properties, "---", "", *_body(record)]))


def render_notion_page(record: Mapping[str, Any]) -> str:
    """Return the page of a paper, as Notion exports and imports pages: properties below the title.

    Its title is the first line.
    """
    body = _body(record)
    properties = {
        "Authors": ", ".join(record.get("authors", ())),
        "arXiv": record["arxiv_id"],
        "Published": (record.get("published") or "")[:10],
        "URL": record.get("abs_url") or "",
        "PDF": record.get("pdf_url") or "",
        "DOI": record.get("doi") or "",
        "Posted": record.get("date") or "",
        "Tags": ", ".join(list_tags(record)),
    }
    shown = {name: sanitize_line(value) for name, value in properties.items()}
    below = [f"{name}: {value.translate(_PLAIN)}" for name, value in shown.items() if value]
    return "\n".join([next(body), "", *below, *body])


def _body(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a note, its heading first."""
    labels, answers = get_labels(record["language"]), record.get("summary", {})
    yield f"# {escape_markdown(latex_to_text(record['title']))}"
    if answers.get("title"):
        yield from ("", f"**{escape_markdown(answers['title'])}**")
    for note in record.get("notes", ()):
        yield from ("", f"> {escape_markdown(note)}")
    for field, label in SECTIONS:
        if answer := answers.get(field):
            yield from ("", f"## {labels[label]}", "", *_answer(answer, labels))
        if field == "summary":
            yield from _takeaways(record, labels)
    abstract = record.get("abstract") or ""
    if abstract:
        yield from ("", f"## {labels['abstract']}", "", str(escape_markdown(abstract)))
    if links := [_link(link, link) for link in record.get("links", ())]:
        yield from ("", f"## {labels['links']}", "", *(f"- {link}" for link in links))
    yield ""


def _answer(answer: Any, labels: Mapping[str, str]) -> Iterator[str]:
    if isinstance(answer, str):
        yield str(escape_markdown(answer))
    elif isinstance(answer[0], Mapping):
        yield from _table(answer, labels)
    else:
        yield from (f"- {escape_markdown(str(item))}" for item in answer)


def _table(rows: list[Mapping[str, Any]], labels: Mapping[str, str]) -> Iterator[str]:
    yield f"| {' | '.join(labels[name] for name in _RESULT_COLUMNS)} |"
    yield f"|{'---|' * len(_RESULT_COLUMNS)}"
    for row in rows:
        cells = (
            f"{row['task']} {row['data_set']}",
            row["metric"],
            row["ours"],
            f"{row['baseline_name']} {row['baseline']}",
            row["source"],
        )
        yield f"| {' | '.join(str(escape_cell(cell)) for cell in cells)} |"


def _takeaways(record: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    """Yield the takeaways, each with a link to its page and the words that support it."""
    evidence = record.get("evidence", ())
    proofs = {each["text"]: each for each in evidence if each["field"] == "key_takeaways"}
    texts = record.get("summary", {}).get("key_takeaways") or ()
    if texts:
        yield from ("", f"## {labels['brief_quotes']}", "")
    for text in texts:
        proof = proofs.get(text, {})
        page, quote = proof.get("page", 0), sanitize_line(proof.get("quote", ""))
        place = labels["evidence_page"].format(page=page)
        address = record.get("pdf_url") or ""
        shown = _link(place, f"{address}#page={page}") if address else place
        cited = wrap_in_parentheses(shown, labels) if page else ""
        yield f"- {escape_markdown(str(text))}{cited}"
        if page and quote:
            yield f"    > {escape_markdown(quote)}"


def _link(text: str, address: str) -> str:
    target = to_link_target(address)
    return f"[{escape_link_text(text)}]({target})" if target else str(escape_markdown(text))


def _property(name: str, value: str) -> list[str]:
    """Return the line of a property; a day is no text."""
    shown = value if _DAY.fullmatch(value) else to_yaml_scalar(value)
    return [f"{name}: {shown}"] if value else []


def _list_property(name: str, values: Any) -> list[str]:
    shown = [value for value in dict.fromkeys(map(sanitize_line, values)) if value]
    return [f"{name}:", *(f"  - {to_yaml_scalar(value)}" for value in shown)] if shown else []


NOTE_FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "obsidian": render_obsidian_note,
    "notion": render_notion_page,
}
