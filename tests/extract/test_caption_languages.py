"""Captions in the languages that most papers are written in, with the labels of their tools."""

from pathlib import Path

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.layout.caption_labels import find_mark, match_label, normalize_label
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page

# The one built-in font with Latin, Cyrillic, Chinese, Japanese and Korean letters.
ANY_SCRIPT = "china-s"


def paper_with(folder: Path, *captions: str, mention: str = "") -> Document:
    """Draw a paper with a plot and these lines below it, in larger type than the text."""

    def page(paper: PaperPage) -> None:
        paper.plot(RIGHT_COLUMN[0], 80, RIGHT_COLUMN[1], 200)
        for index, caption in enumerate(captions):
            paper.text(RIGHT_COLUMN[0], 214 + 14 * index, caption, 10.8, ANY_SCRIPT)
        paper.prose(RIGHT_COLUMN, 280, 30)
        below = paper.prose(LEFT_COLUMN, 72, 20)
        if mention:
            paper.text(LEFT_COLUMN[0] + 10, below + 22, mention, 10, ANY_SCRIPT)
        paper.prose(LEFT_COLUMN, below + 28, 15)

    return read_document(draw(folder / "paper.pdf", page, text_page), None)


@pytest.mark.parametrize(
    ("printed", "label", "kind", "text"),
    [
        ("Figure 3: The model.", "Figure 3", "figure", "The model."),
        ("图 3-1 模型的总体结构", "图 3-1", "figure", "模型的总体结构"),
        ("图3－1　模型的总体结构", "图 3-1", "figure", "模型的总体结构"),
        ("表 2.4：各模型的结果", "表 2.4", "table", "各模型的结果"),
        ("图 三 模型的总体结构", "图 三", "figure", "模型的总体结构"),
        ("附图 2 实验装置", "附图 2", "figure", "实验装置"),
        ("図１．システムの構成", "図 1", "figure", "システムの構成"),
        ("表３　実験の結果", "表 3", "table", "実験の結果"),
        ("그림 2. 제안하는 모델", "그림 2", "figure", "제안하는 모델"),
        ("<그림 2> 제안하는 모델", "그림 2", "figure", "제안하는 모델"),
        ("〈표 4〉 실험 결과", "표 4", "table", "실험 결과"),
        ("Abbildung 3: Aufbau des Modells", "Abbildung 3", "figure", "Aufbau des Modells"),
        ("Abb. 2–4. Aufbau des Modells", "Abb. 2–4", "figure", "Aufbau des Modells"),
        ("Tabelle 2: Ergebnisse", "Tabelle 2", "table", "Ergebnisse"),
        ("Tab. 2. Ergebnisse", "Table 2", "table", "Ergebnisse"),
        ("TABLEAU 2. — Les résultats", "Tableau 2", "table", "Les résultats"),
        ("Figure 4 – Le modèle", "Figure 4", "figure", "Le modèle"),
        ("Figura 1. El modelo propuesto", "Figura 1", "figure", "El modelo propuesto"),
        ("Tabla 5. Resultados", "Tabla 5", "table", "Resultados"),
        ("Cuadro 5. Resultados", "Cuadro 5", "table", "Resultados"),
        ("Tabela 3 – Resultados dos modelos", "Tabela 3", "table", "Resultados dos modelos"),
        ("Quadro 3 – Comparação", "Quadro 3", "table", "Comparação"),
        ("Рисунок 3 – Схема модели", "Рисунок 3", "figure", "Схема модели"),
        ("Рис. 2. Схема модели", "Рис. 2", "figure", "Схема модели"),
        ("Таблица 1. Результаты", "Таблица 1", "table", "Результаты"),
        ("Табл. 1. Результаты", "Табл. 1", "table", "Результаты"),
        ("Tabella 1: Risultati", "Tabella 1", "table", "Risultati"),
        ("Figure 3\u20111: The model.", "Figure 3-1", "figure", "The model."),
        ("Figure 3\u00ad1: The model.", "Figure 3-1", "figure", "The model."),
        ("Table S1. Scores", "Table S1", "table", "Scores"),
        ("Figure A.1. The model.", "Figure A.1", "figure", "The model."),
        ("Fig 3a. The model.", "Figure 3a", "figure", "The model."),
    ],
)
def test_captions_are_found_in_many_languages(
    tmp_path: Path, printed: str, label: str, kind: str, text: str
) -> None:
    document = paper_with(tmp_path, printed)

    (figure,) = document.figures
    assert (figure.label, figure.kind, figure.caption) == (label, kind, text)
    assert not any(section.title for section in document.sections)


@pytest.mark.parametrize(
    "printed", ["그림 2. 제안하는 모델", "図 3　構成", "Рис. 2. Схема", "Abb. 3. Aufbau"]
)
def test_captions_without_a_picture_are_no_headings(tmp_path: Path, printed: str) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(RIGHT_COLUMN, 72, 45)
        below = paper.prose(LEFT_COLUMN, 72, 20)
        paper.text(LEFT_COLUMN[0], below + 22, printed, 13, ANY_SCRIPT)
        paper.prose(LEFT_COLUMN, below + 34, 15)

    document = read_document(draw(tmp_path / "paper.pdf", page, text_page), None)

    assert not any(section.title for section in document.sections)


@pytest.mark.parametrize(
    ("caption", "mention"),
    [
        ("Abb. 3: Aufbau", "Abb. 3 zeigt den Aufbau des Modells in allen Teilen."),
        ("Abb. 3: Aufbau", "siehe Abb. 3: dort steht der Aufbau des Modells."),
        ("図1：システムの構成", "図1に示すように，提案するシステムは三つの部分から成る。"),
        ("그림 2. 제안하는 모델", "그림 2는 제안하는 모델의 전체 구조를 보여준다."),
        ("Рис. 2. Схема модели", "Рис. 2 показывает схему модели во всех частях."),
        ("Figura 1. El modelo", "Figura 1 muestra el modelo en todas sus partes."),
    ],
)
def test_mentions_in_the_text_are_no_captions(tmp_path: Path, caption: str, mention: str) -> None:
    document = paper_with(tmp_path, caption, mention=mention)

    assert len(document.figures) == 1
    assert document.figures[0].bbox.x0 >= RIGHT_COLUMN[0] - 5


@pytest.mark.parametrize(
    ("first", "second", "label", "caption"),
    [
        ("图 1 模型结构", "Fig. 1 Model structure", "图 1", "模型结构 / Model structure"),
        (
            "图 3-1 模型的总体结构",
            "Figure 3-1. The whole model",
            "图 3-1",
            "模型的总体结构 / The whole model",
        ),
        (
            "Рис. 2. Схема модели",
            "Fig. 2. Scheme of the model",
            "Рис. 2",
            "Схема модели / Scheme of the model",
        ),
        ("Figura 1: O modelo", "Figure 1: The model", "Figura 1", "O modelo / The model"),
    ],
)
def test_captions_in_two_languages_are_of_one_figure(
    tmp_path: Path, first: str, second: str, label: str, caption: str
) -> None:
    document = paper_with(tmp_path, first, second)

    (figure,) = document.figures
    assert (figure.label, figure.caption) == (label, caption)
    assert figure.bbox.y1 <= 204


@pytest.mark.parametrize(
    "hostile",
    ["图 " * 50_000, "Fig" + " " * 100_000, "Fig. 1" + "-1" * 50_000, "Fig. 1" + "." * 100_000],
)
def test_labels_are_looked_for_in_proportion_to_the_text(hostile: str) -> None:
    match = match_label(hostile)

    assert match is None or len(match[0]) < 100


def test_a_label_in_brackets_is_set_off_by_them() -> None:
    match = match_label("[Figure 1] The model")

    assert match is not None
    assert (normalize_label(match), find_mark(match)) == ("Figure 1", "[")
    assert match_label("[Figure 1 about here]") is None
