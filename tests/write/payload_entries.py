"""Papers and summaries that hold a payload wherever something from outside gets into a post."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

from chatpaper.domain import (
    RESULT_CELLS,
    BBox,
    Claim,
    Coverage,
    CutPaper,
    Document,
    Field,
    FieldAnswer,
    Figure,
    Paper,
    Post,
    PostEntry,
    Ranking,
    RankingReason,
    Result,
    Summary,
)
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.write.formats import PostFormat, load_format, load_labels
from chatpaper.write.markup.latex import answer_to_text, latex_to_text
from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.markup.typography import typeset
from chatpaper.write.post_paths import SiteLayout, SiteName
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from chatpaper.write.views.brief_view import cut_affiliations
from tests.write.pages import (
    Element,
    Part,
    Token,
    count_of,
    faults_of,
    parts_of,
    tokens_of_html,
)
from tests.write.payloads import PAYLOADS, Payload

DATE = date(2026, 11, 22)
# What the posts of the payloads are held against: a text that no reader of Markdown takes for more
# than it is.
HARMLESS = Payload(0, "harmless", "harmless words")
# It comes last, where a site may have something of its own behind the post.
HARMLESS_TOO = Payload(len(PAYLOADS) + 1, "harmless", "harmless words")
FIGURE_BYTES = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
# Python-Markdown takes as long as the square of a post.
PAPERS_OF_A_DAY = 24
# The payload behind a word.
_LATER = "所述 {}"
_QUOTED = "原文 {}"
_PLACE = BBox(0, 0, 10, 10)


def entry_with(payload: Payload, fields: tuple[Field, ...], images: Path) -> PostEntry:
    """Make a paper all of whose texts are the payload, alone and after a word.

    So it stands both at the start of a line and within one.
    """
    text, later = payload.text, _LATER.format(payload.text)
    paper = Paper(
        arxiv_id=f"2611.{payload.number:05d}",
        title=text,
        authors=(text, later),
        abstract=text,
        version=1,
        published=datetime(2026, 11, 20, tzinfo=UTC),
        comment=text,
        abs_url=f"http://arxiv.org/abs/2611.{payload.number:05d}v1",
        pdf_url=f"https://arxiv.org/pdf/2611.{payload.number:05d}v1",
    )
    document = Document(
        title=text, figures=(Figure("Figure 1", "figure", text, 1, _PLACE, "figure-1.png"),)
    )
    answers = {field.name: _answer(field, text, later) for field in fields}
    coverage = Coverage(
        sections_left_out=(text, later), characters_left_out=1, sections_shortened=(text,)
    )
    return PostEntry(
        paper,
        document,
        Summary(answers, "zh", "gemini", "model", "print", coverage=coverage),
        images=images,
    )


def cut_paper_with(payload: Payload) -> CutPaper:
    """Make a paper without room whose title, and a term of which it shares, is the payload."""
    text, number = payload.text, 90000 + payload.number
    paper = Paper(f"2611.{number}", text, abs_url=f"http://arxiv.org/abs/2611.{number}v1")
    return CutPaper(paper, Ranking(0.25, (RankingReason("terms", (_LATER.format(text),)),)))


def _answer(field: Field, text: str, later: str) -> FieldAnswer:
    if field.kind == "choice":
        return field.vocabulary[0]
    if field.kind == "choices":
        return field.vocabulary[:2]
    if field.kind == "results":
        return tuple(
            Result(**dict.fromkeys(RESULT_CELLS, text), source="Figure 1", page=1)
            for text in (text, later)
        )
    if field.kind in ("claims", "figures"):
        quote = _QUOTED.format(text)
        return (Claim(text, quote, 1, "Figure 1"), Claim(later, quote, 2, "Figure 1"))
    return text if field.kind == "text" else (text, later)


@cache
def variants_of(payload: Payload) -> tuple[str, ...]:
    """Return the payload as it is, and as metadata and answers are typeset before they are shown.

    How they are typeset depends on their words. Institutions are cut in a brief.
    """
    texts = (payload.text, _LATER.format(payload.text))
    return tuple(
        variant
        for text in texts
        for variant in (
            text,
            latex_to_text(text),
            typeset(sanitize_line(answer_to_text(text)), "zh"),
            cut_affiliations(typeset(sanitize_line(answer_to_text(text)), "zh")),
        )
    )


@dataclass(frozen=True)
class PayloadPost:
    """A post, and the payloads of its papers in their order."""

    file: Path
    payloads: tuple[Payload, ...]


def write_payload_posts(
    folder: Path,
    format_name: str,
    topic: str,
    images: Path,
    payloads: Sequence[Payload] = PAYLOADS,
    site: SiteName = "",
) -> tuple[PayloadPost, ...]:
    """Write the posts of the payloads in one format.

    They come in groups that each have a harmless text first and last. In a format of one paper
    each, the first and the last post are the harmless ones.
    """
    (images / "figure-1.png").write_bytes(FIGURE_BYTES)
    post_format = load_format(format_name)
    fields = Prompts.load().fields(post_format.asked_fields)
    size = PAPERS_OF_A_DAY if post_format.scope == "day" else len(payloads)
    written = []
    for number, start in enumerate(range(0, len(payloads), size), start=1):
        group = (HARMLESS, *payloads[start : start + size], HARMLESS_TOO)
        for papers in (group,) if post_format.scope == "day" else tuple((each,) for each in group):
            entries = tuple(entry_with(payload, fields, images) for payload in papers)
            cut = tuple(map(cut_paper_with, papers)) if post_format.scope == "day" else ()
            post = Post(DATE, f"{topic} {number}", entries, cut)
            written.append(PayloadPost(_write(post, post_format, folder, site), papers))
    return tuple(written)


def name_of(payload: Payload) -> str:
    """Name a payload as reports of faults do."""
    return f"{payload.number} {payload.kind}: {payload.text[:60]}"


def read_as_gfm(file: Path, format_name: str) -> list[Part]:
    """Read the parts of a post, paper by paper, as GitHub's own reader of Markdown takes it."""
    return parts_of(gfm_tokens_of(file), heading_of(format_name))


def gfm_tokens_of(file: Path) -> Iterator[Token]:
    """Yield what GitHub's own reader of Markdown makes of a post."""
    body = file.read_text("utf-8").split("\n---\n", 1)[1]
    html = cmarkgfm.github_flavored_markdown_to_html(body, options=Options.CMARK_OPT_UNSAFE)
    return tokens_of_html(html)


def cut_parts_of(tokens: Iterable[Token], count: int) -> list[Part]:
    """Split off what a post of a day says of its papers without room, each a paragraph.

    They are in its last fold, or at its end where it has no folds.
    """
    read = list(tokens)
    folds = [
        place
        for place, token in enumerate(read)
        if isinstance(token, Element) and token.tag == "details"
    ]
    paragraphs = parts_of(read[folds[-1] :] if folds else read, "p")
    return paragraphs[:count] if folds else paragraphs[-count:]


def heading_of(format_name: str) -> str:
    """Return the element with which a paper begins in a format."""
    return "h2" if load_format(format_name).scope == "day" else "h1"


def faults_among(read: Iterable[tuple[PayloadPost, Sequence[Part]]]) -> dict[str, list[str]]:
    """Return what is wrong with the parts of posts, by payload.

    Each is compared with the harmless one before it. Raises ValueError where a post has not as many
    parts as papers.
    """
    faults: dict[str, list[str]] = {}
    pattern, places = Part(), 0
    for post, parts in read:
        for payload, part in zip(post.payloads, parts, strict=True):
            if payload is HARMLESS:
                pattern, places = part, count_of(part.text, [HARMLESS.text])
            # What a site has of its own behind a post belongs to the last part.
            elif payload is not HARMLESS_TOO and (
                found := faults_of(part, pattern, variants_of(payload), places)
            ):
                faults[name_of(payload)] = found
    return faults


def _write(post: Post, post_format: PostFormat, folder: Path, site: SiteName) -> Path:
    style = PostStyle(load_labels("zh"), layout=SiteLayout(site))
    return write_post(post, post_format, style, folder)
