"""What looks like a number in a text and counts nothing: labels, citations, addresses, marks of lists, dates."""

import re

_WORD = (
    r"(?:Fig(?:ure)?s?|FIGS?|Tab(?:le)?s?|TABLE|Sec(?:tion)?s?|Eqs?|Equations?|Algorithms?|Alg|Append(?:ix|ices)"
    r"|Chapters?|Theorems?|Lemmas?|Propositions?|Corollary|Definitions?|Refs?|Pages?|pp?)\.?~?\s?"
)
_NUMBER = r"[（(]?[A-Z]?\d+(?:\.\d+)*[a-z]?[)）]?(?![\d%])"
_HAN_WORD = r"(?<![像地试示代列发意企视插力绘])[图圖表]|(?:公|等)?式|算法|附录|附錄|定理|引理"

_PATTERNS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # Addresses, identifiers, versions.
        r"https?://[^\s)）>\]]+|www\.[^\s)）>\]]+|\b[\w.+-]+@[\w-]+\.[\w.]+|\b10\.\d{4,9}/\S+",
        r"\b(?:arXiv:\s?)?\d{4}\.\d{4,5}(?:v\d+)?\b(?!\s?[%％])|\b\d+\.\d+\.\d+(?:\.\d+)*\b",
        # Citations and cross-references.
        r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]",
        rf"\b{_WORD}{_NUMBER}(?:\s?(?:,|and|to|or|–|-|和|与|至|到|、)\s?{_NUMBER})*",
        rf"(?:{_HAN_WORD})\s?{_NUMBER}(?:\s?(?:[,，和与及至到、–-]|and)\s?{_NUMBER})*(?!\s?[张幅個个])",
        r"第\s?\d+(?:\.\d+)*\s?(?:[节節章页頁]|部分|小节)",
        # Marks of lists and headings; numbers of equations.
        r"^\s*(?:[-*+>]\s+)*(?:\d{1,2}[.)、．:：]|[（(]\d{1,2}[)）]|#+\s*\d+(?:\.\d+)*\.?)(?=\s|[^\d\s])",
        r"[（(]\d{1,2}[)）]|[①-⑳]",
        # Indices and exponents, but for powers of ten.
        r"(?<!10)\^\s?\{?[-−+]?\w+\}?|_\{[^}]*\}|_\w",
        # Dates and times of day.
        r"\b\d{4}[-/]\d{1,2}[-/]\d{1,2}\b|\d{1,2}\s?月\s?\d{1,2}\s?[日号]|\b\d{1,2}:\d{2}(?::\d{2})?\b",
    )
)


def without_labels(text: str) -> str:
    """The text with spaces in place of labels and the like, every other character where it was."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text
