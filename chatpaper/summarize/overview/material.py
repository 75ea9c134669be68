"""What an overview is written from: the checked statements of summaries, each with its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatpaper.domain import Claim, Field, PostEntry, Result, collect_texts
from chatpaper.domain.overviews.overview import Limitation
from chatpaper.summarize.context.prompt_injection import as_evidence, clean_paper
from chatpaper.summarize.overview.themes import describe_entry
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.findings import collect_findings
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.terms import extract_stems

# Statements whose page the summary knows, the most telling first.
_PLACED_FIELDS = ("key_takeaways", "results", "key_figures")
# Statements without a quotation, whose page is looked for.
_LIMITATIONS = Field("limitations", "list", "limits that the authors state")


@dataclass(frozen=True, slots=True)
class Point:
    """One checked statement of a summary, and the page of the paper that it rests on."""

    text: str
    page: int


class PaperMaterial:
    """A paper as an overview sees it: what its summary says, and what it is held against."""

    def __init__(self, entry: PostEntry) -> None:
        self.entry = entry
        self.arxiv_id = entry.paper.arxiv_id

    @cached_property
    def examiner(self) -> Examiner:
        """The paper as it was stored, made ready for being searched."""
        document, paper = as_evidence(self.entry.document), clean_paper(self.entry.paper)
        return Examiner(document, paper, QuoteFinder(document, paper))

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The statements that a sentence may rest on, the most telling first."""
        placed = tuple(self._list_placed())
        stated = (Point(each.text, each.page) for each in self.limitations if each.page)
        return (*placed, *stated)

    @cached_property
    def limitations(self) -> tuple[Limitation, ...]:
        """The limits that the paper states, with the page that speaks of each."""
        texts = collect_texts(self.entry.summary.answers.get("limitations", ""))
        return tuple(
            Limitation(self.arxiv_id, text, self._find_page(text)) for text in texts if text.strip()
        )

    @cached_property
    def pages(self) -> frozenset[int]:
        """The pages that a sentence may name."""
        return frozenset(point.page for point in self.points)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all that title, abstract and summary say."""
        answers = self.entry.summary.answers.values()
        said = (text for answer in answers for text in collect_texts(answer))
        return extract_stems("\n".join((describe_entry(self.entry), *said)))

    def _list_placed(self) -> Iterator[Point]:
        for name in _PLACED_FIELDS:
            for item in self.entry.summary.answers.get(name, ()):
                if isinstance(item, Claim) and item.page and not item.marks_itself:
                    yield Point(item.text, item.page)
                elif isinstance(item, Result) and item.page:
                    yield Point(item.statement, item.page)

    def _find_page(self, text: str) -> int:
        """Return the page that tells most of a statement; 0 where none does."""
        examiner = self.examiner
        for finding in collect_findings(_LIMITATIONS, (text,), examiner.verifier):
            if finding.is_doubtful:
                return 0
            excerpts, places = examiner.evidence.excerpts([finding])
            for place in places[finding]:
                return excerpts[place].page
        return 0


def collect_material(entries: Sequence[PostEntry]) -> dict[str, PaperMaterial]:
    """Return the papers by their ids, in their order."""
    return {entry.paper.arxiv_id: PaperMaterial(entry) for entry in entries}
