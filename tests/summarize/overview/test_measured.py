"""How much the check of overviews keeps of what is true, and lets through of what is not."""

import itertools
import json
import re
from pathlib import Path

from chatpaper.domain import Claim, FieldAnswer, Paper, PostEntry, Summary, collect_texts
from chatpaper.domain.overviews.overview import OverviewSentence, Source
from chatpaper.extract.document import read_document
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.summarize.overview.answer import Draft
from chatpaper.summarize.overview.checking import OverviewCheck
from chatpaper.summarize.overview.material import PaperMaterial, collect_material
from chatpaper.summarize.prompting.library import Prompts

# Answers that are sentences about a paper, and whose words stand in no quotation.
STATING = (
    *("summary", "tldr", "conclusions", "performance", "experiments", "significance"),
    *("limitations", "background", "key_idea", "innovation", "method_steps"),
)


def load_entries(library: Path, cache: Path) -> list[PostEntry]:
    """Return the example papers with answers, as a run would have stored them."""
    records = {
        Path(record["file"]).stem: record
        for record in json.loads((library / "metadata.json").read_text("utf-8"))
    }
    entries = []
    for file in sorted((library / "answers").glob("*.zh.json")):
        stem = file.name.split(".")[0]
        record = records[stem]
        paper = Paper(stem, record["title"], tuple(record["authors"]), record["abstract"])
        loaded = DocumentLoader(cache, read_document).load(
            paper, library / f"{stem}.pdf", None, is_own=True
        )
        given = json.loads(file.read_text("utf-8"))
        answers: dict[str, FieldAnswer] = {
            name: _freeze(given[name]) for name in STATING if name in given
        }
        answers["key_takeaways"] = tuple(
            Claim(each["text"], each["quote"], 1) for each in given["key_takeaways"]
        )
        entries.append(
            PostEntry(paper, loaded.document, Summary(answers, "zh", "demo", "demo", ""))
        )
    return entries


def _freeze(answer: str | list[str]) -> str | tuple[str, ...]:
    return answer if isinstance(answer, str) else tuple(answer)


def test_true_sentences_stand_and_those_about_another_paper_do_not(
    library: Path, papers_read: Path
) -> None:
    papers = collect_material(load_entries(library, papers_read))
    check = OverviewCheck(papers, Prompts.load().language("zh"))
    kept = {True: 0, False: 0}
    tried = {True: 0, False: 0}
    for arxiv_id, paper in papers.items():
        answers = paper.entry.summary.answers
        for text in (each for name in STATING for each in collect_texts(answers.get(name, ()))):
            for other in papers:
                checked = check.check(Draft("new", 0, text, (Source(other, 1),)))
                tried[other == arxiv_id] += 1
                kept[other == arxiv_id] += isinstance(checked, OverviewSentence)
    assert tried == {True: 56, False: 168}
    assert kept[True] >= 55
    assert kept[False] == 0


# A number that stands alone, and how many sentences of each paper are paired.
_NUMBER = re.compile(r"(?<![\w.,+±-])\d+(?:\.\d+)?%?(?![\w.,%]*\d)")
_PAIRED = 3


def test_numbers_that_changed_places_between_two_papers_do_not_stand(
    library: Path, papers_read: Path
) -> None:
    papers = collect_material(load_entries(library, papers_read))
    check = OverviewCheck(papers, Prompts.load().language("zh"))

    def stands(first: str, second: str, *sources: Source) -> bool:
        draft = Draft("new", 0, f"{first}；{second}。", sources)
        return isinstance(check.check(draft), OverviewSentence)

    true, swapped = [], []
    for one, other in itertools.combinations(papers, 2):
        sources = (Source(one, 1), Source(other, 1))
        pairs = zip(_list_counting(papers[one]), _list_counting(papers[other]), strict=False)
        for first, second in itertools.islice(pairs, _PAIRED):
            here, there = (_NUMBER.findall(each)[0] for each in (first, second))
            true.append(stands(first, second, *sources))
            changed = first.replace(here, there, 1), second.replace(there, here, 1)
            swapped.append(here != there and stands(*changed, *sources))
    assert len(true) == 18
    assert all(true)
    assert sum(swapped) <= 2


def _list_counting(paper: PaperMaterial) -> list[str]:
    """List short sentences of a summary that have a number."""
    answers = paper.entry.summary.answers
    texts = [each for name in STATING for each in collect_texts(answers.get(name, ()))]
    sentences = [part for text in texts for part in text.split("。")]
    return [each for each in sentences if _NUMBER.search(each) and len(each) < 75]
