"""Posts on disk: the Markdown, the JSON beside it and the figures, each file whole or not there."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from chatpaper.domain import Figure, Post, PostEntry
from chatpaper.domain.errors import WriteError
from chatpaper.write.edit_protection import (
    WrittenPost,
    add_new_suffix,
    choose_target,
    hash_content,
    is_edited,
    is_free,
    remove_if_ours,
    write_tracked,
)
from chatpaper.write.files import sync_written, write_atomically
from chatpaper.write.formats import PostFormat
from chatpaper.write.markup.markdown import to_link_target
from chatpaper.write.post_json import cut_paper_to_json, paper_to_json
from chatpaper.write.post_models import PostJson
from chatpaper.write.post_paths import (
    UntrackedFolder,
    WriteLog,
    find_relative_path,
    plan_post_paths,
)
from chatpaper.write.render import PostStyle, render_post, select_embedded_figures

# What stands before the address of an image in HTML, in Markdown and in front matter.
_BEFORE_ADDRESS = ('"', "(", " ")


def write_post(post: Post, post_format: PostFormat, style: PostStyle, output_dir: Path) -> Path:
    """Put a post into a folder that is ours alone; returns the path of the Markdown.

    Raises WriteError.
    """
    return update_post(post, post_format, style, output_dir, UntrackedFolder()).path


def update_post(
    post: Post,
    post_format: PostFormat,
    style: PostStyle,
    output_dir: Path,
    book: WriteLog,
    before: Callable[[], Iterable[Post]] = tuple,
) -> WrittenPost:
    """Put a post on disk, figures first, so that a post never shows an image that is not there yet.

    Of the answers, those to the fields of the format are written: another format that is wanted
    later changes nothing. Images that an earlier post showed and this one may not are removed last,
    as are figures and JSON beside the post where the layout has other folders for them.

    A Markdown file in its place that is not as it was written last belongs to a person and stays,
    with its images: the post goes beside it. What versions without a book wrote is ours if it is
    one of the posts of `before`, as they may have stood; any other may have been edited. Raises
    WriteError.
    """
    post = _answered(post, post_format)
    place = plan_post_paths(output_dir, post, post_format.scope, book, style.layout)

    def rendered(each: Post) -> bytes:
        answered = _answered(each, post_format)
        return render_post(answered, post_format, style, place.figure_addresses).encode()

    embedded = {
        entry.paper.arxiv_id: select_embedded_figures(entry, style.figures)
        for entry in post.entries
    }
    for entry in post.entries:
        _write_figures(
            entry, embedded[entry.paper.arxiv_id], place.figure_folders[entry.paper.arxiv_id]
        )
    markdown, record = place.markdown(post_format.name), place.record(post_format.name)
    former = plan_post_paths(output_dir, post, post_format.scope, book)
    former_record = former.record(post_format.name)
    content = rendered(post)
    noted = record if record.is_file() else former_record
    target = choose_target(markdown, content, noted, book, lambda: map(rendered, before()))
    if target is None:
        return WrittenPost(markdown, kept=markdown)
    described = PostJson(
        date=post.date,
        topic=post.topic or "",
        format=post_format.name,
        markdown_sha256=hash_content(content),
        papers=tuple(
            paper_to_json(
                entry,
                place.figure_paths[entry.paper.arxiv_id],
                embedded[entry.paper.arxiv_id],
                style.labels,
                place.figure_addresses[entry.paper.arxiv_id],
            )
            for entry in post.entries
        ),
        cut=tuple(cut_paper_to_json(each, style.labels) for each in post.cut),
    )
    text = json.dumps(described.to_json(), ensure_ascii=False, indent=1) + "\n"
    write_atomically(record if is_free(record) else add_new_suffix(record), text.encode())
    if former_record != record and former_record.is_file() and is_free(former_record):
        former_record.unlink()
    write_tracked(target, content, book)
    if target != markdown:
        return WrittenPost(target, kept=markdown)
    remove_if_ours(add_new_suffix(markdown), book)
    for entry in post.entries:
        key = entry.paper.arxiv_id
        _remove_figures(entry, embedded[key], place.figure_folders[key])
        if former.figure_folders[key] != place.figure_folders[key]:
            day = output_dir / post.date.isoformat()
            shown = _list_shown_beside(entry, former.figure_folders[key], day)
            _remove_figures(entry, shown, former.figure_folders[key])
    return WrittenPost(markdown)


def remove_post(markdown: Path, record: Path, book: WriteLog) -> bool:
    """Remove a post that shows no paper any more, and its JSON; False where it stays.

    One that somebody edited stays, and so does a JSON that is not ours. Raises WriteError.
    """
    stays = is_edited(markdown, record, book)
    beside = add_new_suffix(markdown)
    try:
        remove_if_ours(beside, book)
        for described in (record, add_new_suffix(record)):
            if is_free(described):
                described.unlink(missing_ok=True)
        if not stays:
            markdown.unlink(missing_ok=True)
        return not stays
    except OSError as error:
        raise WriteError(
            f"{markdown} cannot be removed: {error.strerror}. Remove it.", path=str(markdown)
        ) from error


def remove_figures(entry: PostEntry, folder: Path) -> None:
    """Remove the images of a paper that its post shows no more. Raises WriteError."""
    _remove_figures(entry, (), folder)


def _answered(post: Post, post_format: PostFormat) -> Post:
    answered = (
        replace(entry, summary=entry.summary.select_fields(post_format.kept_fields))
        for entry in post.entries
    )
    return replace(post, entries=tuple(answered))


def _write_figures(entry: PostEntry, embedded: Sequence[Figure], folder: Path) -> None:
    is_new = False
    for figure in embedded:
        if entry.images is None:
            continue
        try:
            content = (entry.images / figure.image).read_bytes()
        except OSError as error:
            if (folder / figure.image).is_file():
                continue
            raise WriteError(
                f"The image {figure.image} of {entry.paper.idv} is no longer in the cache: "
                f"{error.strerror}. "
                "Run `chatpaper summarize` on the paper again to extract it.",
                path=str(entry.images / figure.image),
            ) from error
        write_atomically(folder / figure.image, content, sync_folder=False)
        is_new = True
    if is_new:
        sync_written(folder)


def _list_shown_beside(entry: PostEntry, folder: Path, day: Path) -> tuple[Figure, ...]:
    """List the figures in a folder that a post of the day still shows from there.

    One that somebody edited is not written again, and keeps the addresses that it has.
    """
    figures = [each for each in entry.document.figures if (folder / each.image).is_file()]
    posts = [
        (post.parent, post.read_text(encoding="utf-8", errors="replace"))
        for post in (day.rglob("*.md") if figures else ())
    ]
    return tuple(
        figure
        for figure in figures
        if any(
            f"{mark}{to_link_target(find_relative_path(folder / figure.image, parent))}" in text
            for parent, text in posts
            for mark in _BEFORE_ADDRESS
        )
    )


def _remove_figures(entry: PostEntry, embedded: Sequence[Figure], folder: Path) -> None:
    """Remove the images of figures that are not shown.

    The folder keeps whatever else somebody put there.
    """
    kept = {figure.image for figure in embedded}
    try:
        for figure in entry.document.figures:
            if figure.image and figure.image not in kept:
                (folder / figure.image).unlink(missing_ok=True)
        for emptied in (folder, folder.parent):
            if emptied.is_dir() and not kept and not any(emptied.iterdir()):
                emptied.rmdir()
    except OSError as error:
        raise WriteError(
            f"The images in {folder}, which the post may not show, cannot be removed: "
            f"{error.strerror}. Remove them.",
            path=str(folder),
        ) from error
