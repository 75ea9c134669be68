"""The papers of a night that there was no room for, as a post lists them behind the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatpaper.domain import CutPaper
from chatpaper.write.views.display import display_paper
from chatpaper.write.views.reasons import describe_ranking

# As many titles as a reader goes through in a minute; the JSON beside the post has all of them.
MAX_CUT_SHOWN = 30


@dataclass(frozen=True, slots=True)
class CutPaperView:
    """A paper that there was no room for: its title, page and score, and what speaks for it."""

    title: str
    url: str
    score: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutView:
    """The papers that there was no room for: `count` of them, the best shown, and `more` not."""

    count: int = 0
    papers: tuple[CutPaperView, ...] = ()

    @property
    def more(self) -> int:
        """The number of papers that are not shown."""
        return self.count - len(self.papers)


def build_cut_view(cut: Sequence[CutPaper], labels: Mapping[str, str]) -> CutView:
    """Return what a post shows of the papers that there was no room for, the best first."""
    return CutView(
        len(cut),
        tuple(
            CutPaperView(
                display_paper(each.paper).title,
                each.paper.abs_url or each.paper.pdf_url,
                f"{each.ranking.score:.2f}",
                describe_ranking(each.ranking, labels),
            )
            for each in cut[:MAX_CUT_SHOWN]
        ),
    )
