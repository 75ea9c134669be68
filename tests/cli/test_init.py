"""`chatpaper init`: what it finds of a site or vault, and the settings that it writes."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_run import files_below

HEXO = "title: Hexo\nurl: https://lin.example.org\npermalink: :year/:month/:day/:title/\n"


def make(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def package(**dependencies: str) -> str:
    return json.dumps({"name": "blog", "dependencies": {"hexo": "^8.0.0", **dependencies}})


SITES = {
    "hexo": {
        "_config.yml": HEXO + "timezone: Asia/Tokyo\ntheme: next\n",
        "package.json": package(),
    },
    "mkdocs": {
        "mkdocs.yml": (
            "site_url: https://lin.example.org/notes/\ntheme: {name: material}\n"
            "markdown_extensions:\n- x: {format: !!python/name:y.z }\n"
        ),
        "docs/index.md": "# Notes\n",
    },
    "hugo": {
        "hugo.toml": 'baseURL = "https://lin.example.org/blog/"\ntimeZone = "Asia/Shanghai"\n',
        "content/post/one.md": "# One\n",
    },
    "jekyll": {"_config.yml": "baseurl: /papers\ntheme: minima\nfuture: true\n"},
    "obsidian": {".obsidian/app.json": '{"attachmentFolderPath": "attachments"}'},
}
WANTED = {
    "hexo": ("source/_posts", "source/images/papers", "/images/papers"),
    "mkdocs": ("docs/papers", "docs/images/papers", "/notes/images/papers"),
    "hugo": ("content/post", "static/images/papers", "/blog/images/papers"),
    "jekyll": ("_posts", "assets/images/papers", "/papers/assets/images/papers"),
    "obsidian": ("Papers", "attachments/papers", "/attachments/papers"),
}
TOLD = {
    "hexo": "Hexo ^8.0.0 (not installed), theme next",
    "mkdocs": "MkDocs, theme material",
    "hugo": "Hugo (hugo.toml), theme none",
    "jekyll": "Jekyll, theme minima",
    "obsidian": "Obsidian vault site",
}


@pytest.mark.parametrize("kind", SITES)
def test_the_settings_fit_what_is_there(terminal: Terminal, kind: str) -> None:
    site = make(terminal.home / "site", SITES[kind])
    before = files_below(site)
    done = terminal.run("init", kind, site)
    assert done.exit_code == 0, done.err
    assert f"found {TOLD[kind]}\n" in done.out
    written = files_below(site)
    settings = tomllib.loads(written.pop("chatpaper.toml").decode())
    assert written == before
    post = settings["post"]
    assert (settings["output_dir"], post["assets_dir"], post["assets_url"]) == WANTED[kind]
    assert (post["site"], post["json"]) == (kind, ".chatpaper/json")
    assert settings.get("timezone") == {"hexo": "Asia/Tokyo", "hugo": "Asia/Shanghai"}.get(kind)
    within = Terminal(site, terminal.environment, terminal.forker)
    assert within.run("render").exit_code == 0
    again = terminal.run("init", kind, site)
    assert (again.exit_code, "has these settings already" in again.out) == (0, True)


def test_a_settings_file_that_is_there_stays(terminal: Terminal) -> None:
    site = make(terminal.home / "site", SITES["hexo"] | {"chatpaper.toml": 'language = "en"\n'})
    before = files_below(site)
    done = terminal.run("init", "hexo", site)
    assert done.exit_code == 2
    assert 'output_dir = "source/_posts"\n' in done.out
    assert "stays as it is: put these lines into it" in done.err
    assert files_below(site) == before


def test_settings_of_the_user_that_no_longer_hold_are_named(terminal: Terminal) -> None:
    make(terminal.home, {"config/chatpaper/chatpaper.toml": 'language = "en"\n'})
    site = make(terminal.home / "site", SITES["mkdocs"])
    done = terminal.run("init", "mkdocs", site)
    assert (
        f"holds in place of {terminal.home / 'config' / 'chatpaper' / 'chatpaper.toml'}" in done.out
    )


def test_a_blog_below_the_root_of_its_host_has_whole_addresses(terminal: Terminal) -> None:
    config = "url: https://lin.example.org/blog\npermalink: posts/:name/\n"
    site = make(terminal.home / "site", SITES["hexo"] | {"_config.yml": config})
    done = terminal.run("init", "hexo", site)
    settings = tomllib.loads((site / "chatpaper.toml").read_text("utf-8"))
    assert settings["post"]["assets_url"] == "https://lin.example.org/blog/images/papers"
    assert "The permalink posts/:name/ has no date" in done.out


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("hexo", HEXO.replace(":title", ":post_title"), "With the permalink"),
        (
            "hexo",
            HEXO.replace("lin.example.org", "example.com").replace("https", "http"),
            "example",
        ),
        ("jekyll", "permalink: /:title/\n", "has no date"),
        ("jekyll", "title: a\n", "set `future: true` in _config.yml"),
        ("mkdocs", "nav: [index.md]\n", "add papers/index.md"),
        ("mkdocs", "site_name: a\n", "site_url in mkdocs.yml is not set"),
    ],
)
def test_what_would_go_wrong_is_told(terminal: Terminal, kind: str, config: str, told: str) -> None:
    name = "mkdocs.yml" if kind == "mkdocs" else "_config.yml"
    site = make(terminal.home / "site", SITES[kind] | {name: config})
    done = terminal.run("init", kind, site)
    assert done.exit_code == 0
    assert any(told in line for line in done.out.splitlines() if line.startswith("note "))


@pytest.mark.parametrize(
    ("kind", "there", "told"),
    [
        ("hexxo", "hexo", "Did you mean 'hexo'?"),
        ("hexo", "mkdocs", "It looks like `chatpaper init mkdocs"),
        ("jekyll", "hexo", "is a Hexo blog"),
        ("hugo", "jekyll", "has no hugo.toml"),
        ("obsidian", "hugo", "has no folder .obsidian"),
    ],
)
def test_what_is_not_there_is_told(terminal: Terminal, kind: str, there: str, told: str) -> None:
    site = make(terminal.home / "site", SITES[there])
    done = terminal.run("init", kind, site)
    assert done.exit_code == 2
    assert told in done.err
    assert not (site / "chatpaper.toml").exists()
    assert "There is no folder" in terminal.run("init", kind, site / "no").err or kind == "hexxo"


def test_a_configuration_that_cannot_be_read_is_told(terminal: Terminal) -> None:
    site = make(terminal.home / "site", SITES["hexo"] | {"_config.yml": "a: [\n"})
    done = terminal.run("init", "hexo", site)
    assert done.exit_code == 2
    assert "_config.yml cannot be read" in done.err
