"""`demo` shows the whole product on invented papers, in a folder that nothing else shares."""

import json
import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TONIGHT, Shown, Terminal, terminal_at
from tests.cli.forked import Forker

REPOSITORY = Path(__file__).parents[2]
ANSWERS = REPOSITORY / "examples" / "library" / "answers"
PAPERS = sorted({path.name.split(".")[0] for path in ANSWERS.iterdir()})
# What tells each of the papers, and what is said of it, from any other.
TRACES = [
    *(
        record["title"]
        for record in json.loads((ANSWERS.parent / "metadata.json").read_text("utf-8"))
        if record["file"].removesuffix(".pdf") in PAPERS
    ),
    *(json.loads(path.read_text("utf-8"))["tldr"] for path in sorted(ANSWERS.iterdir())),
    *(f'"{paper}"' for paper in PAPERS),
]
# What a post says of a statement that could not be verified, and of one that a model left out.
MARKS = (
    *("「未能核实」", "（模型未能给出可用的内容）", "「原文未找到依据」", "（见上文）"),
    *("[not verified]", "(the model gave no usable answer)", "(as said above)"),
)


def posts_of(folder: Path) -> list[Path]:
    return sorted((folder / "posts").glob("*/*.md"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def report_of(folder: Path) -> Any:
    path = max((folder / "state" / "runs").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return json.loads(path.read_text("utf-8"))


def show_in_english(home: Path, shown: Shown, forker: Forker | None) -> Shown:
    terminal = terminal_at(home, forker)
    terminal.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    folder = shown.continue_in(home)
    outcome = terminal.run("demo", "--language", "en")
    assert (outcome.exit_code, outcome.err) == (0, "")
    assert [path.name for path in home.iterdir()] == ["chatpaper-demo"]
    return Shown(folder, outcome)


@pytest.fixture
def shown(demo_shown: Shown) -> Shown:
    assert (demo_shown.outcome.exit_code, demo_shown.outcome.err) == (0, "")
    return demo_shown


@pytest.fixture(scope="module")
def shown_in_english(
    demo_shown: Shown, forker: Forker | None, tmp_path_factory: pytest.TempPathFactory
) -> Shown:
    return show_in_english(tmp_path_factory.mktemp("english"), demo_shown, forker)


def test_posts_index_and_feed_are_written_below_its_folder_alone(
    terminal: Terminal, shown: Shown
) -> None:
    folder, done = shown.folder, shown.outcome
    posts = posts_of(folder)
    assert "Diffusion_Models.md" in [path.name for path in posts]
    for post in posts:
        assert str(post) in done.out
        text = post.read_text("utf-8")
        assert text.count("\n## ") == len(PAPERS)
        assert "论文均为虚构" in text
        assert text.count("这篇论文是虚构的") == len(PAPERS)
    opened = Path(done.out.splitlines()[-1].split(" Open ")[1])
    assert opened in posts
    assert "Diffusion_Models" in (folder / "posts" / "index.md").read_text("utf-8")
    feed = (folder / "posts" / "feed.xml").read_text("utf-8")
    assert feed.count("<entry>") == len(PAPERS)
    assert feed.count("这篇论文是虚构的") == len(PAPERS)
    assert terminal.run("lint", folder / "posts").exit_code == 0


@pytest.mark.parametrize("language", ["shown", "shown_in_english"])
def test_the_answers_are_checked_like_those_of_a_model_and_hold(
    request: pytest.FixtureRequest, language: str
) -> None:
    folder = request.getfixturevalue(language).folder
    for post in posts_of(folder):
        assert [mark for mark in MARKS if mark in post.read_text("utf-8")] == []
    report = report_of(folder)
    # One call each: none had to be asked again.
    assert [
        (paper["status"], paper["llm_calls"], paper["warnings"]) for paper in report["papers"]
    ] == [("published", 1, [])] * len(PAPERS)
    assert report["totals"]["cost_usd"] == 0
    (described,) = (folder / "posts").glob("*/Diffusion_Models.json")
    for paper in json.loads(described.read_text("utf-8"))["papers"]:
        takeaways = [each for each in paper["evidence"] if each["field"] == "key_takeaways"]
        assert len(takeaways) >= 5
        assert all(each["page"] and each["quote"] for each in takeaways)
        for name in ("tldr", "key_idea", "results", "key_figures", "limitations", "method_steps"):
            assert paper["summary"][name], (paper["arxiv_id"], name)


def test_started_again_also_on_another_day_it_writes_the_same(
    terminal: Terminal, shown: Shown
) -> None:
    posts = shown.continue_in(terminal.home) / "posts"
    before = contents(posts)
    lost = posts_of(posts.parent)[0]
    lost.unlink()
    (terminal.home / "chatpaper-demo").rename(terminal.home / "elsewhere")
    posts = terminal.home / "elsewhere" / "posts"
    terminal.now = datetime(2026, 11, 29, 9, tzinfo=UTC)
    done = terminal.run("demo", "--output", "elsewhere")
    assert (done.exit_code, done.err) == (0, "")
    assert contents(posts) == before


def test_another_language_takes_the_place_of_the_first(
    terminal: Terminal, shown: Shown, shown_in_english: Shown
) -> None:
    folder = shown_in_english.continue_in(terminal.home)
    terminal.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    posts = posts_of(folder)
    assert all("Demonstration: this paper is invented" in post.read_text("utf-8") for post in posts)
    assert all("论文" not in post.read_text("utf-8") for post in posts)
    assert terminal.run("demo", "--language", "zh").exit_code == 0
    assert contents(folder / "posts") == contents(shown.folder / "posts")
    wrong = terminal.run("demo", "--language", "ja")
    assert wrong.exit_code == 2
    assert "no answers in 'ja'; there are zh, en" in wrong.err


def test_neither_settings_nor_environment_change_it(terminal: Terminal, shown: Shown) -> None:
    shown.lend_cache_to(terminal.home)
    settings = """
        output_dir = "mine"
        language = "en"
        [llm]
        backend = "openai"
        base_url = "http://127.0.0.1:1/v1"
        [budget]
        max_papers = 0
        [notify]
        urls = ["json://127.0.0.1:1"]
        [post]
        index = false
        """
    (terminal.home / "chatpaper.toml").write_text(settings, "utf-8")
    done = terminal.run(
        "demo", CHATPAPER_LLM__BACKEND="gemini", CHATPAPER_RUN__FORMATS='["report"]'
    )
    assert (done.exit_code, done.err) == (0, "")
    assert "4 published" in done.out
    assert sorted(path.name for path in terminal.home.iterdir()) == [
        "chatpaper-demo",
        "chatpaper.toml",
    ]
    assert (terminal.home / "chatpaper-demo" / "posts" / "index.md").exists()


def test_a_folder_that_holds_something_else_is_refused(terminal: Terminal) -> None:
    (terminal.home / "mine" / "state").mkdir(parents=True)
    done = terminal.run("demo", "--output", "mine")
    assert done.exit_code == 2
    assert "mine holds something else" in done.err
    assert [path.name for path in (terminal.home / "mine").iterdir()] == ["state"]


def test_a_folder_that_cannot_be_written_is_told(terminal: Terminal) -> None:
    (terminal.home / "file").touch()
    done = terminal.run("demo", "--output", "file")
    assert done.exit_code == 2
    assert "file cannot be " in done.err


def test_a_real_run_after_it_has_no_invented_paper_anywhere(online: Terminal, shown: Shown) -> None:
    shown.continue_in(online.home)
    assert online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT).exit_code == 0
    written = {
        name: content.decode("utf-8", "replace")
        for name, content in contents(online.posts).items()
        if name.endswith((".md", ".json", ".xml"))
    }
    assert {"index.md", "feed.xml", f"{TONIGHT}/Diffusion_Models.md"} <= written.keys()
    with closing(sqlite3.connect(online.home / "state" / "chatpaper.db")) as connection, connection:
        written["database"] = "\n".join(connection.iterdump())
    assert "2611.00001" in written["database"]
    assert [
        (name, found) for name, text in written.items() for found in TRACES if found in text
    ] == []


def test_commands_that_are_started_in_the_folder_show_it(terminal: Terminal, shown: Shown) -> None:
    folder = shown.continue_in(terminal.home)
    own = {
        name: value
        for name, value in terminal.environment.items()
        if name not in ("CHATPAPER_STATE_DIR", "CHATPAPER_CACHE_DIR")
    }
    inside = Terminal(folder, own, terminal.forker)
    assert "已发布 4，" in inside.run("status").out
    before = contents(folder / "posts")
    assert inside.run("render").exit_code == 0
    assert contents(folder / "posts") == before


def test_its_backend_says_that_it_knows_no_other_paper(terminal: Terminal, library: Path) -> None:
    (terminal.home / "papers").mkdir()
    (terminal.home / "papers" / "leaf-shapes.pdf").symlink_to(library / "leaf-shapes.pdf")
    run = ("run", "--topic", "LLM", "--source", "papers", "--backend", "demo")
    done = terminal.run(*run)
    assert done.exit_code == 2
    assert (
        "answers in Chinese and English about the invented papers of `chatpaper demo` alone"
        in done.err
    )


@pytest.mark.parametrize("arguments", [("ask", "step-budgets", "How many steps?"), ("overview",)])
def test_its_backend_says_where_it_has_no_answer_that_a_model_is_needed(
    terminal: Terminal, shown: Shown, arguments: tuple[str, ...]
) -> None:
    folder = shown.continue_in(terminal.home)
    own = {name: terminal.environment[name] for name in ("HOME", "XDG_CONFIG_HOME")}
    inside = Terminal(folder, own, terminal.forker, datetime(2026, 11, 22, 9, tzinfo=UTC))
    done = inside.run(*arguments, CHATPAPER_LANGUAGE="en")
    assert done.exit_code == 2
    assert "with what their posts show: choose a backend with a model by llm.backend" in done.err


def test_wheel_and_source_archive_carry_all_that_it_shows() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    targets = project["tool"]["hatch"]["build"]["targets"]
    names = ["answers", "metadata.json", *(f"{paper}.pdf" for paper in PAPERS)]
    assert {
        source: target
        for source, target in targets["wheel"]["force-include"].items()
        if "/_demo/" in target
    } == {f"examples/library/{name}": f"chatpaper/_demo/{name}" for name in names}
    assert sorted(
        each for each in targets["sdist"]["include"] if each.startswith("examples/")
    ) == sorted(f"examples/library/{name}" for name in names)
