"""Whether a sentence announces a link as the paper's own.

Its code, models, data, demo or project page.

Papers link to other people's repositories far more often than to their own, in much the same words.
A link is taken for the paper's own where the words before it say so, and never for being a link to
code alone: a wrong link sends readers to somebody else's work, a missing one costs them a search.
"""

import re

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables

_TABLES = load_word_tables(__name__)
_ARTEFACT = f"(?:{_TABLES.join('artefact')})"
_CODE = f"(?:{_TABLES.join('code')})"
_AVAILABLE = rf"(?:{_TABLES.join('available')})\w*"
# What a paper says of things that it took from others.
_BORROWED = re.compile(
    rf"\b(?:{_TABLES.join('borrowed')}"
    rf"|we (?:have )?(?:also )?(?:{_TABLES.join('we_borrow')})\w*)\b"
    f"|{_TABLES.join('borrowed_in_chinese')}",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"\[\d{1,3}(?:[,;–-] ?\d{1,3})*\]|\bet al\b|\((?:[^()]{0,60}[ ,])?(?:19|20)\d\d[a-z]?\)"
)
_ASIDE = re.compile(r"\([^()]{0,200}\)")
_LINK = re.compile(r"(?:https?://|www\.)\S+")

_OURS = re.compile(
    rf"\b(?:our|my|this (?:work|paper|project|study)['’]s)\s(?:[\w&,/-]+\s){{0,4}}?{_ARTEFACT}\b",
    re.IGNORECASE,
)
_WE_RELEASE = re.compile(
    r"\bwe\s(?:[a-z-]+ly\s|also\s|will\s|have\s|further\s|plan to\s|hereby\s){0,3}"
    r"(?:releas\w+|open[- ]?sourc\w+|publish\w*|shar\w+|provid\w+|ma[dk]e\w*(?! use)|host\w*"
    r"|contribut\w+|put)\b"
    rf".{{0,90}}?\b{_ARTEFACT}\b",
    re.IGNORECASE,
)
_IS_AVAILABLE = re.compile(
    r"(?:^|[;:•*†‡§\d]|,? and\b)\s{0,2}(?P<lead>(?:[\w-]{1,20} ){0,4}?)"
    rf"{_CODE}\b[^.]{{0,110}}?\b{_AVAILABLE}",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:代码|源代码|源码|复现包|复现代码|项目主页|项目地址|项目页面|コード|ソースコード"
    r"|プロジェクトページ)[^。；;]{0,80}\Z"
)
_CODE_OF = re.compile(
    r"\b(?:code|implementation|software|repository|models?|version|library)s?"
    r"\s(?:of|for|by)\s([^.,;]{1,60})",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w+-]{2,}\b")
# What may stand between such a word and an address.
_AT = re.compile(
    rf"[\s(\[:：,]*(?:(?:{_TABLES.join('before_an_address')})\b[\s(\[:：,]*){{0,6}}", re.IGNORECASE
)
# What stands before an address as its label.
_LABEL = re.compile(
    rf"(?:\A|[\s\[(|•*;.†‡§\d])(?:{_TABLES.join('address_labels')})"
    rf"(?:[ ,/&]{{1,3}}(?:and )?[\w-]{{1,16}}){{0,3}}\s?(?:[:：—–-]\s?|\]\s?)?\Z",
    re.IGNORECASE,
)
_AVAILABILITY = re.compile(
    r"\b(?:code|software|data|materials?|resources?|models?|artifacts?)\b"
    r".{0,40}\b(?:availab|access)",
    re.IGNORECASE,
)
# As much of what stands before a link as says what it is.
REACH_CHARACTERS = 260


def is_announced(before: str, title: str = "") -> bool:
    """Tell whether the words `before` a link announce it as the paper's own.

    `title` is that of the paper, by which its name is distinguished from those of others.
    """
    sentence = _last_sentence(before)
    if chinese := _CHINESE.search(sentence):
        return not _BORROWED.search(chinese[0])
    plain = _ASIDE.sub(lambda aside: aside[0] if _CITED.search(aside[0]) else " ", sentence)
    for pattern in (_OURS, _WE_RELEASE):
        announced = pattern.search(plain)
        if announced and _leads_to_link(
            plain[announced.end() :], is_release=pattern is _WE_RELEASE
        ):
            return True
    if _is_named_thing(plain, title):
        return True
    available = _IS_AVAILABLE.search(plain)
    if (
        not available
        or _CITED.search(plain[available.start() :])
        or _is_of_others(plain, available["lead"], title)
    ):
        return False
    return not _BORROWED.search(available["lead"]) and not _BORROWED.search(
        plain[available.end() :]
    )


def _is_named_thing(sentence: str, title: str) -> bool:
    """Tell whether a sentence releases what the title names before its colon, or has it available.

    That name is the paper's own.
    """
    name, colon, _ = title.partition(":")
    if not colon or len(name.split()) > _MOST_NAME_WORDS or len(name) < _LEAST_NAME_CHARACTERS:
        return False
    place = sentence.find(name)
    if place < 0:
        return False
    before, after = sentence[:place], sentence[place + len(name) :]
    released = _RELEASING.search(before[-_MOST_RELEASING_CHARACTERS:])
    available = [match.end() for match in re.finditer(rf"\b{_AVAILABLE}", after, re.IGNORECASE)]
    if not released and not available:
        return False
    return not _BORROWED.search(before) and not _BORROWED.search(after[max(available, default=0) :])


_MOST_NAME_WORDS, _LEAST_NAME_CHARACTERS = 3, 3
_RELEASING = re.compile(
    r"\bwe\s(?:[a-z]{1,15}\s){0,3}(?:releas|open[- ]?sourc|publish|host)\w{0,4}"
    r"\s(?:[\w-]{1,15}\s){0,3}\Z",
    re.IGNORECASE,
)
_MOST_RELEASING_CHARACTERS = 120


def is_labelled(before: str) -> bool:
    """Tell whether a label such as "Project page:" or "[Code]" stands right before a link."""
    return _LABEL.search(before[-80:]) is not None


def opens_availability(heading: str) -> bool:
    """Tell whether a heading such as "Data availability" opens a section on where to get things."""
    return _AVAILABILITY.search(heading) is not None


def is_borrowed(before: str) -> bool:
    """Tell whether the words before a link say that it leads to what others made."""
    sentence = _last_sentence(before)
    return bool(_BORROWED.search(sentence) or _CITED.search(sentence))


def _last_sentence(before: str) -> str:
    """Return the sentence that leads to a link; links within it end no sentence."""
    reach = _LINK.sub(" ", before[-REACH_CHARACTERS:])
    sentences = [each.text for each in split_sentences(reach) if re.search(r"\w", each.text)]
    return sentences[-1] if sentences else ""


def _leads_to_link(between: str, *, is_release: bool) -> bool:
    """Tell whether nothing but how to get at it stands between what is announced and the link."""
    borrowed = [match.end() for match in _BORROWED.finditer(between)]
    available = [match.end() for match in re.finditer(rf"\b{_AVAILABLE}", between, re.IGNORECASE)]
    if borrowed and (not available or max(borrowed) > max(available)):
        return False
    if available or _AT.fullmatch(between) or re.fullmatch(r"[\s.,:;(]*", between):
        return True
    return is_release and not _NAME.search(between)


def _is_of_others(sentence: str, lead: str, title: str) -> bool:
    """Tell whether the sentence speaks of the code of something whose name the title lacks.

    `lead` are the words before "code", the first of which has a capital letter for beginning the
    sentence.
    """
    known = {word.casefold() for word in _NAME.findall(title)}
    named = [_NAME.findall(lead.partition(" ")[2])]
    named += [
        _NAME.findall(match[1])
        for match in _CODE_OF.finditer(sentence)
        if not re.search(r"\b(?:our|this|these)\b", match[1])
    ]
    return any(names and not {name.casefold() for name in names} & known for names in named)
