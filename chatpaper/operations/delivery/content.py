"""Gather what a message says of papers from the database and the posts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from posixpath import normpath
from urllib.parse import quote

from chatpaper.app.publishing import load_formats, load_post_style
from chatpaper.app.settings import Settings
from chatpaper.app.sources import strip_reader
from chatpaper.domain import PostEntry
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.operations.delivery.mark_links import load_secret, make_mark_address
from chatpaper.pipeline.publish import Publisher
from chatpaper.storage.deliveries import UndeliveredPaper
from chatpaper.storage.papers.marks import Mark, MarkKind
from chatpaper.storage.papers.posts import PostKey
from chatpaper.write.markup.latex import maths_to_text
from chatpaper.write.messages.digest import Digest, DigestFigure, DigestPaper
from chatpaper.write.messages.wording import format_verdict, load_message_labels
from chatpaper.write.notes import collect_notes
from chatpaper.write.post_paths import PostPaths
from chatpaper.write.render import PostStyle, build_entry_view
from chatpaper.write.views.brief_view import MAX_AUTHORS_IN_BRIEF
from chatpaper.write.views.display import join_authors, translate_label
from chatpaper.write.views.entry_view import EntryView

# As wide as a mail is on a computer, at two pixels for one.
FIGURE_WIDTH = 1120
# A gist is a sentence or two; where no field asks for it, it is the beginning of the summary.
_GIST_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class DigestSource:
    """Builds digests of published papers, as the settings say that posts look."""

    settings: Settings
    publisher: Publisher
    style: PostStyle
    labels: Mapping[str, str]
    formats: tuple[str, ...]
    mark_secret: bytes = field(default=b"", repr=False)

    @classmethod
    def open(cls, settings: Settings, publisher: Publisher) -> "DigestSource":
        """Build the source from the settings.

        Raises ConfigError for a format that is wrong, and WriteError.
        """
        chosen = load_formats(settings, settings.run.formats)
        # A post of the day has all papers on one page.
        ordered = sorted(chosen, key=lambda each: each.scope != "day")
        return cls(
            settings,
            publisher,
            load_post_style(settings),
            load_message_labels(settings.language),
            tuple(each.name for each in ordered),
            load_secret(settings.state_dir) if _signs_marks(settings) else b"",
        )

    def build(self, day: date, topics: Sequence[str], papers: Sequence[UndeliveredPaper]) -> Digest:
        """Build the digest of some published papers, each once, the best ones first."""
        found: dict[str, tuple[PostEntry, UndeliveredPaper]] = {}
        posts: dict[tuple[str, date], dict[str, PostEntry]] = {}
        for paper in papers:
            post = (paper.topic, paper.post_date)
            if post not in posts:
                posts[post] = {entry.paper.arxiv_id: entry for entry in self._entries(*post)}
            entry = posts[post].get(paper.arxiv_id)
            if entry is not None:
                found.setdefault(paper.arxiv_id, (entry, paper))
        best_first = sorted(found.values(), key=lambda pair: pair[0].sort_key)
        shown = tuple(self._describe(entry, paper) for entry, paper in best_first)
        pages = dict.fromkeys(paper.post_url.partition("#")[0] for paper in shown)
        return Digest(
            day,
            tuple(strip_reader(topic, self.settings) for topic in topics),
            shown,
            url=self._address_of_all(tuple(filter(None, pages))),
        )

    def _address_of_all(self, pages: tuple[str, ...]) -> str:
        """Return the address of the one post with all papers, or else of the folder of posts."""
        if len(pages) == 1:
            return pages[0]
        return f"{self.settings.post.site_url.rstrip('/')}/" if self.settings.post.site_url else ""

    def _entries(self, topic: str, day: date) -> Iterable[PostEntry]:
        key = PostKey(self._folder, topic, "", day, self.formats[0])
        return self.publisher.contents.entries(key)

    @property
    def _folder(self) -> str:
        return str(self.settings.output_dir.absolute())

    def _describe(self, entry: PostEntry, paper: UndeliveredPaper) -> DigestPaper:
        place = self._find_place(entry, paper)
        folder = place.figure_folders[paper.arxiv_id]
        address = place.figure_addresses[paper.arxiv_id]
        view = build_entry_view(entry, self.style, address)
        title, original = maths_to_text(view.title), maths_to_text(view.paper.title)
        return DigestPaper(
            arxiv_id=paper.arxiv_id,
            title=title,
            original_title=original if title != original else "",
            authors=join_authors(view.paper.authors, self.labels, MAX_AUTHORS_IN_BRIEF),
            tldr=maths_to_text(_find_gist(view)),
            verdict=format_verdict(entry.summary, self.labels),
            reason=view.brief.reason,
            notes=collect_notes(entry, self.labels),
            topics=(paper.topic,),
            figure=self._find_figure(view, folder, address, place),
            paper_url=entry.paper.abs_url,
            post_url=self._address(place.markdown(self.formats[0]), view),
            like_url=self._mark_address("like", paper.arxiv_id),
            hide_url=self._mark_address("hide", paper.arxiv_id),
        )

    def _find_place(self, entry: PostEntry, paper: UndeliveredPaper) -> PostPaths:
        scopes = {each.name: each.scope for each in load_formats(self.settings, self.formats)}
        single = paper.arxiv_id if scopes[self.formats[0]] == "paper" else ""
        key = PostKey(self._folder, paper.topic, single, paper.post_date, self.formats[0])
        return self.publisher.place_of(key, (entry,))

    def _address(self, post: Path, view: EntryView) -> str:
        """Return the address of a post, at the paper; empty where no site serves it."""
        page = locate_page(self.settings, post)
        has_anchors = page and self.formats[0] == "brief"
        return f"{page}#{quote(view.brief.anchor)}" if has_anchors else page

    def _mark_address(self, kind: MarkKind, arxiv_id: str) -> str:
        """Return where a reader says what they think of a paper; empty where that is not set."""
        settings = self.settings
        if _signs_marks(settings):
            mark = Mark(settings.profile.name, arxiv_id, kind)
            return make_mark_address(settings.web.public_url, self.mark_secret, mark)
        address = settings.deliver.mark_url
        return address.replace("{kind}", kind).replace("{id}", quote(arxiv_id, safe=""))

    def _find_figure(
        self, view: EntryView, folder: Path, address: str, place: PostPaths
    ) -> DigestFigure | None:
        """Return the first figure of which the summary speaks, or else the first that is shown."""
        spoken_of = {shown.source: shown.statement.text for shown in view.key_figures}
        shown = {figure.source: figure for figure in view.figures if figure.source}
        pictures = [source for source, each in shown.items() if each.figure.kind == "figure"]
        for source in dict.fromkeys((*spoken_of, *pictures)):
            png = _read_png(folder / Path(source).name) if source in shown else b""
            if png:
                figure = shown[source]
                return DigestFigure(
                    png,
                    translate_label(figure.figure.label, self.labels),
                    maths_to_text(spoken_of.get(source) or figure.caption),
                    min(figure.size.width, FIGURE_WIDTH // 2),
                    self._figure_address(source, place),
                )
        return None

    def _figure_address(self, source: str, place: PostPaths) -> str:
        """Return where the web has a figure; empty where no site serves it."""
        if source.startswith(("http://", "https://")):
            return source
        site = self.settings.post.site_url.rstrip("/")
        if not site or source.startswith("/"):
            return ""
        folder = place.stem.parent.relative_to(self._folder).as_posix()
        return f"{site}/{quote(normpath(f'{folder}/{source}'))}"


def locate_page(settings: Settings, post: Path) -> str:
    """Return the address of the page of a post; empty where no site serves it."""
    site = settings.post.site_url.rstrip("/")
    if not site:
        return ""
    path = post.absolute().relative_to(settings.output_dir.absolute()).as_posix()
    return f"{site}/{quote(path.removesuffix('.md'))}{settings.post.page_suffix}"


def _signs_marks(settings: Settings) -> bool:
    """Whether links that mark papers lead to the page, and not where the settings say."""
    return bool(settings.web.public_url) and not settings.deliver.mark_url


def _find_gist(view: EntryView) -> str:
    gist = view.answers.get("tldr")
    if isinstance(gist, str) and gist:
        return gist
    summary = view.answers.get("summary")
    if not isinstance(summary, str):
        return ""
    sentences = list(_first_sentences(summary))
    return summary[: sentences[-1]] if sentences else summary


def _first_sentences(text: str) -> Iterator[int]:
    """Yield the ends of the first sentences of a text."""
    for number, sentence in enumerate(split_sentences(text)):
        if number == _GIST_SENTENCES:
            return
        yield sentence.start + len(sentence.text)


def _read_png(path: Path) -> bytes:
    """Return an image no wider than a mail shows it; empty where it is gone."""
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    # Takes a quarter of a second to import, and most nights have no message.
    from chatpaper.extract.pdf.rendering import shrink_png

    return shrink_png(content, FIGURE_WIDTH)
