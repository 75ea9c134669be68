"""Tell whether a paper was withdrawn.

arXiv has no mark for it, only what authors and administrators write. The notice stands in the
comment of the record, or in place of the abstract (info.arxiv.org/help/withdraw).
"""

import re

_WORK = r"(?:paper|article|manuscript|submission|preprint|work|note|version|draft|e-?print|it)"
_GONE = r"(?:withdrawn|retracted)"
_TO_WITHDRAW = r"(?:withdraw(?:ing)?|retract(?:ing)?)"
_AUTHORS = r"(?:(?:the\s+|all\s+)?authors?|we|i)"

# The ways in which a clause says it: what was done, what the authors do, what is being asked for.
_NOTICES = (
    rf"^{_GONE}\b",
    (
        rf"\b{_WORK}\s+(?:has\s+been|have\s+been|had\s+to\s+be|is\s+being|is\s+to\s+be"
        rf"|needs\s+to\s+be|must\s+be|"
        rf"should\s+be|will\s+be|was|is|are)\s+(?:\w+ly\s+)?{_GONE}\b"
    ),
    (
        rf"(?:^|\bthis\s+|\b{_WORK}\s+)"
        r"(?:needs?\s+to\s+be|has\s+to\s+be|to\s+be|must\s+be|was|is|has\s+been)"
        rf"\s+(?:\w+ly\s+)?{_GONE}\b"
    ),
    rf"\b{_WORK}\s+{_GONE}\b",
    rf"\b{_GONE}\s+(?:by|due\s+to|because|on\s+request|at\s+the\s+request|for)\b",
    (
        rf"\b{_AUTHORS}\b(?:\s+\w+){{0,4}}\s+(?:{_GONE}|withdrew|{_TO_WITHDRAW})"
        r"\s+(?:this|the|our|my|it)\b"
    ),
    rf"^{_TO_WITHDRAW}\b(?!\s+\w+s\b)",
    (
        r"\b(?:withdrawal|retraction)\s+(?:(?:of|by)\s+(?:this|the|our)\b"
        r"|(?:is|was|has\s+been)?\s*requested|notice)"
    ),
    r"^request(?:ed|ing)?\s+(?:a\s+|the\s+)?(?:withdrawal|retraction)\b",
    r"\bremoved\s+(?:from\s+arxiv\b|(?:by|at)\b.{0,20}\b(?:arxiv|administrat\w+|moderat\w+))",
    (
        r"\b(?:paper|article|manuscript|submission|preprint)"
        r"\s+(?:has\s+been|was)\s+removed\b(?!\s+from\s+(?!arxiv))"
    ),
)
_NOTICE = re.compile("|".join(_NOTICES), re.IGNORECASE)
# A paper that a conference or a journal lost is still a paper, and so is one that speaks of another
# that is gone.
_OF_SOMETHING_ELSE = re.compile(
    rf"\b(?:{_GONE}|withdrew|{_TO_WITHDRAW}|removed)\b"
    rf"(?:\s+(?:it|this|the|our|{_WORK})){{0,3}}\s+from\s+(?!(?:the\s+)?arxiv)"
    r"|\b(?:previous|earlier|former|older|other|another|first|second|original|companion|related)\s+"
    r"(?:\w+\s+)?(?:paper|version|submission|preprint|article|manuscript|draft)"
    r"|\bv\d+\b|\b(?:supersedes?|replac(?:es?|ing)|substitut\w+)\b"
    r"|\bnot\s+(?:been\s+)?(?:withdrawn|retracted)\b"
    r"|\bwithdrawn\s+(?:submission|paper)s?\s+(?:to|at|of)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:!?()\[\]]+(?=\s|$)|[,;]\s")
# The notice stands in place of the abstract, so it begins it; elsewhere the words are the paper's
# subject.
_NOTICE_IN_ABSTRACT = re.compile(
    rf"\W*(?:{_GONE}(?=\s*(?:$|[\]).,:;!-])|\s+(?:by|due|because|at|for|on|until|pending)\b)"
    rf"|(?:this|the)\s+(?:\w+\s+)?{_WORK}\s+(?:has\s+been|have\s+been|is\s+being|was|is)\s+"
    rf"(?:\w+ly\s+)?(?:{_GONE}|removed\s+(?:from|by)\b)"
    rf"|{_AUTHORS}\s+(?:\w+\s+){{0,4}}(?:{_GONE}|withdrew|{_TO_WITHDRAW})"
    rf"\s+(?:this|the|our|my)\s+{_WORK})",
    re.IGNORECASE,
)


def is_withdrawn(comment: str, abstract: str) -> bool:
    """Return whether arXiv says that the paper was withdrawn.

    It says so in its comment, or in a notice in place of the abstract.
    """
    clauses = (clause.strip() for clause in _CLAUSE_END.split(comment))
    in_comment = any(
        _NOTICE.search(clause) and not _OF_SOMETHING_ELSE.search(clause) for clause in clauses
    )
    return in_comment or bool(_NOTICE_IN_ABSTRACT.match(abstract))
