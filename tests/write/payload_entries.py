"""Papers and summaries that hold a payload wherever something from outside gets into a post."""

from datetime import UTC, date, datetime
from pathlib import Path

from chatpaper.domain import BBox, Claim, Coverage, Document, Entry, Field, FieldAnswer, Figure, Paper, Post, Summary
from chatpaper.prompts import Prompts
from chatpaper.write.formats import PostFormat, load_format, load_labels
from chatpaper.write.posts import write_post
from chatpaper.write.render import PostStyle
from tests.write.payloads import PAYLOADS, Payload

DATE = date(2026, 11, 22)
# What the posts of the payloads are held against: a text that no reader of Markdown takes for more than it is.
HARMLESS = Payload(0, "harmless", "harmless words")
FIGURE_BYTES = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
_PLACE = BBox(0, 0, 10, 10)


def entry_with(payload: Payload, fields: tuple[Field, ...], images: Path) -> Entry:
    """A paper all of whose texts are the payload, alone and after a word, so that it opens a line and does not."""
    text, later = payload.text, f"所述 {payload.text}"
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
    document = Document(title=text, figures=(Figure("Figure 1", "figure", text, 1, _PLACE, "figure-1.png"),))
    answers = {field.name: _answer(field, text, later) for field in fields}
    coverage = Coverage(sections_left_out=(text, later), characters_left_out=1)
    return Entry(paper, document, Summary(answers, "zh", "gemini", "model", "print", coverage=coverage), images=images)


def _answer(field: Field, text: str, later: str) -> FieldAnswer:
    if field.kind in ("text", "choice"):
        return text
    if field.kind in ("claims", "figures"):
        return (Claim(text, text, 1, "Figure 1"), Claim(later, later, 2, "Figure 1"))
    return (text, later)


def write_payload_posts(folder: Path, format_name: str, topic: str, images: Path) -> tuple[Path, ...]:
    """The posts of all payloads in one format, the harmless one first; gives their Markdown files."""
    (images / "figure-1.png").write_bytes(FIGURE_BYTES)
    post_format = load_format(format_name)
    fields = Prompts.load().fields(post_format.fields)
    entries = tuple(entry_with(payload, fields, images) for payload in (HARMLESS, *PAYLOADS))
    groups = (entries,) if post_format.scope == "day" else tuple((entry,) for entry in entries)
    return tuple(_write(Post(DATE, topic, group), post_format, folder) for group in groups)


def _write(post: Post, post_format: PostFormat, folder: Path) -> Path:
    return write_post(post, post_format, PostStyle(load_labels("zh")), folder)
