"""Define the Python API: what `import chatpaper` offers to other programs.

Each function takes the settings of `load_settings`; without them it reads `./chatpaper.toml` and
the environment, as the commands do.
"""

import tempfile
from datetime import date
from pathlib import Path

from chatpaper.app import container, publishing
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.check_report import CheckReport
from chatpaper.app.models.summarizers import build_summarizer, open_backends
from chatpaper.app.paper_lookup import load_document, resolve_paper
from chatpaper.app.settings import Settings, load_settings
from chatpaper.domain import Document, Summary
from chatpaper.fetch.paper_reference import parse_reference
from chatpaper.pipeline.documents import LoadedDocument
from chatpaper.storage.search_index import SearchHit
from chatpaper.storage.store import Store
from chatpaper.summarize.verify.examiner import verify_text


def extract(
    pdf: Path | str, images: Path | str | None = None, *, settings: Settings | None = None
) -> Document:
    """Read a PDF: its title, abstract, sections, figures and tables.

    The file is parsed in a process of its own, under the limits of time and memory of the settings;
    a script that calls this needs `if __name__ == "__main__":`. Images of figures, as PNG files,
    are written to the folder `images` where one is given.

    Raises ExtractError where the file cannot be read.
    """
    with container.build_extractor(settings or load_settings(None, {}), 1) as workers:
        if images is not None:
            return workers.extract(Path(pdf), Path(images))
        with tempfile.TemporaryDirectory() as folder:
            return workers.extract(Path(pdf), Path(folder, "images"))


def check(text: str, paper: Path | str, *, settings: Settings | None = None) -> CheckReport:
    """Check the numbers, the names in Latin script and the quotations of a text against a paper.

    `text` is Markdown, plain text, or the JSON beside a post. `paper` is a PDF file, the URL of
    one, or an arXiv id or URL. No model is asked; a paper of arXiv is downloaded once.

    Raises FetchError where the paper cannot be downloaded, ExtractError where its PDF cannot be
    read.
    """
    chosen = settings or load_settings(None, {})
    reading = read_reference(paper, chosen, ArxivClients(chosen))
    return CheckReport(verify_text(text, reading.document, reading.paper))


def summarize(
    paper: Path | str, fields: tuple[str, ...] = (), *, settings: Settings | None = None
) -> Summary:
    """Have the model of the settings summarize a paper, and check its answers against the paper.

    `paper` is a PDF file, the URL of one, or an arXiv id or URL. `fields` names the answers to ask
    for, e.g. `("title", "summary")`; by default they are those of the formats of the settings. No
    post is written. Calls count towards the budget of the settings, and completions are cached:
    the same request is not paid for twice.

    Raises ConfigError for a wrong setting or an unknown field, FetchError or ExtractError where the
    paper cannot be read, BackendError where the model gives no usable answer.
    """
    chosen = settings or load_settings(None, {})
    wanted = fields or publishing.list_asked_fields(
        publishing.load_formats(chosen, chosen.run.formats)
    )
    arxiv = ArxivClients(chosen)
    with Store(chosen.state_dir) as store:
        calls = container.start_single_calls(chosen, store)
        summarizer = build_summarizer(chosen, open_backends(chosen), calls)
        reading = read_reference(paper, chosen, arxiv)
        return summarizer.summarize(reading.paper, reading.document, wanted)


def search(
    words: str,
    topic: str | None = None,
    since: date | None = None,
    until: date | None = None,
    *,
    settings: Settings | None = None,
) -> tuple[SearchHit, ...]:
    """Search the titles and summaries of published papers, the newest first.

    All words must match, as beginnings of words; without words, all papers do. `topic` limits the
    search to one topic, `since` and `until` to the dates of posts, both included.
    """
    chosen = settings or load_settings(None, {})
    with Store(chosen.state_dir) as store:
        topics = () if topic is None else (topic,)
        return store.search_index.find(words, topics, since, until)


def read_reference(paper: Path | str, settings: Settings, arxiv: ArxivClients) -> LoadedDocument:
    """Find the paper that a reference names, download its PDF where needed, and read it."""
    candidate = resolve_paper(parse_reference(str(paper)), arxiv)
    with container.build_extractor(settings, 1) as workers:
        return load_document(candidate, settings, arxiv, workers)
