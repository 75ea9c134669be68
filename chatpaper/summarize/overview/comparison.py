"""Set what several papers report of the same metric on the same data side by side."""

from collections.abc import Iterator, Mapping

from chatpaper.domain import Field, Result
from chatpaper.domain.overviews.overview import ComparedResult, Comparison
from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.overview.material import PaperMaterial

_RESULTS = Field("results", "results", "measured results")


def compare_results(papers: Mapping[str, PaperMaterial]) -> tuple[Comparison, ...]:
    """Return the metrics that at least two papers report of the same data, most papers first.

    Only results stand in it whose values their own paper has where it says so; names are compared
    by their letters.
    """
    groups: dict[tuple[str, str], list[tuple[PaperMaterial, Result]]] = {}
    for material in papers.values():
        for row in _list_results(material):
            key = (fold_accents(row.data_set), fold_accents(row.metric))
            if all(key):
                groups.setdefault(key, []).append((material, row))
    compared = []
    for key, found in groups.items():
        checked = [(paper, row) for paper, row in found if len(_list_ids(found)) > 1]
        checked = [(paper, row) for paper, row in checked if is_supported(paper, row)]
        if len(_list_ids(checked)) > 1:
            compared.append((-len(_list_ids(checked)), key, checked))
    return tuple(
        Comparison(
            rows[0][1].data_set,
            rows[0][1].metric,
            tuple(_compare(material, row) for material, row in rows),
        )
        for _, _, rows in sorted(compared, key=lambda each: each[:2])
    )


def is_supported(material: PaperMaterial, row: Result) -> bool:
    """Return whether the paper has the values of a result, in its table or figure."""
    findings = material.examiner.findings(_RESULTS, (row,))
    return all(
        not finding.is_doubtful
        and all(claim.supported for claim in finding.claims if claim.kind == "numeral")
        for finding in map(material.examiner.with_hints, findings)
    )


def _list_results(material: PaperMaterial) -> Iterator[Result]:
    for item in material.entry.summary.answers.get("results", ()):
        if isinstance(item, Result) and item.page and item.ours:
            yield item


def _list_ids(found: list[tuple[PaperMaterial, Result]]) -> set[str]:
    return {material.arxiv_id for material, _ in found}


def _compare(material: PaperMaterial, row: Result) -> ComparedResult:
    return ComparedResult(
        material.arxiv_id,
        row.task,
        row.ours,
        row.baseline,
        row.baseline_name,
        row.source,
        row.page,
    )
