r"""Export papers as BibTeX that any BibTeX of the last thirty years reads, with memorable keys.

    @misc{via2024selfsupervised,
      author = {Roberto Di Via and Francesca Odone},
      title = {{Self-supervised pre-training {\ldots}}},
      year = {2024}, eprint = {2407.18125}, archivePrefix = {arXiv}, primaryClass = {cs.CV}, ...
    }

Maths between dollar signs stays maths. BibTeX counts braces, also those behind a backslash, so that
a lone one is written by its name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anyascii import anyascii
from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

from chatpaper.domain.text.scripts import HAN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.write.export.bookmarks import list_note_lines, list_tags
from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.macros import has_only_symbols
from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.markup.spans import MATHS

_TABLES = load_word_tables(__name__)
# A key is made with the first other word.
_SMALL_WORDS = frozenset(_TABLES.list_words("small_words"))
_NAME_SUFFIX = re.compile(r"(?:jr|sr|[ivx]{1,4}|\d(?:st|nd|rd|th))\.?", re.IGNORECASE)
# BibTeX would take these names apart, and print "Collaboration, The Big".
_GROUP_NAME = re.compile(
    r"\b(?:collaboration|team|consortium|group|project|committee|and|et al)\b|[,{}]|^others$",
    re.IGNORECASE,
)

_HAN = re.compile(f"[{HAN}]{{2,4}}")
# A title in Chinese is one word.
_MAX_WORD_CHARACTERS = 20
# A name with so many words has no "Jr." behind it: "Ada V" is first and last name.
_FIRST_LAST = 2

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_BY_NAME = {
    ord("{"): r"\textbraceleft",
    ord("}"): r"\textbraceright",
    ord("\\"): r"\textbackslash",
    ord("~"): r"\textasciitilde",
    ord("^"): r"\textasciicircum",
    # pylatexenc gives these the accents of other letters, or none that can be read back.
    ord("Ű"): r"\H{U}",
    ord("ű"): r"\H{u}",
    **{ord(letter): letter for letter in "ĦħĸĿŀŉŦŧ"},
}
_ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, _BY_NAME), "defaults"],
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
    unknown_char_warning=False,
)


def render_bibliography(records: Sequence[Mapping[str, Any]]) -> str:
    """Return an entry for each of these papers, in their order."""
    keys = assign_citation_keys(records)
    return "\n".join(_entry(keys[record["arxiv_id"]], record) for record in records)


def assign_citation_keys(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a key for each paper: surname, year and first word of the title.

    Where several papers have the same key, all but the oldest get a letter.
    """
    taken: set[str] = set()
    keys: dict[str, str] = {}
    for record in sorted(records, key=lambda record: str(record["arxiv_id"])):
        wanted = _key(record)
        number = 0
        while (key := f"{wanted}{_letters(number)}") in taken:
            number += 1
        taken.add(key)
        keys[record["arxiv_id"]] = key
    return keys


def encode_latex(text: str) -> str:
    """Encode text for a field: accents and signs by their LaTeX names, maths as it is."""
    text = sanitize_line(text)
    parts: list[str] = []
    end = 0
    for match in MATHS.finditer(text):
        formula = _formula(match[1])
        shown = f"${formula}$" if formula is not None else _ENCODER.unicode_to_latex(match[0])
        parts += [_ENCODER.unicode_to_latex(text[end : match.start()]), shown]
        end = match.end()
    return "".join([*parts, _ENCODER.unicode_to_latex(text[end:])])


def _formula(formula: str) -> str | None:
    """Return a formula whose braces BibTeX can count.

    Return None where they do not match, or a macro might do more than typeset it.
    """
    if not has_only_symbols(formula):
        return None
    counted = re.sub(
        r"(?<!\\)%", r"\\%", formula.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    )
    depth = 0
    for brace in re.findall(r"[{}]", counted):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return None
    return counted if depth == 0 else None


def _entry(key: str, record: Mapping[str, Any]) -> str:
    published = datetime.fromisoformat(record["published"]) if record.get("published") else None
    from_arxiv = bool(record.get("abs_url")) and re.match(
        r"https?://(?:\w+\.)?arxiv\.org/", record["abs_url"]
    )
    title = encode_latex(latex_to_text(record["title"]))
    fields = {
        "author": " and ".join(
            _author(name)
            for name in map(latex_to_text, record.get("authors", ()))
            if sanitize_line(name)
        ),
        # A second pair of braces keeps styles from lowering the case of "3D" and "NeRF".
        "title": f"{{{title}}}" if title else "",
        "year": f"{published.year}" if published else "",
        "month": _MONTHS[published.month - 1] if published else "",
        "eprint": _verbatim(record["arxiv_id"]) if from_arxiv else "",
        "archivePrefix": "arXiv" if from_arxiv else "",
        "primaryClass": _verbatim(record.get("primary_category") or "") if from_arxiv else "",
        "doi": _verbatim(record.get("doi") or ""),
        "url": _verbatim(record.get("abs_url") or ""),
        "note": encode_latex(latex_to_text(record.get("journal_ref") or "")),
        "abstract": encode_latex(latex_to_text(record.get("abstract") or "")),
        # Zotero and JabRef make tags and a note of these; no style prints them.
        "keywords": ", ".join(map(encode_latex, list_tags(record))),
        "annote": encode_latex(" • ".join(list_note_lines(record))),
    }
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n"
        for name, value in fields.items()
        if value
    ]
    return f"@misc{{{key},\n{''.join(lines)}}}\n"


def _author(name: str) -> str:
    """Return a name in a form that BibTeX parses correctly.

    That is "First Last", "Last, Jr., First", or the whole name in braces.
    """
    words = sanitize_line(name).split()
    if _GROUP_NAME.search(" ".join(words)):
        return f"{{{encode_latex(name)}}}"
    if len(words) > _FIRST_LAST and _NAME_SUFFIX.fullmatch(words[-1]):
        return encode_latex(f"{words[-2]}, {words[-1]}, {' '.join(words[:-2])}")
    return encode_latex(name)


def _verbatim(text: str) -> str:
    """Return text for programs to read, without LaTeX escapes.

    What would end the field is percent-encoded.
    """
    return "".join(
        character if "!" <= character <= "~" and character not in "{}\\" else _percent(character)
        for character in sanitize_line(text)
    )


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))


def _key(record: Mapping[str, Any]) -> str:
    authors = record.get("authors") or ("anonymous",)
    names = [
        word
        for word in sanitize_line(latex_to_text(authors[0])).split()
        if not _NAME_SUFFIX.fullmatch(word.strip(","))
    ]
    surname = _letters_of(_surname(names)) or "anonymous"
    year = (record.get("published") or "")[:4]
    words = [
        _letters_of(word)
        for word in MATHS.sub(" ", sanitize_line(latex_to_text(record["title"]))).split()
    ]
    word = next((word for word in words if word and word not in _SMALL_WORDS), "paper")
    return f"{surname}{year}{word[:_MAX_WORD_CHARACTERS]}"


def _surname(names: Sequence[str]) -> str:
    """Return the last name or, of a name in Chinese characters alone, the first of them."""
    last = names[-1] if names else ""
    return last[0] if len(names) == 1 and _HAN.fullmatch(last) else last


def _letters_of(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", anyascii(word).lower())


def _letters(number: int) -> str:
    """Return letters that stand for a number: '' for 0, then a to z, aa, ab and so on."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
