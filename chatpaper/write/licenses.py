"""Tell what a licence lets others do with a paper's figures.

Sources: info.arxiv.org/help/license, and the deeds to which it links.
"""

import re
from dataclasses import dataclass
from typing import Literal

# all: embed every figure; licensed: those whose licence allows it, links for the rest; linked:
# links; none: no figures.
FigurePolicy = Literal["all", "licensed", "linked", "none"]

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(?P<zero>zero))"
    r"/(?P<version>\d\.\d)(?:/.*)?",
    re.IGNORECASE,
)
# Anybody may republish these, also for money and also cropped; the others of Creative Commons
# forbid one or the other.
_REPUBLISHABLE = frozenset({"BY", "BY-SA"})


@dataclass(frozen=True, slots=True)
class License:
    """A Creative Commons licence: its name for people, and its terms for whoever shows a figure."""

    uri: str
    name: str
    republishable: bool
    attribution: bool


def parse_license(uri: str) -> License | None:
    """Return the licence that a URI names, or None.

    None stands for arXiv's own, under which nobody but arXiv may publish, and for unknown ones.
    """
    match = _CREATIVE_COMMONS.fullmatch(uri.strip())
    if match is None:
        return None
    if match["zero"]:
        return License(
            uri.strip(), f"CC0 {match['version']}", republishable=True, attribution=False
        )
    terms = match["terms"].upper()
    return License(
        uri.strip(), f"CC {terms} {match['version']}", terms in _REPUBLISHABLE, attribution=True
    )


def may_embed(policy: FigurePolicy, uri: str) -> bool:
    """Return whether a post may show the figures of a paper under this licence.

    An unknown licence allows nothing.
    """
    known = parse_license(uri)
    return policy == "all" or (policy == "licensed" and known is not None and known.republishable)
