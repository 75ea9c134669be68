"""Values for the tests of what is stored."""

from dataclasses import replace

from chatpaper.domain import Document, Paper, PostEntry, Summary

ENTRY = PostEntry(
    Paper("2611.00001", "A Paper", version=1),
    Document(),
    Summary({"summary": "总结"}, "zh", "gemini", "model", "prompt"),
)


def entry_of(arxiv_id: str, version: int | None = 1, summary: str = "总结") -> PostEntry:
    """Return the entry of a paper."""
    paper = replace(ENTRY.paper, arxiv_id=arxiv_id, version=version)
    return replace(ENTRY, paper=paper, summary=replace(ENTRY.summary, answers={"summary": summary}))
