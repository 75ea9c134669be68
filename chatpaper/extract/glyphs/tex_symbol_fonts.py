"""Fonts of signs for TeX that name their glyphs after the letters at the same codes of text."""

import re
from collections.abc import Mapping
from functools import cache

from chatpaper.domain.text.tables import load_table

_FONT = re.compile(r"(?:\A|[/+])(?:TeX-)?(math[abx])\d{1,2}\Z", re.IGNORECASE)


def find_tex_signs(font: str) -> Mapping[int, str]:
    """Return what the codes of a font print, by its name; nothing for all other fonts."""
    named = _FONT.search(font)
    return _load_signs()[named[1].lower()] if named else {}


@cache
def _load_signs() -> dict[str, dict[int, str]]:
    table = load_table(__package__, "tex_symbol_fonts.toml", dict[str, dict[str, str]])
    return {
        family: {
            code: sign
            for start, signs in runs.items()
            for code, sign in enumerate(signs, int(start, 16))
        }
        for family, runs in table.items()
    }
