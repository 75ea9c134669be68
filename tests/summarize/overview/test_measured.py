"""How much the check of overviews keeps of what is true, and lets through of what is not."""

import json
from pathlib import Path

from chatpaper.domain import Claim, FieldAnswer, Paper, PostEntry, Summary, collect_texts
from chatpaper.domain.overviews.overview import OverviewSentence, Source
from chatpaper.extract.document import read_document
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.summarize.overview.answer import Draft
from chatpaper.summarize.overview.checking import OverviewCheck
from chatpaper.summarize.overview.material import collect_material
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
