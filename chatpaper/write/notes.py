"""What a reader must know of how a summary came about, and who wrote it."""

from collections.abc import Mapping, Set
from typing import Literal

from chatpaper.domain import DEMO, EXTRACTIVE, Post, PostEntry
from chatpaper.write.markup.markdown import SafeMarkdown, escape_markdown

# What a post says in place of the name of a model, by the backend that asks none.
_NOTICES_WITHOUT_MODEL = {DEMO: "notice_demo", EXTRACTIVE: "notice_extractive"}

MODEL_PAGES = {"gemini": "https://ai.google.dev/", "google_generativeai": "https://ai.google.dev/"}


def collect_notes(entry: PostEntry, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a reader must know of how a summary came about."""
    notes = _version_notes(entry, labels)
    if any(backend == DEMO for backend, _ in list_writers(entry)):
        notes.insert(0, labels["note_demo"])
    if entry.abstract_only:
        notes.append(labels[f"note_{entry.abstract_only}"])
    pages = sorted({command.page for command in entry.hidden_commands})
    if pages:
        notes.append(labels["note_hidden_text"].format(pages=", ".join(map(str, pages))))
    garbled = sorted({page for text in entry.document.garbled_text for page in text.pages})
    if garbled and not entry.abstract_only:
        notes.append(labels["note_garbled_text"].format(pages=", ".join(map(str, garbled))))
    coverage = entry.summary.coverage
    if left_out := (*coverage.sections_left_out, *coverage.tables_left_out):
        notes.append(
            labels["note_left_out"].format(sections=labels["list_separator"].join(left_out))
        )
    if shortened := coverage.sections_shortened:
        notes.append(
            labels["note_shortened"].format(sections=labels["list_separator"].join(shortened))
        )
    return tuple(notes)


def _version_notes(entry: PostEntry, labels: Mapping[str, str]) -> list[str]:
    """Return what there is to say of other versions of the paper."""
    notes = []
    if entry.earlier is not None:
        notes.append(f"{format_earlier_note(entry, labels)} {entry.earlier.date.isoformat()}")
    if entry.revision is not None:
        label = labels["note_withdrawn_since" if entry.revision.withdrawn else "note_newer_version"]
        day = entry.revision.updated.date().isoformat() if entry.revision.updated else "?"
        notes.append(
            label.format(version=entry.revision.version, date=day, read=entry.paper.version)
        )
    return notes


def format_earlier_note(entry: PostEntry, labels: Mapping[str, str]) -> str:
    """Format what a post says of the version that an earlier post summarized."""
    earlier = entry.earlier.version if entry.earlier else None
    return labels["note_revision"].format(version=entry.paper.version, earlier=earlier)


def format_notice(
    post: Post, labels: Mapping[str, str], shown: Literal["below", "above"] = "below"
) -> SafeMarkdown:
    """Say who wrote what is `shown`: every model that was really used, or that none was."""
    writers = {pair for entry in post.entries for pair in list_writers(entry)}
    return format_writers(writers, labels, shown)


def format_writers(
    written: Set[tuple[str, str]],
    labels: Mapping[str, str],
    shown: Literal["below", "above"] = "below",
) -> SafeMarkdown:
    """Say who wrote a text below or above the notice, by the backends and models that did."""
    place = labels[f"notice_{shown}"]
    models = sorted(pair for pair in written if pair[0] not in _NOTICES_WITHOUT_MODEL)
    sentences = []
    if models:
        names = labels["list_separator"].join(
            _model_link(backend, model) for backend, model in models
        )
        before = labels["notice_model_before"].format(place=place)
        sentences.append(f"{before} {names} {labels['notice_model_after']}")
    backends = {backend for backend, _ in written}
    sentences += [
        labels[label].format(place=place)
        for backend, label in _NOTICES_WITHOUT_MODEL.items()
        if backend in backends
    ]
    return SafeMarkdown(labels["link_separator"].join(sentences))


def list_writers(entry: PostEntry) -> set[tuple[str, str]]:
    """Return the backend and the model of each answer of a paper."""
    return {(record.backend, record.model) for record in entry.summary.records.values()} or {
        (entry.summary.backend, entry.summary.model)
    }


def _model_link(backend: str, model: str) -> str:
    page = MODEL_PAGES.get(backend)
    return f"[{escape_markdown(model)}]({page})" if page else escape_markdown(model)
