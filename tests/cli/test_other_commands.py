"""The commands besides `run`, from the outside."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy, copytree

import pytest

from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.store import Store
from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status
from tests.fakes.gemini import FakeGemini

HEAVY_MODULES = (
    "pymupdf",
    "google.genai",
    "openai",
    "pydantic",
    "arxiv",
    "requests",
    "rapidfuzz",
    "jinja2",
)


def test_help_is_answered_without_loading_anything_heavy() -> None:
    program = (
        "import sys\nsys.argv = ['chatpaper', '--help']\nfrom chatpaper.cli import main\n"
        "try: main()\nexcept SystemExit: pass\nprint(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "summarize" in done.stdout
    assert [name for name in HEAVY_MODULES if f"'{name}'" in done.stderr] == []


def test_what_readers_of_pdfs_import_of_the_program_is_nothing() -> None:
    """A process that is spawned imports the main module of its parent again."""
    program = "import sys, chatpaper.__main__; sys.exit('chatpaper.cli' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_the_pdf_library_is_loaded_in_the_workers_alone() -> None:
    commands = "chatpaper.cli.commands, chatpaper.cli.doctor, chatpaper.cli.status"
    program = f"import sys, {commands}; sys.exit('pymupdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_version(terminal: Terminal) -> None:
    done = terminal.run("--version")
    assert (done.exit_code, bool(re.fullmatch(r"chatpaper \d+\.\d+\.\d+\n", done.out))) == (0, True)


def test_global_options_may_stand_behind_the_command(terminal: Terminal) -> None:
    settings = terminal.home / "other.toml"
    settings.write_text('[topics."Sea ice"]\nphrases = ["sea ice"]\n')
    before = terminal.run("--config", settings, "topics", "list")
    behind = terminal.run("topics", "list", "--config", settings)
    assert "Sea ice\t" in before.out
    assert behind.out == before.out


def test_a_paper_is_summarized_by_its_arxiv_id(online: Terminal, arxiv: FakeArxiv) -> None:
    done = online.run("summarize", "2611.00001", "--date", TONIGHT)
    assert done.exit_code == 0, done.err
    post = online.posts / TONIGHT / "2611.00001.md"
    assert done.out.splitlines() == [str(post)]
    text = post.read_text("utf-8")
    assert "\n## Step Budgets for Diffusion Models\n" in text
    assert "](2611.00001/figure-1.png)" in text
    assert (post.parent / "2611.00001" / "figure-1.png").is_file()
    assert post.with_suffix(".json").is_file()


def test_a_paper_that_is_already_posted_costs_nothing_more(
    online: Terminal, gemini: FakeGemini
) -> None:
    assert online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT).exit_code == 0
    calls = len(gemini.calls)
    done = online.run(
        "summarize", "https://arxiv.org/abs/2611.00001v1", "--date", TONIGHT, "--json"
    )
    assert done.report["totals"]["llm_calls"] == 0
    assert len(gemini.calls) == calls


def test_a_pdf_file_is_summarized_with_what_stands_in_it(online: Terminal, library: Path) -> None:
    pdf = online.home / "my paper.pdf"
    pdf.write_bytes((library / "step-budgets.pdf").read_bytes())
    truth = json.loads((library / "truth" / "step-budgets.json").read_text("utf-8"))
    done = online.run("summarize", pdf, "--date", TONIGHT)
    assert done.exit_code == 0, done.err
    post = online.posts / TONIGHT / "my_paper.md"
    record = json.loads(post.with_suffix(".json").read_text("utf-8"))["papers"][0]
    assert record["title"] == truth["title"]
    assert record["figures"]
    assert (post.parent / "my_paper" / "figure-1.png").is_file()


def test_an_id_that_does_not_exist_is_named_and_the_others_are_done(online: Terminal) -> None:
    done = online.run("summarize", "2611.99999", "2611.00001", "--date", TONIGHT)
    assert done.exit_code == 3
    assert "2611.99999" in done.err
    assert (online.posts / TONIGHT / "2611.00001.md").is_file()


def test_a_file_that_is_a_web_page_fails_with_a_clear_sentence(
    online: Terminal, library: Path
) -> None:
    page = online.home / "page.pdf"
    page.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    done = online.run("summarize", page, "--date", TONIGHT)
    assert done.exit_code == 3
    assert "PDF" in done.err
    assert "Traceback" not in done.err
    assert not list(online.posts.rglob("*.md"))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "broken: {pdf} cannot be read: it is no PDF file; open it to see what it is"),
        ("zh", "broken: 无法读取 {pdf}：不是 PDF 文件，请打开看看它是什么"),
    ],
)
def test_a_dry_run_says_of_a_broken_file_that_it_cannot_be_read(
    online: Terminal, language: str, told: str
) -> None:
    pdf = online.home / "papers" / "broken.pdf"
    pdf.parent.mkdir()
    pdf.write_text("Sign in")
    run = ("run", "--topic", "Diffusion Models", "--source", pdf.parent, "--dry-run", "-q")
    done = online.run(*run, CHATPAPER_LANGUAGE=language)
    assert done.exit_code == 3
    assert f"chatpaper: {told.format(pdf=pdf)}\n" in done.err
    assert "queued" not in done.err
    assert "排队" not in done.err


@pytest.mark.parametrize(
    "reference",
    ["nowhere.pdf", "2407.1", "https://example.org:port/x.pdf", "ftp://a.example/x.pdf"],
)
def test_what_names_no_paper_is_refused(online: Terminal, reference: str) -> None:
    done = online.run("summarize", reference)
    assert done.exit_code == 2
    assert done.err.startswith("chatpaper: ")


def test_extract_writes_json_and_images_of_each_pdf(terminal: Terminal, library: Path) -> None:
    broken = terminal.home / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and then nothing")
    output = terminal.home / "out"
    done = terminal.run(
        "extract", library / "step-budgets.pdf", broken, "--output", output, "--jobs", "2"
    )
    assert done.exit_code == 3
    assert "error" in json.loads((output / "broken.json").read_text("utf-8"))
    record = json.loads((output / "step-budgets.json").read_text("utf-8"))
    assert record.keys() >= {
        *(
            "title",
            "abstract",
            "pages",
            "sections",
            "figures",
            "references",
            "links",
            "hidden_text",
            "warnings",
        )
    }
    assert record["sections"][0].keys() >= {"number", "title", "level", "page", "text"}
    for figure in record["figures"]:
        assert figure.keys() >= {"label", "kind", "caption", "page", "bbox", "image"}
        assert (output / figure["image"]).read_bytes().startswith(b"\x89PNG")
    assert record["references"].keys() >= {"page", "count"}


@pytest.mark.parametrize("name", ["leaf-shapes.pdf", "Leaf-Shapes.PDF"])
def test_two_pdfs_of_one_name_do_not_overwrite_each_other(
    terminal: Terminal, library: Path, name: str
) -> None:
    twin = terminal.home / name
    twin.write_bytes(b"x")
    done = terminal.run(
        "extract", library / "leaf-shapes.pdf", twin, "--output", terminal.home / "out"
    )
    assert done.exit_code == 2
    assert f"leaf-shapes.pdf and {twin} have the same name" in done.err
    assert not list((terminal.home / "out").glob("*"))


def test_two_pdfs_of_one_name_in_two_runs_do_not_overwrite_each_other(
    terminal: Terminal, library: Path, papers_read: Path
) -> None:
    copytree(papers_read, terminal.home / "cache")
    output = terminal.home / "out"
    pdfs = [terminal.home / folder / "paper.pdf" for folder in "abc"]
    for pdf, stem in zip(pdfs, ("leaf-shapes", "step-budgets", "leaf-shapes"), strict=True):
        pdf.parent.mkdir()
        copy(library / f"{stem}.pdf", pdf)
    first, other, same = pdfs
    assert terminal.run("extract", first, "--output", output).exit_code == 0
    record = output / "paper.json"
    before = record.read_bytes()
    refused = terminal.run("extract", other, "--output", output)
    assert refused.exit_code == 2
    assert f"{record} is the record of another PDF named paper.pdf" in refused.err
    assert record.read_bytes() == before
    assert str(terminal.home) not in before.decode()
    assert terminal.run("extract", same, "--output", output).exit_code == 0
    # What was set anew is the same paper as before.
    copy(other, same)
    assert terminal.run("extract", same, "--output", output).exit_code == 0
    assert record.read_bytes() != before


@pytest.mark.parametrize(
    ("standing", "exit_code"),
    [('{"notes": 1}', 2), ("no JSON", 2), ("[1]", 2), ('{"sections": []}', 0)],
)
def test_a_file_of_ones_own_is_not_taken_for_a_record(
    terminal: Terminal, library: Path, standing: str, exit_code: int
) -> None:
    record = terminal.home / "out" / "leaf-shapes.json"
    record.parent.mkdir()
    record.write_text(standing)
    done = terminal.run("extract", library / "leaf-shapes.pdf", "--output", record.parent)
    assert done.exit_code == exit_code
    assert (record.read_text("utf-8") == standing) == (exit_code == 2)
    assert ("move it away" in done.err) == (exit_code == 2)


def test_extract_writes_markdown_beside_the_record(terminal: Terminal, library: Path) -> None:
    output = terminal.home / "out"
    output.mkdir()
    foreign = output / "schedule-sensors.md"
    foreign.write_text("My notes.\n")
    pdf = library / "schedule-sensors.pdf"
    refused = terminal.run("extract", pdf, "--markdown", "--output", output)
    assert refused.exit_code == 2
    assert "is not from `chatpaper extract`" in refused.err
    assert foreign.read_text() == "My notes.\n"
    foreign.unlink()
    for _ in range(2):
        done = terminal.run("extract", pdf, "--markdown", "--output", output)
        assert done.exit_code == 0, done.err
        assert str(foreign) in done.out
    text = foreign.read_text("utf-8")
    assert text.startswith("# ")
    assert "\n## Abstract\n" in text
    assert "**Algorithm 1.** Schedule matched to a spectrum\n\n```\n" in text
    assert "\n## References\n" in text
    images = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert images
    assert all((output / image).is_file() for image in images)


def test_a_file_whose_name_is_in_no_letters_is_refused(terminal: Terminal, library: Path) -> None:
    nameless = os.fsdecode(os.fsencode(terminal.home) + b"/caf\xe9.pdf")
    copy(library / "leaf-shapes.pdf", nameless)
    done = terminal.run("extract", nameless, "--output", terminal.home / "out")
    assert (done.exit_code, "is no UTF-8: rename it" in done.err) == (2, True)


def test_streams_on_a_full_disk_are_no_defect(terminal: Terminal) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*terminal.program, "topics"], env=terminal.variables({}), stdout=full, stderr=full
        )
    assert done.returncode == 2


def test_topics_are_listed_with_their_queries_and_shown_with_their_count(online: Terminal) -> None:
    listed = dict(line.split("\t") for line in online.run("topics").out.splitlines())
    assert "diffusion model" in listed["Diffusion Models"].lower()
    assert {"3DGS", "医学图像", "元宇宙/虚拟人", "MMT"} <= listed.keys()
    shown = online.run("topics", "show", "Diffusion Models")
    assert shown.exit_code == 0
    assert re.search(r"papers submitted from [\d-]+ to [\d-]+: \d+", shown.out)
    assert "not in the table" in online.run("topics", "show", "Sea Ice").out


def test_status_of_a_fresh_start(terminal: Terminal) -> None:
    assert terminal.run("status").out == "There has been no run yet.\n"
    assert terminal.run("status", "--json").report == {
        "topics": [],
        "waiting": [],
        "given_up": [],
        "days": [],
        "nights": [],
        "alerts": [],
        "batches": [],
    }


def test_status_shows_tokens_and_money_by_day(online: Terminal) -> None:
    report = online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT, "--json").report
    (day,) = online.run("status", "--json").report["days"]
    assert day["date"] == TONIGHT
    assert (day["llm_calls"], day["input_tokens"]) == (
        report["totals"]["llm_calls"],
        report["totals"]["input_tokens"],
    )
    assert "Diffusion Models: 3 published" in online.run("status").out


def test_status_stays_a_glance_however_much_waits(terminal: Terminal) -> None:
    waiting = [Outcome("LLM", f"2611.{number:05d}", 1, "queued") for number in range(25)]
    waiting[0] = replace(waiting[0], status="failed", attempts=1, reason="not Chinese")
    with Store(terminal.home / "state") as store:
        store.outcomes.record(waiting, [], datetime.now(UTC))
        for number in range(1, 10):
            store.history.start(str(number), datetime.now(UTC), date(2026, 11, number))
    lines = terminal.run("status").out.splitlines()
    assert sum("not begun" in line for line in lines) == 19
    assert any("failed after 1 attempt: 2611.00000 (LLM): not Chinese" in line for line in lines)
    assert any("and 5 more" in line for line in lines)
    days = [line.partition(":")[0] for line in lines if "1 run" in line]
    assert days == [f"2026-11-{number:02d}" for number in range(9, 2, -1)]
    assert len(terminal.run("status", "--json").report["waiting"]) == 25


def test_doctor_says_what_works_and_what_to_do(online: Terminal) -> None:
    fine = online.run("doctor")
    assert fine.exit_code == 0, fine.out
    assert "FAIL" not in fine.out
    wrong = online.run("doctor", GEMINI_API_KEY="wrong-key-1234")
    assert wrong.exit_code == 2
    assert "FAIL backend" in wrong.out
    assert "wrong-key-1234" not in wrong.out + wrong.err
    without = online.run(
        "doctor", GEMINI_API_KEY="", CHATPAPER_ARXIV__API_URL="http://127.0.0.1:9/api/query"
    )
    assert without.exit_code == 4
    assert "set GOOGLE_API_KEY or GEMINI_API_KEY" in without.out
    assert "FAIL arxiv" in without.out


def test_doctor_does_not_have_people_wait_for_arxiv(online: Terminal, arxiv: FakeArxiv) -> None:
    arxiv.script(*[status(503)] * 9)
    found = online.run("doctor", CHATPAPER_ARXIV__MAX_ATTEMPTS="5")
    assert "FAIL arxiv" in found.out
    assert len(arxiv.requests) == 2


def test_a_database_that_is_broken_is_named(terminal: Terminal) -> None:
    (terminal.home / "state").mkdir()
    (terminal.home / "state" / "chatpaper.db").write_text("no database" * 100)
    done = terminal.run("status")
    assert done.exit_code == 2
    assert "chatpaper.db" in done.err
