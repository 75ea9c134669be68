"""The Python API as another program uses it: its names, and each function on an example paper."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from inspect import Parameter, signature
from operator import attrgetter
from pathlib import Path

import pytest

import chatpaper
import chatpaper.app.api
from tests.cli.conftest import Terminal
from tests.cli.forked import Forker
from tests.fakes.gemini import VALID_KEY, FakeGemini

FUNCTIONS = {"check", "extract", "load_settings", "search", "summarize"}
ERRORS = {"BackendError", "ChatPaperError", "ConfigError", "ExtractError", "FetchError"}
TYPES = {
    "CheckReport",
    "CheckedClaim",
    "Document",
    "Figure",
    "SearchHit",
    "Section",
    "Settings",
    "Summary",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> chatpaper.Settings:
    """Load the settings of an installation in a folder of its own, which needs no model."""
    monkeypatch.chdir(tmp_path)
    folders = {f"{kind}_dir": tmp_path / kind for kind in ("state", "cache", "output")}
    return chatpaper.load_settings(None, folders | {"llm": {"backend": "extractive"}})


@pytest.fixture
def read_before(settings: chatpaper.Settings, papers_read: Path) -> chatpaper.Settings:
    """Return settings of an installation that has read the example papers."""
    shutil.copytree(papers_read, settings.cache_dir)
    return settings


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def test_all_names_are_sorted_and_there() -> None:
    assert chatpaper.__all__ == sorted(FUNCTIONS | ERRORS | TYPES | {"__version__"})
    for name in chatpaper.__all__:
        assert getattr(chatpaper, name).__doc__, name
        assert name in dir(chatpaper)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'summarise'"):
        attrgetter("summarise")(chatpaper)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_shows_its_parameters_also_where_a_package_has_its_name(name: str) -> None:
    function = getattr(chatpaper.app.api, name, chatpaper.load_settings)
    assert signature(getattr(chatpaper, name)) == signature(function)
    for parameter in signature(function).parameters.values():
        assert parameter.annotation is not Parameter.empty


def test_every_error_is_one_of_ours() -> None:
    for name in ERRORS:
        assert issubclass(getattr(chatpaper, name), chatpaper.ChatPaperError)


def test_importing_the_package_loads_none_of_it() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import chatpaper, sys; print(sorted(m for m in sys.modules if 'chatpaper' in m))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "['chatpaper']"


def test_a_pdf_is_extracted_with_its_pictures(
    settings: chatpaper.Settings, library: Path, tmp_path: Path
) -> None:
    document = chatpaper.extract(
        library / "step-budgets.pdf", tmp_path / "images", settings=settings
    )
    assert document.sections
    assert {figure.image for figure in document.figures} == {
        path.name for path in (tmp_path / "images").iterdir()
    }


def test_a_file_that_is_no_pdf_is_an_error_of_ours(
    settings: chatpaper.Settings, tmp_path: Path
) -> None:
    (tmp_path / "notes.pdf").write_text("no PDF")
    with pytest.raises(chatpaper.ChatPaperError, match=r"notes\.pdf"):
        chatpaper.extract(tmp_path / "notes.pdf", settings=settings)


def test_a_text_is_checked_against_a_paper(read_before: chatpaper.Settings, library: Path) -> None:
    paper = library / "step-budgets.pdf"
    document = chatpaper.extract(paper, settings=read_before)
    sentence = next(
        part
        for section in document.sections
        for part in section.text.split(". ")
        if 60 < len(part) < 200
    )
    report = chatpaper.check(
        f'The paper says "{sentence}" and names Zorblax-9000.', paper, settings=read_before
    )
    assert [claim.value for claim in report.unsupported] == ["Zorblax-9000"]
    record = report.to_json()
    assert (record["supported"], record["unsupported"]) == (len(report.claims) - 1, 1)
    json.dumps(record)


def test_a_paper_is_summarized_and_no_post_is_written(
    gemini: FakeGemini,
    library: Path,
    papers_read: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(papers_read, tmp_path / "cache")
    folders = {f"{kind}_dir": tmp_path / kind for kind in ("state", "cache", "output")}
    llm = {"base_url": gemini.url, "api_key": VALID_KEY, "verify": "never"}
    settings = chatpaper.load_settings(None, folders | {"llm": llm})
    summary = chatpaper.summarize(
        library / "step-budgets.pdf", ("title", "summary"), settings=settings
    )
    assert set(summary.answers) == {"title", "summary"}
    assert summary.language == "zh"
    assert summary.llm_calls == 1
    again = chatpaper.summarize(
        library / "step-budgets.pdf", ("title", "summary"), settings=settings
    )
    assert (again.answers, again.llm_calls) == (summary.answers, 0)
    assert not (tmp_path / "output").exists()


def test_a_summary_needs_no_model(read_before: chatpaper.Settings, library: Path) -> None:
    summary = chatpaper.summarize(library / "step-budgets.pdf", settings=read_before)
    assert summary.backend == "extractive"
    assert summary.answers["summary"]


def test_published_papers_are_found(
    read_before: chatpaper.Settings, library: Path, tmp_path: Path, forker: Forker | None
) -> None:
    settings = read_before
    assert chatpaper.search("", settings=settings) == ()
    (tmp_path / "chatpaper.toml").write_text(
        f'state_dir = "{settings.state_dir}"\ncache_dir = "{settings.cache_dir}"\n'
        '[llm]\nbackend = "extractive"\n'
    )
    assert Terminal(tmp_path, forker=forker).run("summarize", library / "step-budgets.pdf").out
    (hit,) = chatpaper.search("budget", settings=settings)
    assert "Budget" in hit.title
    assert not set("\ue000\ue001") & set(hit.title + hit.snippet)
