"""What a reader of HTML sees of a post: elements and text in order, paper by paper.

How the page came about makes no difference.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

from chatpaper.write.markup.markdown import sanitize_line

# Pandoc's rule for formulas between dollar signs, on text as it is shown.
_FORMULA = re.compile(r"(?<![\\$])\$(?![\s$])((?:\\.|[^$\\])+?)(?<!\s)\$(?![\d$])")
_FORMULA_SIGN = "∎"


@dataclass(frozen=True)
class Element:
    """An element as it is opened.

    It has a name, and its attributes as far as a post or a payload could set them.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return dict(self.attributes).get(name, "")


@dataclass
class Part:
    """The part of a page that belongs to one paper: from its heading to the next."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""
    addresses: set[str] = field(default_factory=set)

    @property
    def shape(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Its elements with the names of their attributes.

        Addresses that show where they lead are left out: metadata are allowed to have them, and
        GitHub makes links of mail addresses however they are escaped.
        """
        return tuple(
            (
                each.tag,
                tuple(sorted(name for name, _ in each.attributes if name not in ("id", "name"))),
            )
            for each in self.elements
            if not (each.tag == "a" and each.get("href") in self.addresses)
        )


Token = Element | str


def tokens_of_html(html: str) -> Iterator[Token]:
    """Yield the elements and pieces of text of a page, in their order."""
    for event, node in lxml.etree.iterwalk(
        lxml.html.fromstring(f"<div>{html}</div>"), events=("start", "end", "comment", "pi")
    ):
        if event in ("comment", "pi"):
            yield Element(f"({event})")
            yield node.tail or ""
        elif event == "start":
            yield Element(
                str(node.tag), tuple((str(name), str(value)) for name, value in node.attrib.items())
            )
            yield node.text or ""
        else:
            yield node.tail or ""


def parts_of(tokens: Iterable[Token], heading: str = "h2") -> list[Part]:
    """Split a page into the parts that begin with this heading.

    What stands before the first of them is left out.
    """
    parts: list[Part] = []
    for token in tokens:
        if isinstance(token, Element) and token.tag == heading:
            parts.append(Part())
        if not parts:
            continue
        if isinstance(token, Element):
            parts[-1].elements.append(token)
        else:
            last = parts[-1].elements[-1]
            if last.tag == "a" and same_address(last.get("href"), token):
                parts[-1].addresses.add(last.get("href"))
            parts[-1].text += token
    return parts


def same_address(target: str, shown: str) -> bool:
    """Tell whether the text of a link is its target, or the host of that.

    The target is an address on the web or of a mailbox; percent-encoding makes no difference.
    """
    scheme, _, rest = target.partition(":")
    if scheme in ("http", "https") and shown == (urlsplit(target).hostname or "").removeprefix(
        "www."
    ):
        return True
    addresses = {
        "http": (target,),
        "https": (target,),
        "mailto": (target, rest),
        "xmpp": (target,),
    }.get(scheme, ())
    return _unquoted(shown.strip()) in map(_unquoted, addresses)


def _unquoted(address: str) -> str:
    if "%" not in address and "&" not in address:
        return address
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), address).replace(
        "&amp;", "&"
    )


def as_shown(text: str) -> str:
    """Strip a text of what may differ between what was written and what is seen.

    That is white space, and formulas.
    """
    return re.sub(r"\s+", "", _FORMULA.sub(_FORMULA_SIGN, sanitize_line(text)))


def count_of(text: str, variants: Iterable[str]) -> int:
    """Count how often one of these texts is shown, each place once."""
    shown, count = as_shown(text), 0
    for variant in sorted({as_shown(variant) for variant in variants}, key=len, reverse=True):
        count += shown.count(variant)
        shown = shown.replace(variant, "\0")
    return count


def faults_of(part: Part, pattern: Part, variants: Sequence[str], places: int) -> list[str]:
    """Return what is wrong with the part of a paper.

    It has other elements than the pattern, or the text is not everywhere. `variants` are the text
    as it is and as the rules of typesetting may have set it; `places` is how often the pattern
    shows the text that it has instead.
    """
    faults = []
    if part.shape != pattern.shape:
        extra = [shape for shape in part.shape if shape not in pattern.shape]
        faults.append(
            f"elements differ, new ones: {extra}" if extra else "elements differ in number or order"
        )
    count = count_of(part.text, variants)
    if count < places:
        faults.append(f"shown as written {count} times instead of {places}")
    return faults
