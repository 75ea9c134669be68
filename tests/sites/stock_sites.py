"""Sites as their generators make them, with posts in them and their configuration untouched.

`python -m tests.sites.stock_sites` prints what is wrong in each: images that lead nowhere, pages
that are no posts, pages that were moved or lost.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from chatpaper.write.formats import list_formats
from tests.sites.installation import node_modules
from tests.sites.sample import publish_sample, run_command

_BUILD_TIMEOUT_SECONDS = 120
# Not that of the posts, and on the other side of midnight for half of the day.
_MACHINE_ZONE = "America/Los_Angeles"
# By these words a page of ours is told, and one that was made of the JSON of a post.
_NOTICE, _JSON = "⚠️", "prompt_fingerprint"
_FIGURE = re.compile(r"/(?:figure|table)-[\w-]+\.png$")
_IN_MARKDOWN = re.compile(r'<img src="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)')
_LISTINGS = re.compile(
    r"(?:^|/)(?:archives|categories|tags|page)/|^(?:index|404)\.html$|^posts/index"
)


@dataclass(frozen=True)
class Case:
    """A site with a theme and a permalink; `url` is the address that it is served under."""

    kind: str
    theme: str = ""
    permalink: str = ""
    url: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.theme, self.permalink, self.url)))


@dataclass(frozen=True)
class Audit:
    """What a built site shows of posts.

    `missing` are figures of posts that no page shows, `broken` images that lead nowhere, `strays`
    pages that are no posts, `moved` pages that were there before and are not there now, and
    `misdated` posts under the address of another day.
    """

    posts: int
    pages: int
    images: int
    broken: tuple[str, ...]
    missing: tuple[str, ...]
    strays: tuple[str, ...]
    moved: tuple[str, ...]
    misdated: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every post has its page, every figure shows, and nothing else has changed."""
        faults = self.broken or self.missing or self.strays or self.moved or self.misdated
        return not faults and self.pages == self.posts


_HEXO_THEMES = ("landscape", "next", "butterfly", "fluid")
_HEXO_PERMALINKS = (":year/:month/:day/:title/", ":title.html", "posts/:id/")
CASES = (
    *(Case("hexo", theme, link) for theme in _HEXO_THEMES for link in _HEXO_PERMALINKS),
    Case("hexo", "landscape", _HEXO_PERMALINKS[0], "https://lin.example.org/blog"),
    Case("jekyll", "minima", "date"),
    Case("jekyll", "minima", "pretty", "https://lin.example.org/blog"),
    Case("hugo", "plain", ""),
    Case("hugo", "plain", "", "https://lin.example.org/blog"),
    Case("mkdocs", "material", "folders"),
    Case("mkdocs", "material", "files", "https://lin.example.org/blog"),
)


def _run(command: list[str], site: Path) -> None:
    done = subprocess.run(
        command,
        cwd=site,
        env=os.environ
        | {
            "TZ": _MACHINE_ZONE,
            "NO_COLOR": "1",
            "NO_MKDOCS_2_WARNING": "1",
            "JEKYLL_NO_BUNDLER_REQUIRE": "true",
        },
        capture_output=True,
        text=True,
        timeout=_BUILD_TIMEOUT_SECONDS,
    )
    if done.returncode != 0 or "ERROR" in done.stdout + done.stderr:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def _change(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for pattern, value in changes:
        text, count = re.subn(pattern, value, text, flags=re.MULTILINE)
        assert count == 1, pattern
    file.write_text(text, "utf-8")


def _make_hexo(case: Case, site: Path) -> None:
    """Make what `hexo init` makes, and switch theme and permalink."""
    modules = node_modules("stock-hexo")
    shutil.copytree(modules / "hexo-cli" / "assets", site)
    shutil.copy(Path(__file__).parent / "stock_hexo" / "package.json", site)
    (site / "node_modules").symlink_to(modules)
    changes = [
        (r"^theme: .*", f"theme: {case.theme}"),
        (r"^permalink: .*", f"permalink: {case.permalink}"),
    ]
    if case.url:
        changes.append((r"^url: .*", f"url: {case.url}"))
    _change(site / "_config.yml", *changes)


def _make_jekyll(case: Case, site: Path) -> None:
    _run(["jekyll", "new", str(site), "--skip-bundle"], site.parent)
    base = urlsplit(case.url)
    _change(
        site / "_config.yml",
        (r"^baseurl: \"\"", f'baseurl: "{base.path}"'),
        (r"^url: \"\"", f'url: "{base.scheme}://{base.netloc}"' if case.url else 'url: ""'),
        (r"^theme: minima", f"theme: minima\npermalink: {case.permalink}"),
    )


_HUGO_PAGE = "<html><body><article><h1>{{ .Title }}</h1>{{ .Content }}</article></body></html>\n"
_HUGO_LIST = (
    "<html><body>{{ range site.RegularPages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>"
    "{{ .Content }}{{ end }}</body></html>\n"
)


def _make_hugo(case: Case, site: Path) -> None:
    """Make what `hugo new site` makes, with a theme of two templates and one post."""
    _run(["hugo", "new", "site", str(site)], site.parent)
    (site / "layouts" / "_default").mkdir(parents=True, exist_ok=True)
    (site / "layouts" / "_default" / "single.html").write_text(_HUGO_PAGE, "utf-8")
    (site / "layouts" / "_default" / "list.html").write_text(_HUGO_LIST, "utf-8")
    (site / "content" / "posts").mkdir(parents=True)
    (site / "content" / "posts" / "hello.md").write_text(
        "---\ntitle: Hello\n---\nHello.\n", "utf-8"
    )
    if case.url:
        (config,) = (each for each in site.glob("*.toml"))
        _change(config, (r"^baseURL = .*", f"baseURL = '{case.url}/'"))


def _make_mkdocs(case: Case, site: Path) -> None:
    (site / "docs").mkdir(parents=True)
    (site / "docs" / "index.md").write_text("# Notes\n\nHello.\n", "utf-8")
    lines = ["site_name: Notes", "theme:", "  name: material", "  font: false"]
    lines += ["use_directory_urls: false"] if case.permalink == "files" else []
    lines += [f"site_url: {case.url}/"] if case.url else []
    (site / "mkdocs.yml").write_text("\n".join(lines) + "\n", "utf-8")


@dataclass(frozen=True)
class Generator:
    """How a site is made and built; `program` is what has to be installed."""

    program: str
    make: Callable[[Case, Path], None]
    command: Callable[[Path], list[str]]
    public: str
    output: str


GENERATORS = {
    "hexo": Generator(
        "node",
        _make_hexo,
        lambda site: [str(site / "node_modules" / ".bin" / "hexo"), "generate", "--silent"],
        "public",
        "source/_posts",
    ),
    "jekyll": Generator(
        "jekyll", _make_jekyll, lambda site: ["jekyll", "build", "--quiet"], "_site", "_posts"
    ),
    "hugo": Generator(
        "hugo", _make_hugo, lambda site: ["hugo", "--quiet"], "public", "content/posts"
    ),
    "mkdocs": Generator(
        "mkdocs",
        _make_mkdocs,
        lambda site: [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        "site",
        "docs/papers",
    ),
}


def audit_site(case: Case, work: Path, *, is_fitted: bool = True) -> Audit:
    """Build a site with the posts of the sample and without, and compare.

    Unless it `is_fitted`, posts are written to its folder of posts with no other settings.
    """
    generator = GENERATORS[case.kind]
    site = work / "site"
    generator.make(case, site)
    _run(generator.command(site), site)
    before = set(_pages(site / generator.public))
    shutil.rmtree(site / generator.public)
    for name, content in _publish(case.kind, case.url, is_fitted=is_fitted):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    _run(generator.command(site), site)
    return _compare(site / generator.public, before, site / generator.output, case.url)


@cache
def _publish(kind: str, url: str, *, is_fitted: bool) -> tuple[tuple[str, bytes], ...]:
    """Return the files that chatpaper writes to a site, whose theme and permalink do not matter."""
    generator = GENERATORS[kind]
    with tempfile.TemporaryDirectory() as folder:
        home, site = Path(folder, "home"), Path(folder, "site")
        home.mkdir()
        generator.make(next(case for case in CASES if (case.kind, case.url) == (kind, url)), site)
        before = set(_files(site))
        if is_fitted:
            run_command(home, site, None, "init", kind, str(site))
        publish_sample(home, site, *(() if is_fitted else ("--output", generator.output)))
        written = sorted(set(_files(site)) - before)
        return tuple((name, (site / name).read_bytes()) for name in written)


def _files(site: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(site):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(parent, name).relative_to(site).as_posix() for name in names)


def _pages(public: Path) -> Iterator[str]:
    return (page.relative_to(public).as_posix() for page in public.rglob("*.html"))


def _compare(public: Path, before: set[str], posts: Path, url: str) -> Audit:
    markdown = [each for each in posts.rglob("*.md") if _NOTICE in each.read_text("utf-8")]
    texts = {name: (public / name).read_text("utf-8") for name in sorted(_pages(public))}
    new = [name for name in texts if name not in before and not _LISTINGS.search(name)]
    ours = [name for name in new if _NOTICE in texts[name] and _JSON not in texts[name]]
    indexes = {f"{posts.name}/index.html", f"{posts.name}.html"} if "docs" in posts.parts else set()
    images = {
        (name, source)
        for name, text in (*texts.items(), *_feeds(public))
        for source in _sources(text)
    }
    broken = [
        f"{page}: {source}" for page, source in images if not _leads(public, page, source, url)
    ]
    wanted = {
        _FIGURE_ID.search(unquote("".join(found)))
        for each in markdown
        for found in _IN_MARKDOWN.findall(each.read_text("utf-8"))
    }
    shown = {_FIGURE_ID.search(unquote(source)) for page, source in images if page in ours}
    return Audit(
        len(markdown),
        len(ours),
        len(images),
        tuple(sorted(broken)),
        tuple(sorted(_names(wanted) - _names(shown))),
        tuple(name for name in new if name not in ours and name not in indexes),
        tuple(sorted(before - set(texts))),
        tuple(name for name in ours if (day := _DAY.search(name)) and day[0] != _POST_DAY),
    )


_FIGURE_ID = re.compile(r"[\w.]+/(?:figure|table)-[\w-]+\.png$")
_DAY = re.compile(r"\d{4}/\d\d/\d\d")
_POST_DAY = "2026/11/22"


def _names(matches: Iterable[re.Match[str] | None]) -> set[str]:
    return {match[0] for match in matches if match}


def _feeds(public: Path) -> Iterator[tuple[str, str]]:
    """Yield the feeds of a site, with the HTML of their entries unescaped."""
    for name in ("atom.xml", "feed.xml", "index.xml"):
        if (public / name).is_file():
            yield name, html.unescape((public / name).read_text("utf-8"))


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an image shows, be it at once or when it comes into view."""
        if tag == "img":
            self.found += [value or "" for name, value in attrs if name.endswith("src")]


def _sources(text: str) -> list[str]:
    reader = _Images()
    reader.feed(text)
    return [source for source in reader.found if _FIGURE.search(unquote(source))]


def _leads(public: Path, page: str, source: str, url: str) -> bool:
    """Return whether an image of a page is a file of the site."""
    root = f"{url or 'http://example.com'}/"
    address = urljoin(urljoin(root, page.removesuffix("index.html")), source)
    if not address.startswith(root):
        return False
    return (public / unquote(address.removeprefix(root))).is_file()


@cache
def find_missing_program(kind: str) -> str:
    """Return what has to be installed before a kind of site can be built; empty if all is there."""
    program = GENERATORS[kind].program
    if program != "mkdocs":
        return "" if shutil.which(program) else program
    return "" if find_spec("material") else "mkdocs-material"


def main() -> None:
    """Print a row for each site as its settings fit it, and one for each as it is without them."""
    print(f"formats: {', '.join(list_formats())}")
    print("| site | posts | pages | images | broken | missing | strays | moved | misdated |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for case in CASES:
        for is_fitted in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                found = audit_site(case, Path(folder), is_fitted=is_fitted)
            counts = (found.broken, found.missing, found.strays, found.moved, found.misdated)
            name = str(case) if is_fitted else f"{case}, not fitted"
            row = (name, found.posts, found.pages, found.images, *map(len, counts))
            print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main()
