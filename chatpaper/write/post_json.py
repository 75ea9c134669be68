"""Build the JSON beside a post from the post."""

from collections.abc import Mapping, Sequence
from typing import get_args

from chatpaper.domain import (
    Claim,
    CutPaper,
    FieldAnswer,
    Figure,
    PostEntry,
    Result,
    Revision,
    VerdictKind,
    Verification,
    format_item,
)
from chatpaper.write.code_links import find_code_links
from chatpaper.write.notes import collect_notes
from chatpaper.write.post_models import (
    AnswerRecordJson,
    ChecksJson,
    CoverageJson,
    CutPaperJson,
    EarlierPostJson,
    EvidenceJson,
    PageTextJson,
    PaperJson,
    PostFigureJson,
    PostGarbledTextJson,
    PostReferencesJson,
    RankingReasonJson,
    ResultJson,
    VerdictJson,
    VerificationJson,
)
from chatpaper.write.render import build_page_url
from chatpaper.write.views.display import display_entry
from chatpaper.write.views.reasons import describe_ranking


def paper_to_json(
    entry: PostEntry,
    figure_folder: str,
    embedded: Sequence[Figure],
    labels: Mapping[str, str],
    figure_address: str = "",
) -> PaperJson:
    """Describe a paper of a post: its record as arXiv has it, the summary as the post shows it.

    Figures that are not `embedded` have no image there, only a link to their page.
    `figure_address` is the address of their folder in the post, if that is not `figure_folder`.
    """
    address = figure_address if figure_address != figure_folder else ""
    newest = entry.revision or Revision(
        entry.paper.version or 0, entry.paper.abs_url, entry.paper.updated
    )
    paper, document, summary = entry.paper, entry.document, display_entry(entry).summary
    return PaperJson(
        arxiv_id=paper.arxiv_id,
        version=paper.version,
        title=paper.title,
        authors=paper.authors,
        abstract=paper.abstract,
        published=paper.published,
        updated=newest.updated,
        primary_category=paper.primary_category,
        categories=paper.categories,
        comment=paper.comment,
        journal_ref=paper.journal_ref,
        doi=paper.doi,
        license=paper.license,
        upvotes=paper.upvotes,
        source=paper.source,
        venue=paper.venue,
        citations=paper.citations,
        abs_url=paper.abs_url,
        pdf_url=paper.pdf_url,
        latest_version=newest.version or None,
        latest_url=newest.url,
        withdrawn=paper.withdrawn or newest.withdrawn,
        earlier=EarlierPostJson.from_value(entry.earlier) if entry.earlier else None,
        pdf_digest=entry.pdf_digest,
        matched_phrase=entry.matched_phrase,
        score=entry.ranking.score if entry.ranking else None,
        why=describe_ranking(entry.ranking, labels),
        reasons=tuple(map(RankingReasonJson.from_value, entry.ranking.reasons))
        if entry.ranking
        else (),
        links=tuple(find_code_links(entry)),
        abstract_only=entry.abstract_only,
        notes=tuple(collect_notes(entry, labels)),
        language=summary.language,
        summary={name: _answer_to_json(answer) for name, answer in summary.answers.items()},
        evidence=tuple(
            _evidence_to_json(name, claim)
            for name, answer in summary.answers.items()
            for claim in _claims(answer)
        ),
        checks=ChecksJson.from_value(summary.checks),
        verification=_verification_to_json(summary.verification),
        coverage=CoverageJson.from_value(summary.coverage),
        figures=tuple(
            PostFigureJson(
                label=figure.label,
                kind=figure.kind,
                caption=figure.caption,
                page=figure.page,
                bbox=figure.bbox,
                image=f"{figure_folder}/{figure.image}" if figure in embedded else "",
                address=f"{address}/{figure.image}" if address and figure in embedded else "",
                text=figure.text,
                link=build_page_url(paper, figure.page),
                confidence=figure.confidence,
                left_out="low_confidence" if figure.is_uncertain else "",
            )
            for figure in document.figures
        ),
        references=PostReferencesJson.from_value(document.references),
        hidden_text=tuple(map(PageTextJson.from_value, document.hidden_text)),
        garbled_text=tuple(map(PostGarbledTextJson.from_value, document.garbled_text)),
        instructions=tuple(map(PageTextJson.from_value, entry.hidden_commands)),
        backend=summary.backend,
        model=summary.model,
        prompt_fingerprint=summary.prompt_fingerprint,
        answered_by={
            name: AnswerRecordJson(
                fingerprint=record.fingerprint,
                backend=record.backend,
                model=record.model,
                checks=ChecksJson.from_value(record.checks),
                asked=record.asked,
            )
            for name, record in summary.records.items()
        },
        input_tokens=summary.input_tokens,
        output_tokens=summary.output_tokens,
        cost_usd=summary.cost_usd,
        warnings=(*document.warnings, *summary.warnings),
    )


def cut_paper_to_json(cut: CutPaper, labels: Mapping[str, str]) -> CutPaperJson:
    """Describe a paper that there was no room for in the post."""
    return CutPaperJson(
        arxiv_id=cut.paper.arxiv_id,
        version=cut.paper.version,
        title=cut.paper.title,
        authors=cut.paper.authors,
        published=cut.paper.published,
        abs_url=cut.paper.abs_url,
        score=cut.ranking.score,
        why=describe_ranking(cut.ranking, labels),
        reasons=tuple(map(RankingReasonJson.from_value, cut.ranking.reasons)),
    )


def _verification_to_json(verification: Verification) -> VerificationJson:
    counts = {kind: verification.count(kind) for kind in get_args(VerdictKind)}
    return VerificationJson(
        status=verification.status,
        reason=verification.reason,
        model=verification.model,
        **counts,
        undecided=verification.undecided,
        verdicts=tuple(map(VerdictJson.from_value, verification.verdicts)),
    )


def _evidence_to_json(field: str, claim: Claim) -> EvidenceJson:
    return EvidenceJson(
        field=field,
        text=claim.text,
        quote=claim.quote,
        page=claim.page,
        section=claim.section,
        marks_itself=claim.marks_itself,
    )


def _claims(answer: FieldAnswer) -> tuple[Claim, ...]:
    if isinstance(answer, str):
        return ()
    return tuple(item for item in answer if isinstance(item, Claim))


def _answer_to_json(answer: FieldAnswer) -> str | tuple[ResultJson | str, ...]:
    if isinstance(answer, str):
        return answer
    return tuple(
        ResultJson.from_value(item) if isinstance(item, Result) else format_item(item)
        for item in answer
    )
