"""Papers typeset by ourselves: how they are made, and that those kept here are read."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pymupdf
import pytest

from tests.benchmarks.benchmark_extraction import benchmark
from tests.benchmarks.faults_by_kind import FaultCounts
from tests.benchmarks.generated import make
from tests.benchmarks.generated.compiling import has_tex_live
from tests.benchmarks.generated.document import write_paper
from tests.benchmarks.generated.truth import find_ink, read_marks, turn_box
from tests.benchmarks.generated.variation import DocumentClass, load_classes

KEPT = Path(__file__).parent / "material" / "generated"
# What the dozen papers reach, less what one paper more or less may change.
LEAST_F1 = {
    "headings": 0.95,
    "figures": 0.9,
    "tables": 0.9,
    "captions": 0.95,
    "to the end": 0.9,
    "titles": 0.85,
    "abstracts": 0.85,
    "text": 0.9,
}
MOST_BYTES = 1_000_000
needs_tex_live = pytest.mark.skipif(
    not has_tex_live(), reason="needs TeX Live with all engines, which is not installed"
)


def test_the_papers_kept_here_are_read() -> None:
    scores = benchmark(KEPT, peer=False, scores_only=True).scores
    missed = {name: scores[name].f1 for name, least in LEAST_F1.items() if scores[name].f1 < least}
    assert scores["figures"].true > 20
    assert scores["tables"].true > 10
    assert missed == {}


def test_a_dozen_small_papers_are_kept() -> None:
    sizes = [path.stat().st_size for path in KEPT.glob("pdf/*.pdf")]
    assert len(sizes) == len(list(KEPT.glob("truth/*.json"))) == 12
    assert sum(sizes) < MOST_BYTES


def test_the_same_seed_writes_the_same_paper(tmp_path: Path) -> None:
    article = load_classes()["article"]
    first, second, other = (
        write_paper("paper", article, Random(seed), tmp_path) for seed in ("1", "1", "2")
    )
    assert first == second
    assert first[0] != other[0]


def test_every_class_is_used_as_often_and_those_of_the_judging_set_only_there() -> None:
    field = Counter(make.choose_classes(1, 300, judging=False, names=()))
    judging = set(make.choose_classes(2, 200, judging=True, names=()))
    assert len(field) >= 40
    assert max(field.values()) - min(field.values()) <= 1
    assert {name for name in judging if load_classes()[name].in_judging_set} == judging - set(field)
    assert len(judging - set(field)) == 5


def test_places_are_read_in_points(tmp_path: Path) -> None:
    notes = tmp_path / "paper.truth"
    notes.write_text(
        "box f1 2 4736287 9472574 4736287 473629 0\nlabel f1 2 II\norigin f1 2 0 0\n", "utf-8"
    )
    marks = read_marks(notes)
    page, box = marks.boxes["f1"]
    assert page == 2
    assert box == pytest.approx((72, 144, 144, 151.2), abs=0.01)
    assert marks.labels == {"f1": (2, "II")}


def test_a_box_is_turned_against_the_clock() -> None:
    assert turn_box((10, 0, 30, 5), (0, 0)) == (-5, 10, 0, 30)


def test_a_box_is_shrunk_to_its_ink() -> None:
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=200, height=100)
        page.draw_rect((50, 20, 80, 40), fill=(0, 0, 0), width=0)
        assert find_ink(page, (30, 10, 120, 95)) == pytest.approx([50, 20, 80, 40], abs=0.4)


@needs_tex_live
def test_a_paper_is_made_twice_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        arguments = ["--seed", "7", "--count", "1", "--class", "article"]
        assert make.main([*arguments, "--out", str(tmp_path / name)]) == 0
    one, two = ([*(tmp_path / name).glob("*/*")] for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@needs_tex_live
def test_boxes_that_tex_wrote_are_where_the_figures_are(tmp_path: Path) -> None:
    arguments = ["--seed", "8", "--count", "2", "--class", "article", "--class", "IEEEtran"]
    assert make.main([*arguments, "--out", str(tmp_path)]) == 0
    for path in (tmp_path / "truth").glob("*.json"):
        truth = json.loads(path.read_text("utf-8"))
        with pymupdf.open(tmp_path / "pdf" / f"{path.stem}.pdf") as pdf:
            for each in (*truth["figures"], *truth["tables"]):
                words = pdf[each["page"] - 1].get_text(clip=pymupdf.Rect(each["bbox"]))
                assert each["caption"][:20] not in " ".join(words.split())
            assert truth["sections"][0]["title"].lower() in pdf[0].get_text().lower()


@needs_tex_live
def test_a_paper_that_latex_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make, "load_classes", lambda: {"nowhere": DocumentClass("nowhere")})
    assert make.main(["--count", "1", "--class", "nowhere", "--out", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "`nowhere.cls' not found" in captured.err
    assert captured.out == "0 papers made, 1 refused\n"
    assert (tmp_path / "001-001-nowhere.tex").is_file()


def test_kinds_that_are_misread_more_than_usual_come_first() -> None:
    counts = FaultCounts()
    counts.add("figures", ("wrapped",), true=10, misread=6)
    counts.add("figures", ("full width",), true=90, misread=4)
    lines = [line.split() for line in counts.list_worst()]
    assert lines[1] == ["figures", "wrapped", "10", "6", "0.60", "0.10"]
    assert lines[2][:3] == ["figures", "full", "width"]
