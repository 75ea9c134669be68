"""PDFs: checked, whole, kept for ever."""

from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.domain.errors import (
    ConfigError,
    FetchError,
    PdfUnavailableError,
    UpstreamError,
)
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.pdf_cache import PdfCache
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import (
    Fault,
    body,
    broken_chunks,
    html_page,
    redirect,
    reset,
    status,
    wrong_content_length,
)
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_papers import tiny_pdf

PAPER = Paper("2407.18125", "A title", version=1)
WHOLE = tiny_pdf("Whole", "text")


@pytest.fixture
def cache(tmp_path: Path, session: ThrottledSession, arxiv_server: FakeArxiv) -> PdfCache:
    return PdfCache(tmp_path / "cache", session, arxiv_server.url)


def leftovers(path: Path) -> list[Path]:
    return [each for each in path.rglob("*") if each.is_file()]


def test_a_pdf_is_fetched_once_and_kept_under_id_and_version(
    cache: PdfCache, arxiv_server: FakeArxiv, tmp_path: Path
) -> None:
    path = cache.fetch(PAPER)
    assert path == cache.fetch(PAPER) == tmp_path / "cache/pdf/2407.18125v1.pdf"
    assert path.read_bytes() == arxiv_server.papers[0].pdf
    assert arxiv_server.count() == 1
    assert leftovers(tmp_path) == [path]


def test_an_old_id_makes_a_flat_file_name(cache: PdfCache, arxiv_server: FakeArxiv) -> None:
    arxiv_server.papers = [FakePaper("hep-th/9901001", "Old", pdf=WHOLE)]
    path = cache.fetch(Paper("hep-th/9901001", "Old", version=1))
    assert path.name == "hep-th9901001v1.pdf"
    assert arxiv_server.requests[0].path == "/pdf/hep-th/9901001v1"


def test_the_latest_version_is_fetched_anew_since_it_changes(
    cache: PdfCache, arxiv_server: FakeArxiv
) -> None:
    latest = Paper("2407.18125", "A title")
    assert cache.fetch(latest) == cache.fetch(latest)
    assert arxiv_server.count() == 2


def test_a_paper_without_a_pdf_is_unavailable_at_once(
    cache: PdfCache, arxiv_server: FakeArxiv, tmp_path: Path
) -> None:
    with pytest.raises(PdfUnavailableError, match="no PDF at") as caught:
        cache.fetch(Paper("2407.99999", "None", version=1))
    assert caught.value.status == 404
    assert arxiv_server.count() == 1
    assert leftovers(tmp_path) == []


def test_a_withdrawn_paper_is_not_asked_for(cache: PdfCache, arxiv_server: FakeArxiv) -> None:
    with pytest.raises(PdfUnavailableError, match="withdrawn"):
        cache.fetch(Paper("2407.18125", "Gone", version=2, withdrawn=True))
    assert arxiv_server.count() == 0


def test_a_web_page_in_place_of_a_pdf_is_asked_twice(
    cache: PdfCache, arxiv_server: FakeArxiv, tmp_path: Path
) -> None:
    arxiv_server.always(html_page(), path="/pdf/")
    with pytest.raises(PdfUnavailableError, match="web page"):
        cache.fetch(PAPER)
    assert arxiv_server.count() == 2
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name)
        for name, fault in {
            "web page": html_page(),
            "429": status(429),
            "503": status(503),
            "reset": reset(),
            "wrong length": wrong_content_length(),
            "broken chunks": broken_chunks(),
            "breaks off": body(WHOLE[:300]),
            "empty": body(b""),
        }.items()
    ],
)
def test_a_passing_fault_leaves_the_whole_pdf(
    cache: PdfCache, arxiv_server: FakeArxiv, fault: Fault
) -> None:
    arxiv_server.script(fault, path="/pdf/")
    assert cache.fetch(PAPER).read_bytes() == arxiv_server.papers[0].pdf


@pytest.mark.parametrize(
    "fault", [status(429), status(503), status(403), reset(), wrong_content_length()]
)
def test_a_lasting_fault_is_one_of_the_site_and_not_of_the_paper(
    cache: PdfCache, arxiv_server: FakeArxiv, fault: Fault, tmp_path: Path
) -> None:
    arxiv_server.always(fault, path="/pdf/")
    with pytest.raises(UpstreamError):
        cache.fetch(PAPER)
    assert leftovers(tmp_path) == []


def test_a_pdf_without_its_end_mark_is_taken_when_it_comes_twice_the_same(
    cache: PdfCache, arxiv_server: FakeArxiv
) -> None:
    unmarked = WHOLE.replace(b"%%EOF", b"")
    arxiv_server.always(body(unmarked), path="/pdf/")
    assert cache.fetch(PAPER).read_bytes() == unmarked
    assert arxiv_server.count() == 2


def test_a_damaged_file_in_the_cache_is_fetched_again(
    cache: PdfCache, arxiv_server: FakeArxiv
) -> None:
    path = cache.path_of(PAPER)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert cache.fetch(PAPER).read_bytes() == arxiv_server.papers[0].pdf


def test_a_pdf_larger_than_the_limit_is_unavailable(
    arxiv_server: FakeArxiv, session: ThrottledSession, tmp_path: Path
) -> None:
    with pytest.raises(PdfUnavailableError, match="larger than"):
        PdfCache(tmp_path, session, arxiv_server.url, max_bytes=100).fetch(PAPER)
    assert leftovers(tmp_path) == []


def test_a_cache_that_cannot_be_written_is_said_before_anything_is_fetched(
    session: ThrottledSession, arxiv_server: FakeArxiv, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="cache_dir"):
        PdfCache(tmp_path / "cache", session, arxiv_server.url).fetch(PAPER)
    assert arxiv_server.count() == 0


def test_any_url_is_cached_under_a_name_of_its_own(
    cache: PdfCache, arxiv_server: FakeArxiv
) -> None:
    url = f"{arxiv_server.url}/pdf/2407.17571v1"
    path = cache.fetch_url(url)
    assert path == cache.fetch_url(url)
    assert path != cache.fetch_url(f"{url}?download=1")
    assert path.read_bytes() == arxiv_server.papers[1].pdf
    assert arxiv_server.count() == 2


def test_redirects_are_followed(cache: PdfCache, arxiv_server: FakeArxiv) -> None:
    arxiv_server.script(redirect("/pdf/2407.17571v1"), path="/elsewhere")
    assert (
        cache.fetch_url(f"{arxiv_server.url}/elsewhere").read_bytes() == arxiv_server.papers[1].pdf
    )


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/a.pdf", "gopher://127.0.0.1"]
)
def test_only_web_addresses_are_fetched(cache: PdfCache, url: str) -> None:
    with pytest.raises(FetchError, match="only http and https"):
        cache.fetch_url(url)
