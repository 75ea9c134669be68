"""Hold what a model wrote of several papers against these papers.

A sentence stands only where its sources are statements that the model was shown, where some of its
papers supports each of its numbers, names and quotations, and where all of its papers speak of what
it speaks of. What fails is dropped, not repaired.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from chatpaper.summarize.overview.material import PaperMaterial
from chatpaper.summarize.prompting.languages import Language, compute_character_limit
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import collect_findings
from chatpaper.summarize.verify.passages import extract_stems
from chatpaper.summarize.verify.statements import Statement

# Of the words (in Chinese and Japanese, the pairs of characters) of a sentence, its papers together
# have so many, and each of them so many. Measured on the example papers, whose sentences have more
# of their own paper and less of any other: see tests/summarize/overview/test_checking.py.
MIN_SHARE_OF_ALL = 0.3
MIN_SHARE_OF_EACH = 0.12

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

    def check(self, draft: Draft) -> OverviewSentence | DroppedSentence:
        """Return the sentence as it may be published, or why it may not."""
        text = str(normalize_answer(_SENTENCE, draft.text, self.language))
        if unusable := find_unusable(_SENTENCE, text, self.language, self.prompt_texts):
            return DroppedSentence(draft.text, "unusable", unusable[0])
        if fault := self._find_fault_of_sources(draft):
            return DroppedSentence(draft.text, *fault)
        named = [self.papers[arxiv_id] for arxiv_id in _list_papers(draft.sources)]
        if missing := find_unsupported(text, [paper.examiner for paper in named]):
            return DroppedSentence(draft.text, "unsupported", "; ".join(missing))
        if detail := find_foreign(text, named):
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
        papers = [self.papers[arxiv_id] for arxiv_id in arxiv_ids]
        if missing := find_unsupported(text, [paper.examiner for paper in papers]):
            return DroppedSentence(name, "unsupported", "; ".join(missing))
        return text

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


def find_foreign(text: str, papers: Sequence[PaperMaterial]) -> str:
    """Return what shows that papers do not say what a text says; empty where they may."""
    stems = extract_stems(text)
    if not stems:
        return "it says nothing"
    together = frozenset[str]().union(*(paper.stems for paper in papers))
    if len(stems & together) < MIN_SHARE_OF_ALL * len(stems):
        return f"{len(stems & together)} of its {len(stems)} words are in its papers"
    for paper in papers:
        if len(stems & paper.stems) < MIN_SHARE_OF_EACH * len(stems):
            return f"{paper.arxiv_id} does not speak of it"
    return ""


def _list_papers(sources: Iterable[Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.arxiv_id for source in sources))
