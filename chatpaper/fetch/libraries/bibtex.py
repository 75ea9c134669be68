"""Read the papers of a BibTeX file, as reference managers export it.

Such files are written by many hands: what cannot be read of an entry is left out, and the rest of
the file is read all the same.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from chatpaper.domain import ArxivId
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.ranking import LibraryPaper
from chatpaper.fetch.paper_reference import find_arxiv_id

# Where entries name arXiv's id: `eprint` by itself, the others among other words.
_PLACES_OF_IDS = ("doi", "url", "journal", "note", "howpublished", "volume", "number")

_ENTRY_START = re.compile(r"^(?=[ \t]*@)", re.MULTILINE)


def read_bibtex(path: Path) -> tuple[LibraryPaper, ...]:
    """Return the papers of a file that have a title, each once, in the order of the file.

    Raises ConfigError for a file that is not there, is no text, or has no entry.
    """
    from pybtex.database.input.bibtex import Parser
    from pybtex.errors import capture

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"The BibTeX file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The BibTeX file {path} is not UTF-8 text: save it as UTF-8.") from error
    parser = Parser()
    # What is wrong with an entry is collected, and not raised; a brace that is never closed ends
    # where the next entry begins.
    with capture():
        for entry in _ENTRY_START.split(text):
            parser.parse_string(entry)
    papers = [_to_paper(entry.fields) for entry in parser.data.entries.values()]
    known = tuple(dict.fromkeys(paper for paper in papers if paper is not None))
    if not known:
        raise ConfigError(f"The BibTeX file {path} has no entry with a title.")
    return known


def _to_paper(fields: Mapping[str, str]) -> LibraryPaper | None:
    title = _to_text(fields.get("title", ""))
    if not title:
        return None
    return LibraryPaper(title, _to_text(fields.get("abstract", "")), _find_id(fields))


def _find_id(fields: Mapping[str, str]) -> str:
    """Return the arXiv id that an entry names, without its version; empty where it names none."""
    return find_named_id([fields.get(place, "") for place in _PLACES_OF_IDS], fields.get("eprint"))


def find_named_id(texts: Iterable[str], eprint: str | None = None) -> str:
    """Find the first arXiv id in texts that speak of arXiv, or in `eprint`, without its version."""
    named = [eprint or "", *(text for text in texts if "arxiv" in text.lower())]
    found: list[ArxivId | None] = [find_arxiv_id(_without_address(text)) for text in named if text]
    return next((each.id for each in found if each is not None), "")


def _without_address(text: str) -> str:
    return re.sub(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/", "", text).removesuffix(".pdf")


def _to_text(latex: str) -> str:
    """Return a field without LaTeX and line breaks; one that is no LaTeX stays as it is."""
    from pylatexenc.latex2text import LatexNodes2Text

    if not re.search(r"[\\{}$~]", latex):
        return " ".join(latex.split())
    text: str = LatexNodes2Text(math_mode="text").latex_to_text(latex)
    return " ".join(text.split())
