"""Hold what a model wrote of several papers against these papers.

A sentence stands only where its sources are statements that the model was shown, where some of its
papers supports each of its numbers, names and quotations, and where all of its papers speak of what
it speaks of. What fails is dropped, not repaired.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from chatpaper.domain import Field
from chatpaper.domain.overviews.overview import (
    DroppedSentence,
    DropReason,
    OverviewSentence,
    Source,
)
from chatpaper.summarize.overview.answer import (
    MAX_NAME_CHARACTERS,
    MAX_SENTENCE_CHARACTERS,
    Draft,
)
from chatpaper.summarize.overview.attribution import assign_numbers
from chatpaper.summarize.overview.material import PaperMaterial
from chatpaper.summarize.prompting.languages import Language, compute_character_limit
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import collect_findings
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.terms import extract_stems

# A word counts by its rarity among the papers. A sentence shares so much of its words with its
# papers together, and with each so much as a part of what it shares with the paper that has most:
# less where it names several. Of the statements of the four example papers with answers, which are
# all on one topic, these leave 6 % out and let one in five about another of the papers through.
MIN_SHARE = 0.12
MIN_PART_OF_MOST = 0.5
MIN_PART_OF_MOST_AMONG_SEVERAL = 0.3

# A clause is about the paper that has at least so many of its words, and so many times as many as
# each other paper.
LEAST_SHARED = 3
MIN_LEAD = 2.0

# A whole number below 100 that stands alone.
_COUNT = re.compile(r"(?<![\w.,+±-])\d{1,2}(?![\w.,%]*\d|%|\s*%)")

_SENTENCE = Field(
    "sentence", "text", "a sentence", max_characters=MAX_SENTENCE_CHARACTERS, need="must"
)
_NAME = Field("name", "text", "a name", max_characters=MAX_NAME_CHARACTERS, need="must")


@dataclass(frozen=True, slots=True)
class OverviewCheck:
    """Checks sentences in one language against the papers that a model was shown.

    `prompt_texts` are texts of the prompt that no sentence may repeat.
    """

    papers: Mapping[str, PaperMaterial]
    language: Language
    prompt_texts: Sequence[str] = ()

    @property
    def stems(self) -> Mapping[str, Set[str]]:
        """The stems of what each paper says, by its id."""
        return {arxiv_id: paper.stems for arxiv_id, paper in self.papers.items()}

    def check(self, draft: Draft) -> OverviewSentence | DroppedSentence:
        """Return the sentence as it may be published, or why it may not."""
        text = str(normalize_answer(_SENTENCE, draft.text, self.language))
        if unusable := find_unusable(_SENTENCE, text, self.language, self.prompt_texts):
            return DroppedSentence(draft.text, "unusable", unusable[0])
        if fault := self._find_fault_of_sources(draft):
            return DroppedSentence(draft.text, *fault)
        named = _list_papers(draft.sources)
        missing = self._find_unsupported(text, named) or self._find_misplaced(text, named)
        if missing:
            return DroppedSentence(draft.text, "unsupported", "; ".join(missing))
        if detail := find_foreign(text, named, self.stems):
            return DroppedSentence(draft.text, "not_said", detail)
        return OverviewSentence(text, draft.sources)

    def check_name(self, name: str, arxiv_ids: Iterable[str]) -> str | DroppedSentence:
        """Return the name of a theme as it may be published, or why it may not."""
        text = str(normalize_answer(_NAME, name, self.language)).rstrip("。.")
        if unusable := find_unusable(_NAME, text, self.language, self.prompt_texts):
            return DroppedSentence(name, "unusable", unusable[0])
        limit = compute_character_limit(_NAME, self.language) * 2
        if len(text) > limit:
            return DroppedSentence(name, "unusable", f"longer than {limit} characters")
        if missing := self._find_unsupported(text, tuple(arxiv_ids)):
            return DroppedSentence(name, "unsupported", "; ".join(missing))
        return text

    def _find_unsupported(self, text: str, named: Collection[str]) -> tuple[str, ...]:
        """Return the numbers, names and quotations that none of the named papers supports."""
        examiners = [self.papers[arxiv_id].examiner for arxiv_id in named]
        # What a checked statement says was held against the whole paper, whose text the cache may
        # have lost since.
        told = "\n".join(point.text for arxiv_id in named for point in self.papers[arxiv_id].points)
        missing = tuple(each for each in find_unsupported(text, examiners) if each not in told)
        said = {stem for arxiv_id in named for stem in self.papers[arxiv_id].stems}
        derived = " ".join(
            claim.value
            for examiner in examiners
            for claim in examiner.verifier.check(Statement(text))
            if claim.derivation
        )
        # Small whole numbers stand somewhere in any paper: a summary has to have them.
        counted = (each for each in _COUNT.findall(text) if each not in said | {*missing})
        return (*missing, *(each for each in counted if each not in derived))

    def _find_misplaced(self, text: str, named: Collection[str]) -> tuple[str, ...]:
        """Return the numbers that a sentence about several papers tells of the wrong one."""
        if len(named) < 2:
            return ()
        claims = {
            arxiv_id: self.papers[arxiv_id].examiner.verifier.check(Statement(text))
            for arxiv_id in named
        }
        numbers = [each.value for each in claims[next(iter(named))] if each.kind == "numeral"]
        names = {arxiv_id: arxiv_id for arxiv_id in named}
        for value in {each.value for found in claims.values() for each in found}:
            having = [
                arxiv_id
                for arxiv_id, found in claims.items()
                if any(
                    each.kind == "name" and each.value == value and each.supported for each in found
                )
            ]
            if len(having) == 1:
                names[value] = having[0]
        return tuple(
            f"{number} is not of {arxiv_id}"
            for number, arxiv_id in assign_numbers(
                text, names, numbers, lambda clause: find_subject(clause, named, self.stems)
            )
            if not self._tells(arxiv_id, number, claims[arxiv_id])
        )

    def _tells(self, arxiv_id: str, number: str, claims: Iterable[CheckedClaim]) -> bool:
        """Return whether a paper or what was checked of it has a number."""
        paper = self.papers[arxiv_id]
        told = "\n".join(point.text for point in paper.points)
        if re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", told):
            return True
        supporting = [each for each in claims if each.value == number and each.supported]
        # Small whole numbers stand somewhere in any paper: a summary has to have them.
        if _COUNT.fullmatch(number):
            return number in paper.stems or any(each.derivation for each in supporting)
        return bool(supporting)

    def _find_fault_of_sources(self, draft: Draft) -> tuple[DropReason, str] | None:
        """Return what is wrong with the sources of a sentence; None where each was shown."""
        if draft.unread:
            known = draft.unread[0].strip("[]() ") in self.papers
            return ("unknown_page" if known else "unknown_paper", draft.unread[0])
        if not draft.sources:
            return ("no_source", "")
        for source in draft.sources:
            if source.arxiv_id not in self.papers:
                return ("unknown_paper", source.arxiv_id)
            if source.page not in self.papers[source.arxiv_id].pages:
                return ("unknown_page", f"{source.arxiv_id} p. {source.page}")
        return None


def find_unsupported(text: str, examiners: Sequence[Examiner]) -> tuple[str, ...]:
    """Return the numbers, names and quotations of a text that none of the papers supports.

    A text about a single paper is also held against what the words of its evidence tell against it.
    """
    unsupported: list[dict[str, None]] = []
    for examiner in examiners:
        claims = examiner.verifier.check(Statement(text))
        unsupported.append(dict.fromkeys(claim.value for claim in claims if not claim.supported))
    missing = tuple(
        value for value in unsupported[0] if all(value in each for each in unsupported[1:])
    )
    if missing or len(examiners) > 1:
        return missing
    findings = collect_findings(_SENTENCE, (text,), examiners[0].verifier)
    hints = [hint for finding in findings for hint in examiners[0].with_hints(finding).hints]
    return tuple(hint.message for hint in hints if hint.is_certain)[:1]


def find_subject(
    clause: str, named: Collection[str], stems_of_papers: Mapping[str, Set[str]]
) -> str:
    """Return which of the named papers the words of a clause are of; empty where none stands out.

    Numbers do not count: they are what is to be attributed.
    """
    stems = [each for each in extract_stems(clause) if not any(map(str.isdigit, each))]
    shares = sorted(
        (
            (sum(stem in stems_of_papers[arxiv_id] for stem in stems), arxiv_id)
            for arxiv_id in named
        ),
        reverse=True,
    )
    (most, subject), (second, _) = shares[:2]
    return subject if most >= LEAST_SHARED and most >= MIN_LEAD * second else ""


def find_foreign(text: str, named: Collection[str], stems_of_papers: Mapping[str, Set[str]]) -> str:
    """Return what shows that the named papers do not say what a text says; empty where they may.

    Words are compared by their stems, those of Chinese and Japanese by pairs of characters.
    """
    weights = {
        stem: math.log(1 + len(stems_of_papers) / max(1, _count(stem, stems_of_papers)))
        for stem in extract_stems(text)
    }
    whole = sum(weights.values())
    if not whole:
        return "it says nothing"

    def share(stems: Set[str]) -> float:
        return sum(weight for stem, weight in weights.items() if stem in stems) / whole

    together = share({stem for arxiv_id in named for stem in stems_of_papers[arxiv_id]})
    if together < MIN_SHARE:
        return f"its papers have {together:.0%} of its words"
    most = max(share(stems) for stems in stems_of_papers.values())
    least = MIN_PART_OF_MOST if len(named) == 1 else MIN_PART_OF_MOST_AMONG_SEVERAL
    for arxiv_id in named:
        if share(stems_of_papers[arxiv_id]) < least * most:
            return f"other papers speak of it, and {arxiv_id} does not"
    return ""


def _count(stem: str, stems_of_papers: Mapping[str, Set[str]]) -> int:
    return sum(stem in stems for stems in stems_of_papers.values())


def _list_papers(sources: Iterable[Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.arxiv_id for source in sources))
