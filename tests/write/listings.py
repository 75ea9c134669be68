"""Output folders for tests of what is made from them.

They have the JSON of posts as `write_post` writes it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chatpaper.domain import Claim, Document, FieldAnswer, Paper, PostEntry, Summary
from chatpaper.write.edit_protection import hash_content
from chatpaper.write.formats import load_labels
from chatpaper.write.post_json import paper_to_json
from chatpaper.write.site.post_folder import PublishedPost

LABELS = load_labels("zh")
POST = PublishedPost(
    "2026-07-02/Diffusion_Models.json", date(2026, 7, 2), "Diffusion Models", "daily", ()
)


def record(
    arxiv_id: str = "2607.00001", answers: Mapping[str, FieldAnswer] | None = None, **changes: Any
) -> Any:
    """Return a paper as the JSON beside a post has it."""
    version = changes.pop("version", 1)
    paper = Paper(
        arxiv_id,
        title=changes.pop("title", f"Paper {arxiv_id}"),
        authors=changes.pop("authors", ("Ada Lovelace", "Łukasz Ørsted")),
        version=version,
        published=datetime(2026, 7, 1, 9, tzinfo=UTC),
        updated=datetime(2026, 7, 1, 9, tzinfo=UTC),
        primary_category="cs.CV",
        categories=("cs.CV", "cs.LG"),
        abs_url=f"http://arxiv.org/abs/{arxiv_id}v{version}",
        pdf_url=f"https://arxiv.org/pdf/{arxiv_id}v{version}",
    )
    default: dict[str, FieldAnswer] = {
        "title": "题目",
        "keywords": ("扩散模型", "采样"),
        "summary": "本文提出方法。",
        "key_takeaways": (
            Claim("要点一。", "quote", 3, "1 Introduction"),
            Claim("要点二。", "nowhere", 0),
        ),
        "method_steps": ("第一步。", "第二步。"),
    }
    summary = Summary(default if answers is None else answers, "zh", "gemini", "some-model", "abc")
    described = paper_to_json(PostEntry(paper, Document(), summary), "", (), LABELS)
    return described.to_json() | changes


def post(
    folder: Path,
    day: date,
    topic: str,
    papers: Sequence[Any],
    format: str = "daily",
    path: str | None = None,
) -> Path:
    """Put the JSON of a post where `write_post` would."""
    middle = "" if format == "daily" else f".{format}"
    file = folder / day.isoformat() / (path or f"{topic.replace(' ', '_')}{middle}.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "date": day.isoformat(),
        "topic": topic,
        "format": format,
        "markdown_sha256": hash_content(b""),
        "papers": list(papers),
        "cut": [],
    }
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file
