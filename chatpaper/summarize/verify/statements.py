"""What a text says of a paper.

A text is a post, the JSON beside it, or any other. Of our own posts everything is left out that
does not come from a model: front matter, notices, titles, authors, abstracts, links, images.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatpaper.domain import RESULT_CELLS, Paper, Result
from chatpaper.domain.text.folding import fold_letters


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of text and the line, counted from 1, that it begins on.

    `quote` is the proof that it gives, if any, and `figure` the label of what it stands beside.
    """

    text: str
    line: int = 1
    quote: str = ""
    quote_line: int = 0
    figure: str = ""


# What a model chooses from a vocabulary says nothing that a paper could support.
CHOSEN = ("paper_class", "tags")

_FRONT_MATTER = re.compile(r"\A\ufeff?---\n.*?\n---\s*(?:\n|\Z)", re.DOTALL)
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DETAILS = re.compile(r"<details\b[^<>]*>.*?</details>", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_PAGE = r"(?:第\s*\d+\s*页|p\.?\s*\d+|page \d+|\d+\s*ページ)"
# A page as a link, with its target, and one in parentheses, of a paper that is not on the web.
_EVIDENCE_LINK = re.compile(
    rf"[（(]?\[{_PAGE}\](?:\((?:[^()\s]|\([^()]*\))*\))?[）)]?|（{_PAGE}）|\({_PAGE}\)",
    re.IGNORECASE,
)
# The number of an item of a list counts items, and says nothing.
_LIST_NUMBER = re.compile(r"^[ \t]*\d{1,2}\.(?=[ \t]+\S)", re.MULTILINE)
_ENTRY = re.compile(r"^## (?!(?:摘要|要旨|Abstract)$).+$", re.MULTILINE)
_NOTICE = re.compile(r"^>\s*[⚠🔴💗].*$", re.MULTILINE)
# Lines of a post that give the record of the paper.
_RECORD_LINE = re.compile(
    r"^(?:\*\*Authors:\*\*.*|\[PDF\]\(.*|PDF: .*|\*\*\[?ChatPaper\].*"
    r"|\*\*(?:Summary|Key Takeaways|Abstract)\*\*"
    r"|\s*[25]\. (?:作者|链接|著者|リンク|Authors|Links)[:：].*|# \d{4}-\d{2}-\d{2} .*|#{1,3} .*"
    r"|\*\*\[Cool Papers\].*|\[arxiv_pdf_url\].*|\[Arxiv\].*|(?:发布时间|公開日|Published)[:：].*"
    r"|`[^`\n]+`(?: `[^`\n]+`)*"
    r"|(?:代码及项目|コードとプロジェクト|code and project)[:：].*"
    r"|- \*\*(?:作者|项目页面|著者|プロジェクトページ|Authors|Project page)\*\*[:：].*)$",
    re.MULTILINE,
)
# The record of a paper in a brief: its title and authors up to the institutions, which a model
# names, and the links behind them.
_BRIEF_RECORD = re.compile(
    r"^(?:[^\n]*<br>)?(?:作者|著者|Authors)(?:：|: )[^（(<\n]*|<br>\[[^\]\n]*\]\([^\n]*$",
    re.MULTILINE,
)
_BOLD = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_BLANK_LINES = re.compile(r"\n\s*\n")


def parse_statements(text: str, paper: Paper) -> tuple[Statement, ...]:
    """Return the statements of a text about `paper`, in their order.

    Of a text on several papers, they are those on this one.
    """
    record = _json_object(text)
    if record is not None:
        return tuple(_of_json(record, text, paper))
    return tuple(_of_text(text, paper))


def _json_object(text: str) -> Mapping[str, Any] | None:
    if not text.lstrip("\ufeff \n\t").startswith("{"):
        return None
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _of_json(record: Mapping[str, Any], text: str, paper: Paper) -> Iterator[Statement]:
    """Return the answers of one of our posts; of another JSON, all its texts."""
    papers = record.get("papers")
    entries = (
        [entry for entry in papers if isinstance(entry, dict)]
        if isinstance(papers, list)
        else [record]
    )
    entry = next((entry for entry in entries if entry.get("arxiv_id") == paper.arxiv_id), None)
    entry = entry or next(
        (entry for entry in entries if _same_title(str(entry.get("title", "")), paper.title)), None
    )
    entry = entry or (entries[0] if len(entries) == 1 else {"papers": entries})
    lines = _LineFinder(text)
    quotes = {
        str(proof.get("text")): str(proof.get("quote") or "")
        for proof in entry.get("evidence", ())
        if isinstance(proof, dict)
    }
    summary = entry.get("summary")
    answers = (
        {name: each for name, each in summary.items() if name not in CHOSEN}
        if isinstance(summary, dict)
        else entry
    )
    for value, shown_as in _texts(answers):
        line = lines.of(shown_as)
        quote = quotes.pop(value, "")
        yield Statement(value, line, quote, lines.of(quote) if quote else 0)


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Return the texts of an answer, each with the string of the JSON that tells its place."""
    if isinstance(value, str) and value.strip():
        yield value, value
    elif isinstance(value, dict) and value.keys() >= set(RESULT_CELLS):
        task, data_set, metric, ours, baseline, baseline_name = (
            str(value[name]) for name in RESULT_CELLS
        )
        yield (
            Result(task, data_set, metric, ours, baseline, baseline_name, source="").statement,
            ours,
        )
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


class _LineFinder:
    """Where the strings of a JSON text stand."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, value: str) -> int:
        """Return the line of the first string that begins as `value` does.

        It is 1 where the string cannot be found.
        """
        for ensure_ascii in (False, True):
            position = self._text.find(json.dumps(value, ensure_ascii=ensure_ascii))
            if position >= 0:
                return self._text.count("\n", 0, position) + 1
        return 1


def _of_text(text: str, paper: Paper) -> Iterator[Statement]:
    plain = text.replace("\r\n", "\n")
    start, end = _entry_of(plain, paper)
    visible = _blanked(plain, start, end)
    visible = _without_abstract(visible, paper)
    position = 0
    for gap in [*_BLANK_LINES.finditer(visible), None]:
        stop = gap.start() if gap else len(visible)
        block = visible[position:stop]
        if block.strip():
            indent = len(block) - len(block.lstrip())
            yield Statement(block.strip(), visible.count("\n", 0, position + indent) + 1)
        position = gap.end() if gap else stop


def _entry_of(text: str, paper: Paper) -> tuple[int, int]:
    """Return the part of a post that is about this paper; all of a text that is on no other."""
    headings = list(_ENTRY.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=False):
        linked = bool(paper.arxiv_id) and f"/abs/{paper.arxiv_id}" in text[heading.start() : end]
        if linked or _same_title(heading[0].removeprefix("## "), paper.title):
            return heading.start(), end
    return 0, len(text)


def _same_title(one: str, other: str) -> bool:
    return bool(fold_letters(one)) and fold_letters(one) == fold_letters(other)


def _blanked(text: str, start: int, end: int) -> str:
    """Return the text with spaces in place of all that is no statement, every line where it was."""
    text = _spaces(text[:start]) + text[start:end]
    is_post = start > 0 or bool(_FRONT_MATTER.match(text))
    text = _FRONT_MATTER.sub(lambda match: _spaces(match[0]), text)
    patterns = [_FENCED, _COMMENT, _DETAILS, _IMAGE, _EVIDENCE_LINK, _LINK_TARGET]
    patterns += [_TAG, _LIST_NUMBER]
    if is_post:
        patterns = [_NOTICE, _RECORD_LINE, _BRIEF_RECORD, *patterns]
    for pattern in [*patterns, _BOLD]:
        text = pattern.sub(lambda match: _spaces(match[0]), text)
    return text


def _without_abstract(text: str, paper: Paper) -> str:
    """Return the abstract, which posts give in full, is the paper's own text."""
    words = [re.escape(word) for word in paper.abstract.split()]
    if not words:
        return text
    return re.sub(r"\s+".join(words), lambda match: _spaces(match[0]), text)


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
