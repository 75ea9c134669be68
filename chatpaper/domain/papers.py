"""Papers as arXiv knows them, and what decides which of them belong to a topic."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

# New style YYMM.NNNN(N) since 2007-04, old style archive(.SC)/YYMMNNN before (info.arxiv.org, arXiv
# identifier).
_NEW_ID = r"\d{4}\.\d{4,6}"
_OLD_ID = r"[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7}"
ARXIV_ID_PATTERN = rf"(?P<id>{_NEW_ID}|{_OLD_ID})(?:v(?P<version>[1-9]\d{{0,3}})(?!\d))?"
# Four digits; the paper with the most versions has some hundred.
MAX_VERSION = 9999
# How a DOI begins, and no id of arXiv.
DOI_PREFIX = "10."


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier; without a version it means the latest one."""

    id: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2407.18125`, `2407.18125v2`, `arXiv:2407.18125` or `hep-th/9901001v1`.

        Raises ValueError for anything else.
        """
        match = re.fullmatch(rf"(?:arxiv:\s*)?{ARXIV_ID_PATTERN}", text.strip(), re.IGNORECASE)
        if match is None:
            raise ValueError(f"not an arXiv id: {text!r}")
        version = match["version"]
        return cls(match["id"], int(version) if version else None)

    @property
    def idv(self) -> str:
        """The id with its version, where it has one: `2407.18125v2`."""
        return self.id if self.version is None else f"{self.id}v{self.version}"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What a reader does not want to see: words of title or abstract, authors, main categories."""

    words: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def join(self, other: Self) -> Self:
        """Return what either of the two excludes."""
        return type(self)(
            tuple(dict.fromkeys((*self.words, *other.words))),
            tuple(dict.fromkeys((*self.authors, *other.authors))),
            tuple(dict.fromkeys((*self.categories, *other.categories))),
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A named interest and what decides whether a paper belongs to it.

    A paper belongs when one of `phrases` occurs in its title or abstract, each group of `all_of`
    has a phrase that occurs, and none of `none_of` explains the match away. `query` is the arXiv
    search string where the user gave one; else it is made of the phrases. `fields` says where to
    look: `ti` is the title, `abs` the abstract. What `exclude` names is left out whatever it is
    about.
    """

    name: str
    phrases: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    query: str = ""
    builtin: bool = True
    fields: tuple[Literal["ti", "abs"], ...] = ("ti", "abs")
    exclude: Exclusions = Exclusions()


@dataclass(frozen=True, slots=True)
class Paper:
    """The record of a paper, as arXiv (or the metadata beside a PDF) has it.

    Nothing in it comes from a model.

    `arxiv_id` is the key: the arXiv id without version or, for a paper from elsewhere, a name that
    is given to the contents of its PDF, and is the stem of its file where no other contents had it
    before. `license` is the URI of the licence of this version, empty where none is known.
    `upvotes` are those of Hugging Face, None for a paper that was not found there; `links` are the
    pages of code and project that it names. `venue` is where it was published, as OpenReview or
    OpenAlex call it, and `citations` count those that OpenAlex knows of; None without a look-up.
    """

    arxiv_id: str
    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    version: int | None = None
    published: datetime | None = None
    updated: datetime | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    abs_url: str = ""
    pdf_url: str = ""
    withdrawn: bool = False
    license: str = ""
    upvotes: int | None = None
    links: tuple[str, ...] = ()
    source: Literal["arxiv", "huggingface", "file"] = "arxiv"
    venue: str = ""
    citations: int | None = None

    @property
    def idv(self) -> str:
        """The key with its version, where it has one."""
        return self.arxiv_id if self.version is None else f"{self.arxiv_id}v{self.version}"

    @property
    def squashed_id(self) -> str:
        """The key as it may stand in a file name: old arXiv ids lose their slash."""
        return squash_id(self.arxiv_id)

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether it is a file or a web address that arXiv has no id for."""
        return self.source == "file" and (bool(self.pdf_url) or not self.abs_url)

    @property
    def sort_key(self) -> tuple[int, float, str]:
        """What posts sort papers by.

        Most upvotes first, where there are any, then newest first, then by id.
        """
        return (
            -(self.upvotes or 0),
            -self.published.timestamp() if self.published else 0.0,
            self.arxiv_id,
        )


def squash_id(arxiv_id: str) -> str:
    """Return a key as it may stand in a file name.

    Old arXiv ids lose their slash, and that of a DOI becomes an underscore.

    >>> squash_id("hep-th/9901001"), squash_id("10.1101/2026.11.01.123456")
    ('hep-th9901001', '10.1101_2026.11.01.123456')
    """
    return arxiv_id.replace("/", "_" if arxiv_id.startswith(DOI_PREFIX) else "")
