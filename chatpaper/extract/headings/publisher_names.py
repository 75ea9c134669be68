"""Names of periodicals and institutions, which stand in large type above titles."""

import re

# Names of periodicals begin or end with what they are ("Physical Review Letters", "Journal of
# Machine Learning Research 12"); titles of papers have such words in phrases ("Deep Learning: A
# Review", "Letters from the Field").
_PERIODICAL = re.compile(
    r"(?:the\s+)?(?:(?!an?\b|of\b|for\b|and\b|systematic\b|comprehensive\b|brief\b|short\b|"
    r"literature\b|critical\b)"
    r"[\w.&'’-]+\s+){0,3}(?:journal|proceedings|transactions|letters|reviews?|bulletin|annals"
    r"|magazine)"
    r"(?:\s+(?:of|on|in|for)\b|[\s.,:]*$|[\s.,:]+\d)",
    re.IGNORECASE,
)
# Title pages of theses and reports have names of institutions in large type.
_INSTITUTION = re.compile(
    r"(?:the\s+)?(?:[\w.&'’-]+\s+){0,3}(?:university|institute|college|academy|laboratory|department"
    r"|faculty|school)(?:\s+(?:of|for)(?:\s+[\w.&'’-]+){1,5})?",
    re.IGNORECASE,
)


def names_publisher(text: str) -> bool:
    """Tell whether a text is the name of a periodical, or lists institutions."""
    names = map(str.strip, text.split(","))
    return bool(_PERIODICAL.match(text)) or all(map(_INSTITUTION.fullmatch, names))
