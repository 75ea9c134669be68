"""A post as text: what a template is given, and how what it prints is made safe."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chatpaper.domain import (
    EXTRACTIVE,
    Claim,
    Figure,
    Paper,
    Post,
    PostEntry,
    Result,
    Summary,
)
from chatpaper.domain.project import PROJECT_URL
from chatpaper.domain.text.languages import detect_language
from chatpaper.write.code_links import find_code_links
from chatpaper.write.formats import SHIPPED_FOLDER, PostFormat
from chatpaper.write.licenses import FigurePolicy, may_embed
from chatpaper.write.markup.markdown import (
    SafeMarkdown,
    escape_and_link,
    escape_attribute,
    escape_cell,
    escape_image_text,
    escape_link_text,
    escape_markdown,
    format_code,
    format_quote,
    sanitize_line,
    to_link_target,
    to_yaml_scalar,
    wrap_in_parentheses,
)
from chatpaper.write.markup.obsidian import to_tag, write_note
from chatpaper.write.markup.results_table import (
    format_result,
    render_brief_results,
    render_results_table,
)
from chatpaper.write.markup.without_html import replace_html
from chatpaper.write.notes import collect_notes, format_earlier_note, format_notice, list_writers
from chatpaper.write.post_paths import BESIDE, SiteLayout, SiteName, link_post
from chatpaper.write.views.brief_view import (
    build_brief_view,
    get_quote,
    join_sentences,
    number_steps,
)
from chatpaper.write.views.cut_papers import build_cut_view
from chatpaper.write.views.display import (
    describe_publication,
    display_entry,
    join_authors,
    translate_label,
)
from chatpaper.write.views.entry_view import (
    EntryView,
    PostView,
    describe_papers,
    find_attribution,
    list_keywords,
    mark_namesakes,
)
from chatpaper.write.views.figure_views import (
    FigureView,
    choose_cover,
    select_key_figures,
)
from chatpaper.write.views.reasons import describe_ranking

# Where a PDF of arXiv is that came from a folder.
ARXIV_PDF_URL = "https://arxiv.org/pdf"
COOL_PAPERS_URL = "https://papers.cool/arxiv"

_NO_BREAK_SPACE = "\u00a0"

# What becomes of the whole text of a post; other sites show it as it is.
_SITE_MARKUP: Mapping[SiteName, Callable[[str], str]] = {
    "hugo": replace_html,
    "obsidian": write_note,
}

# Formats of two folders in a few styles; a run has one.
_KEPT_ENVIRONMENTS = 8


@dataclass(frozen=True, slots=True)
class PostStyle:
    """What the settings say of how posts look."""

    labels: Mapping[str, str]
    author: str = ""
    evidence: bool = True
    figures: FigurePolicy = "all"
    layout: SiteLayout = BESIDE


def render_post(
    post: Post, post_format: PostFormat, style: PostStyle, figure_folders: Mapping[str, str]
) -> str:
    """Return the Markdown of a post.

    `figure_folders` maps a paper's key to the address of its folder of images.
    """
    template = build_environment(post_format, style).get_template(post_format.template_file.name)
    entries = (
        replace(entry, summary=_with_all(entry.summary, post_format.asked_fields))
        for entry in post.entries
    )
    post = replace(post, entries=tuple(entries))
    return tidy_markdown(
        template.render(build_variables(post, style, figure_folders)), style.layout.site
    )


def _with_all(summary: Summary, fields: Sequence[str]) -> Summary:
    """Return the summary with empty answers in place of those that it lacks.

    Earlier versions did not ask for all fields.
    """
    return replace(summary, answers=dict.fromkeys(fields, "") | dict(summary.answers))


def build_environment(post_format: PostFormat, style: PostStyle) -> Environment:
    """Return what the template of a format is read and run with.

    It runs in Jinja's sandbox: a format of somebody else's is text, and must not be able to do more
    than write text. It is kept, since compiling templates takes longer than writing a post; a
    template that changes is read anew.
    """
    return _environment(
        post_format.folder, tuple(style.labels.items()), style.author, style.evidence, style.figures
    )


@lru_cache(maxsize=_KEPT_ENVIRONMENTS)
def _environment(
    folder: Path,
    labels: tuple[tuple[str, str], ...],
    author: str,
    evidence: bool,
    figures: FigurePolicy,
) -> Environment:
    style = PostStyle(dict(labels), author, evidence, figures)
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([SHIPPED_FOLDER, folder]),
        # The text is Markdown, which Jinja's HTML escaping would spoil; `finalize` escapes every
        # expression instead.
        autoescape=False,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # What a template includes ends with its own last line.
        keep_trailing_newline=True,
    )
    made.filters.update(
        linked=escape_and_link,
        linked_in_fold=lambda text: escape_and_link(text, as_html=True),
        target=to_link_target,
        attribute=escape_attribute,
        yaml=to_yaml_scalar,
        evidence=lambda claim, entry: format_evidence(claim, entry.paper, style),
        results_table=lambda results, entry: render_results_table(
            results, style.labels, lambda row: _source_link(row, entry.paper, style)
        ),
        code=format_code,
        brief_results=lambda results, entry: render_brief_results(
            results, style.labels, lambda row, text: _link_to_page(row, text, entry.paper, style)
        ),
        sentences=lambda sentences: join_sentences(sentences, style.labels),
        quoted=get_quote,
        result_line=lambda row: format_result(row, style.labels),
        page_in_fold=lambda item, entry: format_page_link(
            item.page, entry.paper, style, as_html=True
        ),
        numbered=lambda steps: number_steps(steps, style.labels),
        image_text=escape_image_text,
        link_text=escape_link_text,
        quote=format_quote,
        verbatim=SafeMarkdown,
        note_tag=to_tag,
        figure_label=lambda label: translate_label(label, style.labels),
    )
    return made


def build_variables(
    post: Post, style: PostStyle, figure_folders: Mapping[str, str]
) -> dict[str, object]:
    """Return all variables that a template can name."""
    return {
        "post": build_post_view(post, style, figure_folders),
        "labels": {name: SafeMarkdown(label) for name, label in style.labels.items()},
        "author": style.author,
        "project_url": PROJECT_URL,
    }


def _finalize(value: object) -> str:
    return value if isinstance(value, SafeMarkdown) else escape_markdown(str(value))


def tidy_markdown(text: str, site: SiteName) -> str:
    """Return what a template printed as a site takes it, without spare spaces and lines."""
    lines: list[str] = []
    for line in _SITE_MARKUP.get(site, str)(text).splitlines():
        stripped = line.rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines).strip("\n") + "\n"


def build_post_view(post: Post, style: PostStyle, figure_folders: Mapping[str, str]) -> PostView:
    """Return what the template is given of a post."""
    entries = mark_namesakes(
        [
            build_entry_view(entry, style, figure_folders[entry.paper.arxiv_id])
            for entry in post.entries
        ]
    )
    first = sanitize_line(entries[0].paper.title) if entries else ""
    title = sanitize_line(post.topic or first)
    day = post.date.isoformat()
    return PostView(
        title=title,
        topic=sanitize_line(post.topic or ""),
        tags=(title,) if post.topic else list_keywords(entries),
        dated_title=f"{title} {day}" if post.topic else title,
        date=day,
        cover=choose_cover([figure for entry in entries for figure in entry.figures]),
        description=style.labels["description"].format(title=title, date=day, first=first)
        if post.topic
        else describe_papers(entries) or title,
        notice=format_notice(post, style.labels),
        closing_notice=format_notice(post, style.labels, "above"),
        entries=entries,
        site=style.layout.site,
        cut=build_cut_view(post.cut, style.labels),
    )


def build_entry_view(entry: PostEntry, style: PostStyle, figure_folder: str) -> EntryView:
    """Return what the template is given of a paper: record and answers in the wording of posts."""
    shown = display_entry(entry)
    embedded = {figure.image for figure in select_embedded_figures(entry, style.figures)}
    figures = tuple(
        FigureView(
            f"{figure_folder}/{figure.image}" if figure.image in embedded else "",
            f"{figure.label}: {figure.caption}".rstrip(": "),
            figure,
            style.labels["evidence_page"].format(page=figure.page),
            build_page_url(entry.paper, figure.page),
        )
        for figure in entry.document.figures
        if figure.image and style.figures != "none" and not figure.is_uncertain
    )
    is_by_model = any(backend != EXTRACTIVE for backend, _ in list_writers(entry))
    key_figures = select_key_figures(shown.summary.answers.get("key_figures", ()), figures)
    in_view = {each.statement.section for each in key_figures if each.source}
    return EntryView(
        paper=shown.paper,
        file_name=PurePosixPath(figure_folder).name or entry.paper.arxiv_id,
        author_names=join_authors(shown.paper.authors, style.labels),
        answers=shown.summary.answers,
        notes=_linked_notes(entry, style.labels, style.layout.site),
        links=_links(entry, style.labels),
        figures=figures,
        published=_published(entry.paper, style.labels),
        project_links=_project_links(entry, style.labels),
        arxiv_url=f"https://arxiv.org/abs/{entry.paper.arxiv_id}"
        if is_on_arxiv(entry.paper)
        else "",
        cool_papers_url=f"{COOL_PAPERS_URL}/{entry.paper.arxiv_id}"
        if is_on_arxiv(entry.paper)
        else "",
        is_by_model=is_by_model,
        has_translated_title=entry.summary.answers.get("title")
        not in (None, "", entry.paper.title),
        is_in_own_language=detect_language(f"{entry.paper.title} {entry.paper.abstract}")
        == entry.summary.language,
        absent=SafeMarkdown(style.labels["not_stated" if is_by_model else "not_picked"]),
        key_figures=key_figures,
        other_figures=tuple(each for each in figures if each.figure.label not in in_view),
        brief=build_brief_view(shown, figure_folder, find_code_links(entry), style.labels),
        attribution=find_attribution(shown.paper, style.labels),
        publication=describe_publication(shown.paper, style.labels),
        why=describe_ranking(entry.ranking, style.labels),
    )


def is_on_arxiv(paper: Paper) -> bool:
    """Return whether the paper's key is an arXiv id, and not a file name that looks like one."""
    return f"arxiv.org/abs/{paper.arxiv_id}" in paper.abs_url


def select_embedded_figures(entry: PostEntry, policy: FigurePolicy) -> tuple[Figure, ...]:
    """Return the figures whose images a post shows: none whose region is uncertain."""
    allowed = may_embed(policy, entry.paper.license)
    return tuple(
        figure
        for figure in entry.document.figures
        if figure.image and allowed and not figure.is_uncertain
    )


def build_page_url(paper: Paper, page: int) -> str:
    """Return the address of a page of the paper's PDF; empty where the paper is not on the web."""
    address = paper.pdf_url or (f"{ARXIV_PDF_URL}/{paper.idv}" if is_on_arxiv(paper) else "")
    return f"{address}#page={page}" if address else ""


def format_evidence(claim: Claim, paper: Paper, style: PostStyle) -> SafeMarkdown:
    """Format where the paper supports a statement.

    That is a link to the page of the PDF, or a mark that nothing supports it.
    """
    if claim.page == 0:
        if claim.marks_itself:
            return SafeMarkdown("")
        return SafeMarkdown(f"{' ' if claim.text else ''}{style.labels['evidence_missing']}")
    return format_page_link(claim.page, paper, style)


def format_page_link(
    page: int, paper: Paper, style: PostStyle, *, as_html: bool = False
) -> SafeMarkdown:
    """Format a page of the paper, in parentheses, as a link where the paper is on the web.

    It is empty where posts show no evidence. A link is written `as_html` where readers of Markdown
    may leave a text as it is.
    """
    if not style.evidence or not page:
        return SafeMarkdown("")
    name = style.labels["evidence_page"].format(page=page)
    target = to_link_target(build_page_url(paper, page))
    link = f'<a href="{target}">{name}</a>' if as_html else f"[{name}]({target})"
    return SafeMarkdown(wrap_in_parentheses(link if target else name, style.labels))


def _source_link(row: Result, paper: Paper, style: PostStyle) -> str:
    """Return the table or figure that holds a result, on one line.

    It is a link to its page where the paper is on the web.
    """
    label = escape_cell(translate_label(row.source, style.labels)).replace(" ", _NO_BREAK_SPACE)
    return _link_to_page(row, label, paper, style)


def _link_to_page(row: Result, text: str, paper: Paper, style: PostStyle) -> str:
    """Return a text of a cell as a link to the page of a result, where the paper is on the web."""
    link = build_page_url(paper, row.page) if row.page and style.evidence else ""
    return f"[{text}]({to_link_target(link)})" if link and text else text


def _linked_notes(entry: PostEntry, labels: Mapping[str, str], site: SiteName) -> tuple[str, ...]:
    """Return the notes as a post shows them.

    The first leads to the post of the earlier version, if there is one.
    """
    notes = collect_notes(entry, labels)
    if entry.earlier is None or not entry.earlier.address:
        return notes
    link = link_post(entry.earlier.date.isoformat(), entry.earlier.address, site)
    return (
        SafeMarkdown(f"{escape_markdown(format_earlier_note(entry, labels))} {link}"),
        *notes[1:],
    )


def _links(entry: PostEntry, labels: Mapping[str, str]) -> SafeMarkdown:
    code = _project_links(entry, labels)
    shown = [f"{labels['link_code']}{labels['colon']}{code}" if code else labels["no_code"]]
    if entry.paper.abs_url:
        shown.insert(
            0, f"{labels['link_paper']}{labels['colon']}<{to_link_target(entry.paper.abs_url)}>"
        )
    return SafeMarkdown(labels["link_separator"].join(shown))


def _project_links(entry: PostEntry, labels: Mapping[str, str]) -> SafeMarkdown:
    return SafeMarkdown(
        labels["list_separator"].join(f"<{to_link_target(url)}>" for url in find_code_links(entry))
    )


def _published(paper: Paper, labels: Mapping[str, str]) -> str:
    day = paper.published
    return (
        labels["published_date"].format(year=day.year, month=day.month, day=day.day) if day else ""
    )
