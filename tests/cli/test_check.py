"""`chatpaper check`, from the outside."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest

from chatpaper.cli.check import read_text
from chatpaper.domain.errors import ConfigError
from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes import gemini as answers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply

TRUE_NOTE = (
    "作者在 240 张标本上训练条件扩散模型，达到 33.9 dB。\n\n有 4 张“in 4 of 60 sheets it "
    "completed a broken vein”。\n"
)
FALSE_NOTE = (
    "# 笔记\n\n模型达到 35.2 dB。\n用 CIFAR-10 训练，“the model never makes any mistake at all”。\n"
)


@pytest.fixture
def terminal(terminal: Terminal, papers_read: Path) -> Terminal:
    """Return a terminal whose cache has the documents of the library."""
    shutil.copytree(papers_read, terminal.home / "cache", dirs_exist_ok=True)
    return terminal


@pytest.fixture
def pdf(library: Path) -> Path:
    return library / "herbarium-dust.pdf"


def note(terminal: Terminal, text: str, name: str = "note.md") -> Path:
    path = terminal.home / name
    path.write_text(text, "utf-8")
    return path


def test_a_true_text_ends_with_0(terminal: Terminal, pdf: Path) -> None:
    done = terminal.run("check", note(terminal, TRUE_NOTE), pdf)
    assert (done.exit_code, done.out, done.err) == (0, "4 supported, 0 unsupported\n", "")


def test_the_words_before_a_quotation_are_no_name(terminal: Terminal, library: Path) -> None:
    said = 'The paper says "attention is not all you need".'
    path = note(terminal, f"# 笔记\n{said}\n\n文中写道 {said}\n")
    done = terminal.run("check", path, library / "planted-images.pdf")
    assert done.exit_code == 3
    assert "name not supported" not in done.out
    assert done.out.count("quote not supported: attention is not all you need\n") == 2


def test_a_false_text_ends_with_3_and_says_what_is_wrong_and_where(
    terminal: Terminal, pdf: Path
) -> None:
    path = note(terminal, FALSE_NOTE)
    done = terminal.run("check", path, pdf)
    assert done.exit_code == 3
    assert done.out.splitlines() == [
        f"{path}:3: numeral not supported: 35.2 dB",
        f"{path}:4: quote not supported: the model never makes any mistake at all",
        f"{path}:4: name not supported: CIFAR-10",
        "0 supported, 3 unsupported",
    ]


def test_a_text_may_come_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO("\ufeff达到 33.9 dB。".encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert read_text(Path("-")) == "达到 33.9 dB。"


@pytest.mark.parametrize("text", ["It reaches 33.9 dB.", "达到 33.9 dB。" * 30])
def test_a_sentence_in_place_of_a_file_is_told_where_it_belongs(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"no file '.*{re.escape(text)}': .* standard input"):
        read_text(tmp_path / text)


def test_the_json_tells_every_claim_with_its_place(terminal: Terminal, pdf: Path) -> None:
    done = terminal.run("check", note(terminal, TRUE_NOTE + FALSE_NOTE), pdf, "--json")
    assert done.exit_code == 3
    assert (done.report["supported"], done.report["unsupported"]) == (4, 3)
    assert list(done.report) == ["claims", "supported", "unsupported"]
    first = done.report["claims"][0]
    assert list(first) == [
        "kind",
        "value",
        "line",
        "supported",
        "page",
        "section",
        "snippet",
        "derivation",
    ]
    assert (first["kind"], first["value"], first["line"], first["supported"]) == (
        "numeral",
        "240",
        1,
        True,
    )
    assert (first["page"], first["section"]) == (1, "Abstract")
    assert "On 240 sheets" in first["snippet"]


def test_a_paper_of_arxiv_is_fetched(online: Terminal, arxiv: FakeArxiv) -> None:
    text = note(online, "网络有 410 万参数，由 José Núñez 训练。\n")
    done = online.run("check", text, "https://arxiv.org/abs/2611.00001", GEMINI_API_KEY="")
    assert (done.exit_code, done.out) == (0, "2 supported, 0 unsupported\n")


def test_a_paper_that_is_not_there_is_told(online: Terminal) -> None:
    done = online.run("check", note(online, "5%"), "2611.99999")
    assert done.exit_code == 3
    assert "2611.99999" in done.err


def test_our_own_posts_are_checked_without_front_matter_and_record(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    assert (
        online.run(
            "summarize", "2611.00001", "--date", TONIGHT, "--backend", "extractive"
        ).exit_code
        == 0
    )
    post = online.posts / TONIGHT / "2611.00001.md"
    for path in (post, post.with_suffix(".json")):
        done = online.run("check", path, "2611.00001", "--json")
        assert [claim for claim in done.report["claims"] if not claim["supported"]] == []
        assert done.report["supported"] > 0


@pytest.mark.parametrize("name", ["missing.md", "paper.pdf"])
def test_a_text_that_cannot_be_read_is_a_usage_error(
    terminal: Terminal, pdf: Path, name: str
) -> None:
    if name == "paper.pdf":
        (terminal.home / name).write_bytes(pdf.read_bytes())
    done = terminal.run("check", terminal.home / name, pdf)
    assert done.exit_code == 2
    assert name in done.err


def test_it_works_while_another_run_holds_the_lock(terminal: Terminal, pdf: Path) -> None:
    from filelock import FileLock

    state = terminal.home / "state"
    state.mkdir()
    with FileLock(state / "run.lock"):
        assert terminal.run("check", note(terminal, TRUE_NOTE), pdf).exit_code == 0


def test_a_text_that_claims_nothing_is_supported(terminal: Terminal, pdf: Path) -> None:
    done = terminal.run("check", note(terminal, "这是一种方法。"), pdf, "--json")
    assert (done.exit_code, done.report) == (0, {"claims": [], "supported": 0, "unsupported": 0})


def test_json_is_printed_as_it_is_written(terminal: Terminal, pdf: Path) -> None:
    done = terminal.run("check", note(terminal, "约 12345 张"), pdf, "--json")
    assert json.loads(done.out)["claims"][0]["value"] == "12345"


def test_the_json_of_a_post_tells_how_its_claims_stand_to_the_paper(
    online: Terminal, arxiv: FakeArxiv
) -> None:
    assert online.run("summarize", "2611.00001", "--date", TONIGHT).exit_code == 0
    (paper,) = json.loads((online.posts / TONIGHT / "2611.00001.json").read_text("utf-8"))["papers"]
    assert set(paper["checks"]) == {"supported", "elsewhere", "left_out", "marked", "corrected"}
    assert {"key_takeaways", "key_figures"} == {proof["field"] for proof in paper["evidence"]}
    assert all(proof["page"] for proof in paper["evidence"])


def judge(*verdicts: dict[str, object]) -> Reply:
    return answers.answer(json.dumps({"verdicts": verdicts}, ensure_ascii=False))


def test_a_model_judges_each_sentence_where_that_is_asked_for(
    online: Terminal, gemini: FakeGemini, pdf: Path
) -> None:
    text = note(online, "标本有 240 张。\n模型从不出错。\n")
    words = "in 4 of 60 sheets it completed a broken vein"
    supported = {"n": 1, "verdict": "supported"}
    wrong = {
        "n": 2,
        "verdict": "contradicted",
        "words": words,
        "correction": "60 张中有 4 张出错。",
    }
    gemini.script(judge(supported, wrong))
    done = online.run("check", text, pdf, "--verify", "--json")
    assert done.exit_code == 3, done.err
    assert (done.report["unsupported"], done.report["contradicted"], done.report["undecided"]) == (
        0,
        1,
        0,
    )
    first, second = done.report["verdicts"]
    assert (first["line"], first["text"], first["verdict"]) == (1, "标本有 240 张。", "supported")
    assert (second["line"], second["words"], second["correction"]) == (
        2,
        words,
        "60 张中有 4 张出错。",
    )
    again = online.run("check", text, pdf, "--verify")
    assert len(gemini.calls) == 1, "what was paid for once is kept"
    assert f"{text}:2: contradicted: 模型从不出错。; the paper: {words!r}" in again.out
    gemini.script(judge(supported, {"n": 2, "verdict": "supported"}))
    assert (
        online.run(
            "check", note(online, "标本有 240 张。\n没有别的。\n"), pdf, "--verify"
        ).exit_code
        == 0
    )


@pytest.mark.parametrize(
    ("environment", "exit_code", "told"),
    [
        ({"GEMINI_API_KEY": ""}, 2, "no Gemini API key"),
        ({"CHATPAPER_LLM__BACKEND": "extractive"}, 2, "judges nothing"),
        ({"GEMINI_API_KEY": "wrong"}, 2, "key"),
    ],
)
def test_judging_needs_a_model_and_its_key(
    online: Terminal, pdf: Path, environment: dict[str, str], exit_code: int, told: str
) -> None:
    done = online.run("check", note(online, TRUE_NOTE), pdf, "--verify", **environment)
    assert done.exit_code == exit_code
    assert told in done.err
