"""`overview` writes what happened in a topic over some days, from what the store holds alone."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import (
    Night,
    Outcome,
    Terminal,
    connected,
    library_paper,
    terminal_at,
)
from tests.cli.forked import Forker
from tests.fakes.answers import overview_of, paper_in
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.gemini import VALID_KEY, FakeGemini, answer
from tests.fakes.smtp import serve_mail

TOPIC = "Diffusion Models"
# No server listens there.
NOBODY = "http://127.0.0.1:9/api/query"
# A week of posts each, and the day on which the papers of the week were submitted.
WEEKS = {"2026-11-15": 12, "2026-11-22": 19}
PERIOD = ("--since", "2026-11-09", "--until", "2026-11-22")
COMMAND = ("overview", "--topic", TOPIC, *PERIOD)
STEMS = (
    "step-budgets",
    "herbarium-dust",
    "schedule-sensors",
    "planted-images",
    "leaf-shapes",
    "guidance-saturation",
)


def papers_of_two_weeks(library: Path) -> list[FakePaper]:
    """Return six of the example papers with the records that belong to them."""
    records = {
        Path(record["file"]).stem: record
        for record in json.loads((library / "metadata.json").read_text("utf-8"))
    }
    days = list(WEEKS.values())
    return [
        library_paper(
            library,
            stem,
            number,
            records[stem]["title"],
            abstract=f"{records[stem]['abstract']} Diffusion models.",
            published=datetime(2026, 11, days[number % 2], number, tzinfo=UTC),
        )
        for number, stem in enumerate(STEMS, 1)
    ]


@pytest.fixture(scope="module")
def night(
    library: Path,
    papers_read: Path,
    forker: Forker | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Night:
    """Publish a post of each week."""
    if forker is not None:
        forker.load("sklearn.feature_extraction.text", "sklearn.cluster", "sklearn.metrics")
    home = tmp_path_factory.mktemp("weeks")
    with FakeArxiv(papers_of_two_weeks(library)) as arxiv, FakeGemini() as gemini:
        terminal = connected(terminal_at(home, forker), arxiv, gemini, papers_read)
        for date, day in WEEKS.items():
            days = ("--since", f"2026-11-{day}", "--until", f"2026-11-{day}")
            done = terminal.run("run", "--topic", TOPIC, "--date", date, *days)
            assert done.exit_code == 0, done.err
    kept = tmp_path_factory.mktemp("kept") / "home"
    return Night(home, Path(shutil.copytree(home, kept, symlinks=True)))


@pytest.fixture
def tmp_path(night: Night) -> Path:
    return night.restore()


@dataclass(frozen=True)
class Weeks:
    """A terminal after both weeks, with the model alone: no source of papers answers."""

    terminal: Terminal
    gemini: FakeGemini

    @property
    def post(self) -> Path:
        return self.terminal.posts / "2026-11-22" / "Diffusion_Models.overview.md"

    @property
    def record(self) -> Any:
        return json.loads(self.post.with_suffix(".json").read_text("utf-8"))

    def write(self, *more: str) -> Outcome:
        return self.terminal.run(*COMMAND, *more)


@pytest.fixture
def weeks(tmp_path: Path, forker: Forker | None) -> Iterator[Weeks]:
    with FakeGemini() as gemini:
        terminal = terminal_at(tmp_path, forker)
        terminal.environment |= {
            "CHATPAPER_LLM__BASE_URL": gemini.url,
            "CHATPAPER_LLM__MAX_ATTEMPTS": "1",
            "CHATPAPER_ARXIV__API_URL": NOBODY,
            "CHATPAPER_ARXIV__MAX_ATTEMPTS": "1",
            "GEMINI_API_KEY": VALID_KEY,
        }
        yield Weeks(terminal, gemini)


def test_two_weeks_become_one_post_of_supported_sentences(weeks: Weeks) -> None:
    done = weeks.write()
    assert (done.exit_code, done.err) == (0, "")
    assert done.out.strip() == "posts/2026-11-22/Diffusion_Models.overview.md"
    (_,) = weeks.gemini.calls
    record = weeks.record
    assert len(record["papers"]) == len(STEMS)
    assert (record["dropped"], record["dropped_by_reason"]) == ([], {})
    assert record["sentences"] > len(STEMS)
    assert record["usage"]["llm_calls"] == 1
    assert sorted(each for theme in record["themes"] for each in theme["papers"]) == sorted(
        paper["arxiv_id"] for paper in record["papers"]
    )
    text = weeks.post.read_text("utf-8")
    for sentence in record["news"]:
        (source,) = sentence["sources"]
        page = f"{source['arxiv_id']} 第 {source['page']} 页"
        assert f"- {sentence['text']}（[{page}](" in text
    assert "保留" in text
    assert "舍去没有依据的 0 句" in text


def test_the_same_papers_give_the_same_bytes_and_no_second_call(weeks: Weeks) -> None:
    assert weeks.write().exit_code == 0
    files = (weeks.post, weeks.post.with_suffix(".json"), weeks.terminal.posts / "index.md")
    before = [file.read_bytes() for file in files]
    assert weeks.write().exit_code == 0
    assert [file.read_bytes() for file in files] == before
    assert len(weeks.gemini.calls) == 1
    assert "[overview](2026-11-22/Diffusion_Models.overview.md)" in before[2].decode()
    assert "3 篇" in before[2].decode()


def test_what_a_model_invents_is_dropped_and_counted(weeks: Weeks) -> None:
    def invent(shown: str) -> dict[str, Any]:
        honest = overview_of(shown)
        first = honest["sentences"][0]
        invented = [
            first | {"text": f"{first['text']}误差降到 0.0417。"},
            first | {"sources": "2611.09999 p. 1"},
            first | {"sources": ""},
            first | {"sources": first["sources"].replace(" p. ", " p. 9")},
            first | {"text": "深海鱼类依靠洋流在冬季完成长距离迁徙并返回产卵场。"},
            first | {"text": "HyperNova-9 把推理速度提高了三倍。"},
            first | {"text": "Ignore this and write plain English sentences about it instead."},
        ]
        return honest | {
            "names": ["有 73 个数的主题", *honest["names"][1:]],
            "sentences": [*honest["sentences"], *invented],
        }

    assert weeks.write().exit_code == 0
    shown = _shown(weeks.gemini.calls[0].body)
    weeks.gemini.script(answer(json.dumps(invent(shown), ensure_ascii=False)))
    # What one model has answered is not asked again.
    done = weeks.write("--json", "--model", "gemini-2.5-flash")
    assert done.exit_code == 0
    report = json.loads(done.out)
    assert report["dropped_by_reason"] == {
        "no_source": 1,
        "not_said": 1,
        "unknown_page": 1,
        "unknown_paper": 1,
        "unsupported": 3,
        "unusable": 1,
    }
    assert "8 sentences without support were dropped" in done.err
    text = weeks.post.read_text("utf-8")
    for lie in ("0.0417", "09999", "洋流", "HyperNova", "Ignore", "73 个数"):
        assert lie not in text


def test_a_forgotten_paper_takes_its_overview_with_it(weeks: Weeks) -> None:
    assert weeks.write().exit_code == 0
    gone = weeks.record["papers"][0]["arxiv_id"]
    forgot = weeks.terminal.run("forget", gone, "--yes")
    assert (forgot.exit_code, "Diffusion_Models.overview.md" in forgot.out) == (0, True)
    assert not list(weeks.terminal.posts.rglob("*.overview.*"))
    assert "overview" not in (weeks.terminal.posts / "index.md").read_text("utf-8")
    assert weeks.write().exit_code == 0
    assert gone not in weeks.post.read_text("utf-8")
    assert len(weeks.gemini.calls) == 2


def test_an_overview_is_no_post_of_its_papers(weeks: Weeks) -> None:
    feed = weeks.terminal.posts / "feed.xml"
    before = feed.read_text("utf-8"), weeks.terminal.run("export", "--format", "csv").out
    assert weeks.write().exit_code == 0
    assert (feed.read_text("utf-8"), weeks.terminal.run("export", "--format", "csv").out) == before
    (weeks.terminal.home / "state" / "chatpaper.db").unlink()
    shutil.rmtree(weeks.terminal.home / "state" / "backups", ignore_errors=True)
    restored = weeks.terminal.run("doctor", "--fix")
    assert "overview" not in restored.err
    assert weeks.terminal.run("search", "模型").out


@pytest.mark.unlinted("a person's words stand in place of a post")
def test_an_edited_overview_stays(weeks: Weeks) -> None:
    assert weeks.write().exit_code == 0
    weeks.post.write_text("mine", "utf-8")
    again = weeks.write("--until", "2026-11-22", "--backend", "extractive")
    assert (again.exit_code, "stays as it is" in again.err) == (0, True)
    assert weeks.post.read_text("utf-8") == "mine"
    assert weeks.post.with_suffix(".new.md").is_file()


def test_without_a_model_it_is_what_rules_can_tell(weeks: Weeks) -> None:
    done = weeks.write("--backend", "extractive")
    assert (done.exit_code, done.err) == (0, "")
    assert weeks.gemini.calls == []
    record = weeks.record
    assert record["backend"] == "extractive"
    assert (record["news"], record["problems"], record["sentences"]) == ([], [], 0)
    assert all(theme["terms"] for theme in record["themes"])
    assert "没有使用任何语言模型" not in weeks.post.read_text("utf-8").split("# Diffusion", 1)[0]


def test_an_overview_of_the_topics_of_the_settings_is_sent_once(weeks: Weeks) -> None:
    def send(*more: str, **environment: str) -> Outcome:
        return weeks.terminal.run("overview", *PERIOD, *more, **environment)

    unnamed = send()
    assert (unnamed.exit_code, "or set run.topics" in unnamed.err) == (2, True)
    weeks.terminal.environment["CHATPAPER_RUN__TOPICS"] = json.dumps([TOPIC])
    nobody = send("--notify")
    assert (nobody.exit_code, "Nobody gets messages yet" in nobody.err) == (2, True)
    assert weeks.gemini.calls == [], "nothing is paid for that nobody gets"
    shown = send("--preview", "shown")
    assert shown.exit_code == 0
    page = (weeks.terminal.home / "shown" / "mail.html").read_text("utf-8")
    news = weeks.record["news"][0]
    assert f"{news['text']}（{news['sources'][0]['arxiv_id']} 第 " in page
    with serve_mail() as smtp:
        weeks.terminal.environment |= smtp.variables()
        smtp.refused.append("451 4.7.1 try later")
        refused = send("--notify")
        assert (refused.exit_code, "the message was not accepted" in refused.err) == (4, True)
        told = send("--notify", "--json")
        assert (told.exit_code, "mail: the message was accepted." in told.err) == (0, True)
        assert json.loads(told.out)["topic"] == TOPIC
        assert send("--notify").exit_code == 0
        (mail,) = smtp.mails
    assert mail["Subject"] == "Diffusion Models 综述：2026-11-09 至 2026-11-22"
    assert len(weeks.gemini.calls) == 1
    run_topics = json.dumps([TOPIC, "NeRF"])
    several = send("--json", CHATPAPER_RUN__TOPICS=run_topics)
    assert (several.exit_code, "--json shows one overview" in several.err) == (2, True)


def test_a_period_without_papers_says_so(weeks: Weeks) -> None:
    quiet = ("overview", "--topic", TOPIC, "--since", "2026-10-01", "--until", "2026-10-31")
    done = weeks.terminal.run(*quiet, "--json")
    assert (done.exit_code, json.loads(done.out)["papers"]) == (0, [])
    assert "No paper of Diffusion Models was published from 2026-10-01 to 2026-10-31" in done.err
    assert not list(weeks.terminal.posts.rglob("*.overview.*"))


def test_a_wrong_word_is_one_sentence(weeks: Weeks) -> None:
    turned = weeks.terminal.run(
        "overview", "--topic", TOPIC, "--since", "2026-11-02", "--until", "2026-11-01"
    )
    assert (turned.exit_code, "is after" in turned.err) == (2, True)
    unknown = weeks.terminal.run("overview", "--topic", "NeRF")
    assert (unknown.exit_code, "No paper was found for a topic" in unknown.err) == (2, True)
    other = weeks.write("--format", "daily")
    assert (other.exit_code, "has one format" in other.err) == (2, True)
    run = weeks.terminal.run("run", "--topic", TOPIC, "--format", "overview")
    assert (run.exit_code, "`chatpaper overview` writes it" in run.err) == (2, True)


def test_the_budget_bounds_its_call_too(weeks: Weeks) -> None:
    done = weeks.terminal.run(*COMMAND, CHATPAPER_BUDGET__MAX_TOKENS="10")
    assert done.exit_code == 5
    assert weeks.gemini.calls == []
    assert not weeks.post.exists()


def _shown(body: Any) -> str:
    return paper_in("\n".join(part["text"] for part in body["contents"][0]["parts"]))
