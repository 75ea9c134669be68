"""What the name of a font says about its glyphs."""

import re
from functools import lru_cache

_MATH_FONT = re.compile(
    r"^(?:CM(?:MI|SY|EX|BSY|MIB)|MSAM|MSBM|EUFM|EUSM|rsfs|MTMI|MTSY|LASY|STMARY|wasy|Symbol"
    r"|esint)|Math|Symb",
    re.IGNORECASE,
)
_MONO_FONT = re.compile(
    r"mono|cour|typewriter|^(?:CM(?:SL|I)?TT|SFTT|LMMono|NimbusMonL|txtt|pcr)|consol|inconsolata",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_mono_font(font: str) -> bool:
    """Tell from its name whether a font is monospaced, as fonts for code are."""
    return bool(_MONO_FONT.search(font))


@lru_cache(maxsize=1024)
def is_math_font(font: str) -> bool:
    """Tell from its name whether a font has mathematical symbols rather than letters."""
    return bool(_MATH_FONT.search(font))
