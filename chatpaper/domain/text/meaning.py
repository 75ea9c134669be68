"""Characters that stand for nothing outside of the file that they are in."""

import unicodedata

REPLACEMENT = "\ufffd"
# Adobe's parts of tall brackets, which its list of glyphs puts into the private area, and its old
# figures and letters.
_KNOWN_PRIVATE = range(0xF8E5, 0xF8FF)
# Private, unassigned and lone halves of characters, and controls.
_MEANINGLESS = ("Co", "Cn", "Cs", "Cc")


def is_meaningless(character: str) -> bool:
    """Tell whether a character has no meaning that all share; white space has one."""
    if character == REPLACEMENT:
        return True
    if character.isspace() or unicodedata.category(character) not in _MEANINGLESS:
        return False
    return ord(character) not in _KNOWN_PRIVATE


def has_meaning(text: str) -> bool:
    """Tell whether there is text, and all of it means something."""
    # Letters and digits have one, and are nearly all that is asked.
    return text.isalnum() or (bool(text) and not any(map(is_meaningless, text)))


def has_readable_text(text: str, besides: str = "") -> bool:
    """Tell whether there is more than white space, marks of what cannot be read, and `besides`."""
    return bool(text.strip(f"{REPLACEMENT} {besides}"))
