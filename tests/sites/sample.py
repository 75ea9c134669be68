"""Posts in every format as the command line writes them.

They are made from papers of the example library and the fake Gemini.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from chatpaper.write.formats import list_formats
from tests.conftest import LIBRARY
from tests.fakes.gemini import VALID_KEY, FakeGemini

DATE = "2026-11-22"
TOPIC = "Diffusion Models"
_TIMEOUT_SECONDS = 120

# Titles, abstracts and comments with what real ones have: formulas, addresses before Chinese
# punctuation, names with underscores and stars.
PAPERS = (
    {
        "file": "step-budgets.pdf",
        "arxiv_id": "2611.00001v1",
        "title": "How Many Steps $T$ Are Enough? An $\\mathcal{O}(T^{2})$ Bound",
        "authors": ["Oğuzhan Yıldız", "José Núñez"],
        "abstract": (
            "We bound the error by $\\|x_{t}-\\hat{x}_t\\|_2 \\le C\\,T^{-1/2}$ for $0<t<T$, and "
            "choose $T$ with the $k$-nearest rule of run_steps. The $n$th step is dearest; "
            "$\\mathbf{x}_{i}*\\mathbf{y}_{i}$ and $\\{a_{1},\\dots,a_{n}\\}$ are kept. Code is at "
            "https://github.com/chatpaper-examples/step_budgets."
        ),
        "comment": "代码见https://github.com/chatpaper-examples/step_budgets。共 5 页",
    },
    {
        "file": "spatial-audit.pdf",
        "arxiv_id": "2611.00002v2",
        "title": 'Spatial Audits of A*-Like <Planners>: "Where" & Why_Not',
        "authors": ["Maren Köhler"],
        "abstract": (
            "Planners with 5 * 3 cells and 2 * 2 cells differ. See "
            "https://example.org/a_b_c (project page)."
        ),
        "comment": "12 pages; see https://example.org/a_b_c, https://gitlab.com/x/y",
    },
    {
        "file": "rubbing-restoration.pdf",
        "arxiv_id": "2611.00003v1",
        "title": "用小型扩散模型修补碑帖拓片",
        "authors": ["林 晚"],
        "abstract": "拓片中缺失的笔画由小模型补全，代码在https://github.com/chatpaper-examples/rubbing-restoration。",
        "comment": "",
    },
)


def write_sample(home: Path) -> Path:
    """Run chatpaper once for all formats; gives its output folder."""
    papers = _copy_papers(home)
    with FakeGemini() as gemini:
        return run_formats(home, papers, TOPIC, gemini)


def _copy_papers(home: Path) -> Path:
    papers = home / "papers"
    papers.mkdir(parents=True)
    for paper in PAPERS:
        shutil.copy(LIBRARY / str(paper["file"]), papers)
    (papers / "metadata.json").write_text(json.dumps(PAPERS), encoding="utf-8")
    return papers


def run_formats(home: Path, papers: Path, topic: str, gemini: FakeGemini) -> Path:
    """Run `chatpaper run` on a folder of papers in every format, and return the output folder.

    Raises RuntimeError with what the command said where it did not write its posts.
    """
    run_command(home, home, gemini, *_run_of(papers, topic), "--output", str(home / "posts"))
    return home / "posts"


def publish_sample(home: Path, site: Path, *more: str) -> None:
    """Run chatpaper for all formats in the folder of a site, with the settings that are there."""
    with FakeGemini() as gemini:
        run_command(home, site, gemini, *_run_of(_copy_papers(home), TOPIC), *more)


def _run_of(papers: Path, topic: str) -> list[str]:
    formats = [word for name in list_formats() for word in ("--format", name)]
    return ["run", "--topic", topic, "--source", str(papers), "--date", DATE, *formats]


def run_command(home: Path, folder: Path, gemini: FakeGemini | None, *arguments: str) -> None:
    """Run chatpaper in a folder, with the state below `home`. Raises RuntimeError if it fails."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CHATPAPER")
    } | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "CHATPAPER_STATE_DIR": str(home / "state"),
        "CHATPAPER_CACHE_DIR": str(home / "cache"),
        "CHATPAPER_BUDGET__MAX_PAPERS": "500",
        "GEMINI_API_KEY": VALID_KEY,
    }
    if gemini is not None:
        environment["CHATPAPER_LLM__BASE_URL"] = gemini.url
    done = subprocess.run(
        [sys.executable, "-m", "chatpaper", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        raise RuntimeError(f"chatpaper ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
