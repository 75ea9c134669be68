"""Where the files of posts go, under names that no two topics or papers share."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, Self

from chatpaper.domain import Post, squash_id
from chatpaper.write.files import make_safe_filename
from chatpaper.write.formats import Scope
from chatpaper.write.markup.markdown import SafeMarkdown, to_link_target

# The format of seed posts bears no suffix; the others carry their name.
PLAIN_FORMAT = "daily"

_UPWARD = re.compile(r"^(?:\.\./)+")

# What publishes posts; empty where nobody said.
SiteName = Literal["", "hexo", "mkdocs", "hugo", "jekyll", "obsidian"]


@dataclass(frozen=True, slots=True)
class SiteLayout:
    """Where the files of posts go, as what publishes them wants it.

    Figures go to `assets_dir`, and JSON to `json_dir`, by the paths that they would have in the
    output folder, where they go by default. `assets_url` is the address under which the folder of
    the figures is served; without it, their addresses are relative to the post.
    """

    site: SiteName = ""
    assets_dir: Path | None = None
    assets_url: str = ""
    json_dir: Path | None = None

    def list_folders(self, output_dir: Path) -> tuple[Path, ...]:
        """Return the folders that hold files of the posts of an output folder."""
        folders = (output_dir, self.assets_dir, self.json_dir)
        return tuple(dict.fromkeys(folder for folder in folders if folder is not None))


BESIDE = SiteLayout()


@dataclass(frozen=True, slots=True)
class Subject:
    """What the name of a file stands for: a topic, or a paper by its key.

    `wanted` is the name that it would have.
    """

    key: str
    wanted: str

    @classmethod
    def topic(cls, name: str) -> Self:
        """Return a topic by its name."""
        return cls(f"topic:{name}", name)

    @classmethod
    def paper(cls, arxiv_id: str) -> Self:
        """Return a paper by its key."""
        return cls(f"paper:{arxiv_id}", squash_id(arxiv_id))


class WriteLog(Protocol):
    """What is remembered of an output folder."""

    def name_of(self, subject: Subject) -> str:
        """Return the name of a topic's or a paper's files, which no other has."""

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Return whether a file with this content is as it was last written."""

    def is_known(self, path: Path) -> bool:
        """Return whether a note says what was written there."""

    def announce(self, path: Path, content: bytes) -> None:
        """Note that a file is about to be written."""

    def settle(self, path: Path, content: bytes) -> None:
        """Note that a file was written."""


class UntrackedFolder:
    """The book of a folder that nobody else writes to and that is thrown away later."""

    def name_of(self, subject: Subject) -> str:
        """Return the plain name."""
        return make_safe_filename(subject.wanted)

    def is_ours(self, path: Path, content: bytes) -> bool:
        """Return True: every file is ours."""
        return True

    def is_known(self, path: Path) -> bool:
        """Return whether anything was noted: nothing ever is."""
        return False

    def announce(self, path: Path, content: bytes) -> None:
        """Note nothing."""

    def settle(self, path: Path, content: bytes) -> None:
        """Note nothing."""


@dataclass(frozen=True, slots=True)
class PostPaths:
    """The paths of a post's files, and the addresses of its figures.

    `stem` and `json_stem` are the Markdown and the JSON without suffixes. By the key of a paper,
    `figure_folders` has the folder of its figures, `figure_paths` that folder as seen from the
    post, and `figure_addresses` the address under which the post shows it.
    """

    stem: Path
    json_stem: Path
    figure_folders: dict[str, Path]
    figure_paths: dict[str, str]
    figure_addresses: dict[str, str]

    def markdown(self, post_format: str) -> Path:
        """Return the Markdown file of a format."""
        return _add_suffixes(self.stem, post_format, ".md")

    def record(self, post_format: str) -> Path:
        """Return the JSON file of a format."""
        return _add_suffixes(self.json_stem, post_format, ".json")


def _add_suffixes(stem: Path, post_format: str, suffix: str) -> Path:
    middle = "" if post_format == PLAIN_FORMAT else f".{post_format}"
    return stem.with_name(f"{stem.name}{middle}{suffix}")


def plan_post_paths(
    output_dir: Path,
    post: Post,
    scope: Scope,
    book: WriteLog | None = None,
    layout: SiteLayout = BESIDE,
) -> PostPaths:
    """Plan where a post and its figures go.

    A day's post goes to `{output}/{date}/{topic}`, with a folder in it for the figures of each
    paper. One of a paper goes beside its folder of figures: to
    `{output}/{date}/{topic}/{arxiv_id}`, or without a topic to `{output}/{date}/{arxiv_id}`.
    """
    stem, folders = _plan_beside(output_dir, post, scope, book)
    named = stem.with_name(name_stem(stem.relative_to(output_dir), layout.site))
    figure_folders = {
        key: (layout.assets_dir or output_dir) / folder.relative_to(output_dir)
        for key, folder in folders.items()
    }
    paths = {key: find_relative_path(folder, stem.parent) for key, folder in figure_folders.items()}
    served = {
        key: f"{layout.assets_url}/{folder.relative_to(output_dir).as_posix()}"
        for key, folder in folders.items()
    }
    return PostPaths(
        named,
        (layout.json_dir or output_dir) / named.relative_to(output_dir),
        figure_folders,
        paths,
        served if layout.assets_url else paths,
    )


def name_stem(path: Path, site: SiteName) -> str:
    """Return the name of a post without suffixes, by its path in the output folder.

    Jekyll takes for posts only files whose names begin with their date, and serves all posts of a
    day from one folder.

    >>> name_stem(Path("2026-11-22/Diffusion_Models"), "jekyll")
    '2026-11-22-Diffusion_Models'
    >>> name_stem(Path("2026-11-22/Diffusion_Models/2407.18125"), "jekyll")
    '2026-11-22-Diffusion_Models-2407.18125'
    """
    return "-".join(path.parts) if site == "jekyll" else path.name


def strip_stem(path: Path, site: SiteName) -> str:
    """Return the name that `name_stem` was given, by the path that came of it.

    >>> strip_stem(Path("2026-11-22/Sea_ice/2026-11-22-Sea_ice-2407.18125"), "jekyll")
    '2407.18125'
    """
    parents = "".join(f"{part}-" for part in path.parent.parts)
    return path.name.removeprefix(parents) if site == "jekyll" else path.name


def link_post(text: str, address: str, site: SiteName) -> SafeMarkdown:
    """Return a link from a post to one of another day, by its path as seen from the first.

    Hexo finds the page of a post by its path, whatever the permalink; Hugo and Jekyll do not build
    a site in which a post that is named so is missing, and get the text alone.

    >>> link_post("2026-11-20", "../2026-11-20/LLM.md", "mkdocs")
    '[2026-11-20](../2026-11-20/LLM.md)'
    >>> link_post("2026-11-20", "../2026-11-20/LLM.md", "hexo")
    "{% post_link 2026-11-20/LLM '2026-11-20' %}"
    """
    target = to_link_target(address)
    if site == "hexo":
        path = _UPWARD.sub("", target.removesuffix(".md"))
        return SafeMarkdown(f"{{% post_link {path} '{text}' %}}")
    return SafeMarkdown(text if site in ("hugo", "jekyll") else f"[{text}]({target})")


def find_relative_path(path: Path, start: Path) -> str:
    """Return a path as seen from a folder, with slashes; whole where no path leads there."""
    try:
        return Path(os.path.relpath(path, start)).as_posix()
    except ValueError:  # another drive of Windows
        return path.absolute().as_posix()


def _plan_beside(
    output_dir: Path, post: Post, scope: Scope, book: WriteLog | None
) -> tuple[Path, dict[str, Path]]:
    """Return the stem of a post and its folders of figures as they are where all is together."""
    name_of = (book or UntrackedFolder()).name_of
    names = {
        entry.paper.arxiv_id: name_of(Subject.paper(entry.paper.arxiv_id)) for entry in post.entries
    }
    folder = output_dir / post.date.isoformat()
    if post.topic is not None:
        folder /= name_of(Subject.topic(post.topic))
        if scope == "day":
            return folder, {arxiv_id: folder / name for arxiv_id, name in names.items()}
    paper = post.entries[0].paper
    stem = folder / names[paper.arxiv_id]
    return stem, {paper.arxiv_id: stem}
