"""Formats from the outside: where posts go, what a later format costs, and formats of one's own."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from chatpaper.app import publishing
from chatpaper.app.settings import load_settings
from chatpaper.domain.errors import ConfigError
from chatpaper.write.formats import load_format
from tests.cli.conftest import TONIGHT, Terminal
from tests.cli.test_run import RUN, files_below
from tests.fakes import gemini as answers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

EXAMPLES = Path(__file__).parents[2] / "examples" / "formats"
ALL = ("--format", "daily", "--format", "bilingual", "--format", "card", "--format", "report")


@pytest.fixture
def one_paper(online: Terminal, arxiv: FakeArxiv) -> Terminal:
    """Return a terminal whose arXiv has one paper."""
    del arxiv.papers[1:]
    return online


def asked_fields(gemini: FakeGemini, call: int = -1) -> set[str]:
    return set(gemini.calls[call].body["generationConfig"]["responseJsonSchema"]["properties"])


def post_files(terminal: Terminal) -> dict[str, bytes]:
    found = files_below(terminal.posts / TONIGHT)
    return {name: content for name, content in found.items() if name.endswith((".md", ".json"))}


def own_format(home: Path, template: str, fields: str = '["title"]', scope: str = "day") -> Path:
    """Write a format of one's own and settings that name its folder, which come back."""
    folder = home / "formats"
    folder.mkdir()
    (folder / "mine.md.j2").write_text(template, "utf-8")
    (folder / "mine.toml").write_text(f'scope = "{scope}"\nfields = {fields}\n', "utf-8")
    settings = home / "chatpaper.toml"
    settings.write_text(f'[post]\nformats_dir = "{folder}"\n', "utf-8")
    return settings


def test_each_format_has_its_place_and_its_json(one_paper: Terminal, gemini: FakeGemini) -> None:
    done = one_paper.run(*RUN, *ALL, "--json")
    assert done.exit_code == 0, done.err
    topic = "Diffusion_Models"
    places = [topic, f"{topic}.bilingual", f"{topic}.report", f"{topic}/2611.00001.card"]
    assert sorted(post_files(one_paper)) == sorted(
        f"{place}{suffix}" for place in places for suffix in (".md", ".json")
    )
    assert done.report["topics"][0]["post"].endswith(f"{topic}.md")
    assert len(gemini.calls) == 1, "all formats of a run share one call"
    for place in places:
        file = one_paper.posts / TONIGHT / f"{place}.md"
        sources = re.findall(r'(?:<img src="|!\[[^\]]*\]\()([^")]+)', file.read_text("utf-8"))
        assert all((file.parent / source).is_file() for source in sources)
        assert sources, "the figures that matter are in view"


def as_an_earlier_version_left_it(terminal: Terminal) -> None:
    """Take from the stored entries what was not asked for before, and put in what was."""
    later = set(load_format("daily").optional_fields)
    with closing(sqlite3.connect(terminal.home / "state" / "chatpaper.db")) as store, store:
        for topic, text in store.execute("SELECT topic, record FROM entries").fetchall():
            entry = json.loads(text)
            summary = entry["summary"]
            proof = {"text": "证明。", "quote": "a quote", "page": 2, "section": "1"}
            summary["answers"] = {k: v for k, v in summary["answers"].items() if k not in later} | {
                "proofs": [proof]
            }
            summary["records"] = {
                name: {
                    **{k: v for k, v in record.items() if k != "asked"},
                    "fingerprint": "of other prompts",
                }
                for name, record in summary["records"].items()
                if name not in later
            }
            store.execute(
                "UPDATE entries SET record = ? WHERE topic = ?", (json.dumps(entry), topic)
            )


def test_what_an_earlier_version_published_is_rendered_and_not_paid_for_again(
    one_paper: Terminal, gemini: FakeGemini
) -> None:
    assert one_paper.run(*RUN).exit_code == 0
    as_an_earlier_version_left_it(one_paper)
    assert one_paper.run("render").exit_code == 0
    post = one_paper.posts / TONIGHT / "Diffusion_Models.md"
    text = post.read_text("utf-8")
    assert "**Summary**" in text
    assert not any(label in text for label in ("一句话", "主要结果", "局限"))
    (paper,) = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"]
    assert paper["summary"]["proofs"] == ["证明。"]
    assert one_paper.run(*RUN).exit_code == 0
    assert one_paper.run("summarize", "2611.00001", "--date", TONIGHT).exit_code == 0
    assert len(gemini.calls) == 1


def test_a_second_run_asks_nothing_and_changes_no_byte_and_render_makes_all_of_it_again(
    one_paper: Terminal, gemini: FakeGemini
) -> None:
    assert one_paper.run(*RUN, *ALL).exit_code == 0
    before = files_below(one_paper.posts)
    again = one_paper.run(*RUN, *ALL, "--json")
    assert (again.exit_code, again.report["totals"]["llm_calls"], len(gemini.calls)) == (0, 0, 1)
    assert files_below(one_paper.posts) == before
    shutil.rmtree(one_paper.posts)
    assert one_paper.run("render").exit_code == 0
    assert {name: before[name] for name in files_below(one_paper.posts)} == files_below(
        one_paper.posts
    )
    assert len(gemini.calls) == 1


def test_the_title_of_a_paper_by_itself_is_no_tag(one_paper: Terminal) -> None:
    formats = ("brief", "bilingual", "daily", "report")
    asked = (argument for name in formats for argument in ("--format", name))
    assert one_paper.run("summarize", "2611.00001", "--date", TONIGHT, *asked).exit_code == 0
    for name in formats:
        file = one_paper.posts / TONIGHT / f"2611.00001{'' if name == 'daily' else f'.{name}'}.md"
        front = yaml.safe_load(file.read_text("utf-8").split("---\n")[1])
        assert front["title"] not in front["tags"]
        assert bool(front["tags"]) == bool(front["keywords"]) == (name in ("daily", "report"))


def test_a_format_that_is_added_later_asks_for_what_is_missing_alone(
    one_paper: Terminal, gemini: FakeGemini
) -> None:
    assert one_paper.run(*RUN).exit_code == 0
    daily = (one_paper.posts / TONIGHT / "Diffusion_Models.md").read_bytes()
    done = one_paper.run(*RUN, "--format", "daily", "--format", "card", "--json")
    assert done.report["totals"]["llm_calls"] == 1
    assert asked_fields(gemini) == {"paper_class", "class_reason", "tags", "abstract_translation"}
    assert (one_paper.posts / TONIGHT / "Diffusion_Models.md").read_bytes() == daily
    card = one_paper.posts / TONIGHT / "Diffusion_Models" / "2611.00001.card.json"
    assert "title" in json.loads(card.read_text("utf-8"))["papers"][0]["summary"]
    # Another topic, or the paper by itself, finds the answers of both calls.
    alone = one_paper.run(
        "summarize",
        "2611.00001",
        "--date",
        TONIGHT,
        "--format",
        "card",
        "--format",
        "daily",
        "--json",
    )
    assert alone.report["totals"]["llm_calls"] == 0
    assert (one_paper.posts / TONIGHT / "2611.00001.card.md").is_file()


def test_what_a_later_format_cannot_get_leaves_the_earlier_posts_as_they_are(
    one_paper: Terminal, gemini: FakeGemini
) -> None:
    assert one_paper.run(*RUN).exit_code == 0
    before = post_files(one_paper)
    gemini.script(*[answers.answer("{}")] * 3)
    failed = one_paper.run(*RUN, "--format", "daily", "--format", "report", "--json")
    assert (failed.exit_code, failed.report["papers"][0]["status"]) == (3, "failed")
    assert post_files(one_paper) == before
    assert one_paper.run("render", "--format", "report").exit_code == 3
    assert post_files(one_paper) == before


def test_another_vocabulary_asks_for_what_is_chosen_from_it_alone(
    one_paper: Terminal, gemini: FakeGemini
) -> None:
    assert one_paper.run(*RUN, "--format", "card").exit_code == 0
    classes = '["采样", "训练"]'
    done = one_paper.run(*RUN, "--format", "card", "--json", CHATPAPER_POST__CLASSES=classes)
    assert (done.report["totals"]["llm_calls"], asked_fields(gemini)) == (1, {"paper_class"})
    card = (one_paper.posts / TONIGHT / "Diffusion_Models" / "2611.00001.card.md").read_text(
        "utf-8"
    )
    assert "\n`采样`\n" in card


def test_without_a_model_a_card_is_not_classified_and_says_so(one_paper: Terminal) -> None:
    done = one_paper.run(*RUN, *ALL, "--backend", "extractive")
    assert done.exit_code == 0, done.err
    card = (one_paper.posts / TONIGHT / "Diffusion_Models" / "2611.00001.card.md").read_text(
        "utf-8"
    )
    assert "\n`其他`\n\n理由：没有使用语言模型，未作分类\n" in card
    assert "\n> 没有译文\n" in card
    report = (one_paper.posts / TONIGHT / "Diffusion_Models.report.md").read_text("utf-8")
    assert re.search(
        r"^- \*\*图 1\*\*：One image of Discs under the forward process", report, re.MULTILINE
    )


def test_the_example_of_a_format_of_ones_own_works(one_paper: Terminal, gemini: FakeGemini) -> None:
    shutil.copytree(EXAMPLES, one_paper.home / "formats")
    (one_paper.home / "chatpaper.toml").write_text('[post]\nformats_dir = "formats"\n', "utf-8")
    done = one_paper.run(*RUN, "--format", "digest")
    assert done.exit_code == 0, done.err
    text = (one_paper.posts / TONIGHT / "Diffusion_Models.digest.md").read_text("utf-8")
    assert re.search(
        r"^- \[.+\]\(http://arxiv\.org/abs/2611\.00001v1\) `.+`\n\n    \S", text, re.MULTILINE
    )
    assert asked_fields(gemini) == {"title", "tags", "summary"}


def test_a_format_of_ones_own_may_extend_one_that_came_with_chatpaper(one_paper: Terminal) -> None:
    own_format(
        one_paper.home,
        '{% extends "daily.md.j2" %}{% block entry scoped %}\n## {{ entry.paper.title }}\n\n'
        '{{ entry.answers.title }}\n{% include "partials/figures.md.j2" %}\n{% endblock %}',
    )
    done = one_paper.run(*RUN, "--format", "mine")
    assert done.exit_code == 0, done.err
    text = (one_paper.posts / TONIGHT / "Diffusion_Models.mine.md").read_text("utf-8")
    assert f"# {TONIGHT} 更新" in text
    assert "Key Takeaways" not in text
    assert "<img src=" in text


@pytest.mark.parametrize(
    ("template", "fields", "scope", "named"),
    [
        ("{{ post.title }", '["title"]', "day", "mine.md.j2, line 1"),
        ("a\n{{ nonsense }}", '["title"]', "day", "mine.md.j2, line 2"),
        ("{{ post.entries[0].answers.summary }}", '["title"]', "day", "mine.md.j2, line 1"),
        (
            "{% for entry in post.entries %}{{ entry.nonsense }}{% endfor %}",
            '["title"]',
            "day",
            "mine.md.j2, line 1",
        ),
        ('{% include "nothing.md.j2" %}', '["title"]', "day", "mine.md.j2"),
        ("{{ labels.nonsense }}", '["title"]', "day", "mine.md.j2, line 1"),
        ("{{ 1 / 0 }}", '["title"]', "day", "mine.md.j2, line 1"),
        (
            "{{ post.__class__.__mro__[1].__subclasses__() }}",
            '["title"]',
            "day",
            "mine.md.j2, line 1",
        ),
        (
            "{{ post.title }}",
            '["titel"]',
            "day",
            "mine.toml is wrong: unknown field 'titel'; did you mean 'title'",
        ),
        ("{{ post.title }}", '["title"]', "week", "mine.toml is wrong: scope"),
        ("{{ post.title }}", "[]", "day", "mine.toml is wrong: fields"),
        ("{{ post.title }}", '["title"', "day", "mine.toml is not valid TOML"),
    ],
)
def test_a_format_that_is_wrong_is_named_in_one_sentence(
    tmp_path: Path, template: str, fields: str, scope: str, named: str
) -> None:
    settings = load_settings(own_format(tmp_path, template, fields, scope), {})
    with pytest.raises(ConfigError) as refused:
        publishing.load_formats(settings, ("daily", "mine"))
    assert named in str(refused.value)
    assert str(tmp_path / "formats" / "mine.") in str(refused.value)


def test_a_wrong_format_is_told_before_anything_is_fetched_or_asked(
    one_paper: Terminal, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    own_format(one_paper.home, "{{ post.title }")
    done = one_paper.run(*RUN, "--format", "mine")
    assert done.exit_code == 2
    assert "mine.md.j2, line 1" in " ".join(done.err.split())
    assert (len(gemini.calls), arxiv.count("/api/query")) == (0, 0)


def test_names_of_ones_own_formats_are_told_and_must_not_be_taken(tmp_path: Path) -> None:
    settings = load_settings(own_format(tmp_path, "{{ post.title }}"), {})
    with pytest.raises(
        ConfigError,
        match=r"there are bilingual, brief, card, daily, mine, report\. Did you mean 'mine'",
    ):
        publishing.load_formats(settings, ("myne",))
    (tmp_path / "formats" / "daily.toml").write_text('scope = "day"\nfields = ["title"]\n')
    with pytest.raises(
        ConfigError, match="has the name of a format that comes with chatpaper: rename it"
    ):
        publishing.load_formats(settings, ("daily",))
    (tmp_path / "formats" / "my own.toml").write_text('scope = "day"\nfields = ["title"]\n')
    with pytest.raises(ConfigError, match=r"my own\.toml needs another name"):
        publishing.load_formats(settings, ("my own",))
    (tmp_path / "formats" / "mine.md.j2").unlink()
    with pytest.raises(ConfigError, match=r"mine\.md\.j2 is missing"):
        publishing.load_formats(settings, ("mine",))
    shutil.rmtree(tmp_path / "formats")
    with pytest.raises(ConfigError, match=r"set post\.formats_dir"):
        publishing.load_formats(settings, ("daily",))
