"""Rows of the table of faults for records of arXiv and the text of PDFs as they are."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from tests.benchmarks.fault_rows import RUN, Desk, Kind, Seen, counted, line_with
from tests.cli.conftest import TONIGHT, library_paper
from tests.cli.test_outputs import posted
from tests.extract.lettered import without_any_names
from tests.extract.test_caption_languages import paper_with
from tests.extract.test_garbled import document_with, with_exchanged_letters
from tests.extract.test_scan import PLOT, plotted_scan
from tests.fakes.arxiv_faults import Exchange

# --- records


UNREADABLE = "Another Diffusion Model"


def _without_title(exchange: Exchange) -> None:
    """Send an answer in which one entry lacks its title, wherever it stands."""
    content = exchange.reply.body.replace(f"<title>{UNREADABLE}</title>".encode(), b"")
    exchange.send(replace(exchange.reply, body=content))


def _unreadable(desk: Desk) -> Seen:
    desk.arxiv.papers.append(library_paper(desk.library, "leaf-shapes", 9, UNREADABLE))
    desk.arxiv.always(_without_title)
    done = desk.run(*RUN, TONIGHT, "--json")
    return Seen(counted(done.report), " ".join(done.report["topics"][0]["notes"]))


def _withdrawn(comment: str) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        desk.arxiv.papers[0] = replace(desk.arxiv.papers[0], comment=comment, pdf=None)
        done = desk.run(*RUN, TONIGHT, "--json")
        (record,) = [
            json.loads(path.read_bytes()) for path in (desk.posts / TONIGHT).glob("*.json")
        ]
        (paper,) = record["papers"]
        return Seen(f"{counted(done.report)}, from the abstract: {paper['abstract_only']}")

    return attempt


def _asked_for(reference: str) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        done = desk.run("summarize", reference, "--date", TONIGHT)
        return Seen(f"exit {done.exit_code}, {', '.join(posted(desk.posts / TONIGHT))}")

    return attempt


def _many_authors(desk: Desk) -> Seen:
    names = tuple(f"First{number} Last{number}" for number in range(3012))
    desk.arxiv.papers[0] = replace(desk.arxiv.papers[0], authors=names)
    desk.run(*RUN, TONIGHT)
    post = desk.posts / TONIGHT / "Diffusion_Models.md"
    (paper,) = json.loads(post.with_suffix(".json").read_bytes())["papers"]
    return Seen(
        f"{len(paper['authors'])} in the JSON",
        line_with(post.read_text("utf-8"), "等 3,012 人")[-27:],
    )


OF_ARXIV = (
    Kind(
        "arxiv",
        "unreadable entries",
        "an entry without a title",
        _unreadable,
        "1 published, 0 excluded, 0 failed",
        "without title; it is looked for again",
    ),
    *(
        Kind(
            "arxiv",
            "withdrawals",
            f"the comment “{comment}”",
            _withdrawn(comment),
            "1 published, 0 excluded, 0 failed, from the abstract: withdrawn",
        )
        for comment in (
            "We withdraw the paper until Lemma 2 is proved",
            "12 pages; withdrawn for further checks",
        )
    ),
    *(
        Kind("arxiv", "references", f"“{reference}”", _asked_for(reference), "exit 0, 2611.00001")
        for reference in (
            "https://doi.org/10.48550/arXiv.2611.00001",
            "Ho et al., 2026, arXiv:2611.00001v1 [cs.LG]",
            "（２６１１．００００１）",
        )
    ),
    Kind(
        "arxiv", "author lists", "3,012 authors", _many_authors, "3012 in the JSON", "等 3,012 人"
    ),
)

# --- the text of PDFs


def _read(change: Callable[..., None]) -> Callable[[Desk], Seen]:
    def attempt(desk: Desk) -> Seen:
        document = document_with(desk.home / "paper.pdf", change)
        return Seen(
            f"{len(document.sections)} sections, unread: {document.unread}",
            " ".join(document.warnings),
        )

    return attempt


def _scan(desk: Desk) -> Seen:
    figure = plotted_scan(desk.home / "scan.pdf").figures[0]
    is_whole = figure.bbox.width > PLOT.width - 6 and figure.bbox.height > PLOT.height - 6
    return Seen(f"{figure.label} is {'whole' if is_whole else 'cut'}")


def _captioned(printed: str) -> Callable[[Desk], Seen]:
    return lambda desk: Seen(
        ", ".join(
            chain.from_iterable(
                (found.label, found.caption) for found in paper_with(desk.home, printed).figures
            )
        )
    )


OF_TEXT = (
    Kind(
        "text",
        "no ToUnicode",
        "fonts without a map to Unicode",
        _read(without_any_names),
        "0 sections, unread: fonts",
        "have no meaning in the file",
    ),
    Kind(
        "text",
        "wrong ToUnicode",
        "fonts with a wrong map to Unicode",
        _read(with_exchanged_letters),
        "0 sections, unread: fonts",
        "have no meaning in the file",
    ),
    Kind("text", "OCR layer", "a scan with recognised words", _scan, "Figure 1 is whole"),
    *(
        Kind(
            "text",
            "hyphens in labels",
            f"“Figure 3”, {name}, “1: …”",
            _captioned(f"Figure 3{hyphen}1: The model."),
            "Figure 3-1, The model.",
        )
        for name, hyphen in (
            ("a hyphen that does not break", "\u2011"),
            ("a soft hyphen", "\u00ad"),
        )
    ),
    *(
        Kind("text", "caption languages", f"“{printed}”", _captioned(printed), done)
        for printed, done in (
            ("图 3-1 模型的总体结构", "图 3-1, 模型的总体结构"),
            ("図１．システムの構成", "図 1, システムの構成"),
            ("그림 2. 제안하는 모델", "그림 2, 제안하는 모델"),
            ("Abbildung 3: Aufbau des Modells", "Abbildung 3, Aufbau des Modells"),
            ("TABLEAU 2. — Les résultats", "Tableau 2, Les résultats"),
            ("Tabla 5. Resultados", "Tabla 5, Resultados"),
            ("Quadro 3 – Comparação", "Quadro 3, Comparação"),
            ("Рис. 2. Схема модели", "Рис. 2, Схема модели"),
            ("Tabella 1: Risultati", "Tabella 1, Risultati"),
        )
    ),
)
