"""The fake arXiv holds to what is known of the real one, so that what passes here passes there."""

import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import arxiv
import pytest

from chatpaper.domain import ArxivId
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import error_entry, html_page, status
from tests.fakes.arxiv_feed import BadQueryError, FakePaper, matcher
from tests.fakes.arxiv_papers import SAMPLE_PAPERS

ROOT = Path(__file__).parents[2]
ATOM = "{http://www.w3.org/2005/Atom}"
PAPER = FakePaper(
    "2407.00001",
    "Few-shot Diffusion Models",
    "We learn to paint organs.",
    ("Ada Lovelace",),
    published=datetime(2024, 7, 25, 15, 30, tzinfo=UTC),
    categories=("cs.CV", "eess.IV"),
    comment="ICLR 2024",
)


def asked(server: FakeArxiv, query: str) -> tuple[int, ElementTree.Element]:
    try:
        with urllib.request.urlopen(f"{server.api_url}?{query}", timeout=5) as response:
            return response.status, ElementTree.fromstring(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ElementTree.fromstring(
                error.read() if "xml" in error.headers["Content-Type"] else "<html/>"
            )


def test_the_arxiv_package_reads_every_field_unaided(arxiv_server: FakeArxiv) -> None:
    client = arxiv.Client(page_size=2, delay_seconds=0, num_retries=0)
    client.query_url_format = arxiv_server.api_url + "?{}"
    with client._session:
        found = list(client.results(arxiv.Search("all:diffusion", max_results=None)))
    assert [each.get_short_id() for each in found] == [paper.idv for paper in SAMPLE_PAPERS]
    assert found[2].title.startswith("LPGen")
    assert found[1].comment == "Published as a conference paper at ICLR 2024"
    assert found[0].categories == ["cs.CV", "cs.LG"]
    assert found[0].pdf_url == "https://arxiv.org/pdf/2407.18125v1"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('ti:"diffusion model"', True),
        ('ti:"few shot"', True),
        ('abs:"diffusion model"', False),
        ('all:"diffusion model"', True),
        ("diffusion", True),
        ("nothing diffusion", True),
        ('"shot few"', False),
        ("abs:organ", True),
        ("abs:gan", False),
        ("au:lovelace", True),
        ("co:iclr", True),
        ("cat:eess.IV", True),
        ("cat:cs.*", True),
        ("cat:cs.LG", False),
        ("ti:diffusion AND cat:cs.LG", False),
        ("ti:diffusion ANDNOT abs:organ", False),
        ("ti:nothing OR ti:diffusion AND cat:cs.CV", True),
        ("(ti:nothing OR ti:diffusion) AND cat:cs.LG", False),
        ("submittedDate:[202407251530 TO 202407251530]", True),
        ("submittedDate:[202407251531 TO 202407260000]", False),
        ("submittedDate:[2024 TO 2024]", True),
        ("ti:diffusion AND submittedDate:[20240701 TO 20240724]", False),
    ],
)
def test_queries_mean_what_they_mean_to_arxiv(query: str, expected: bool) -> None:
    assert matcher(query)(PAPER) is expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("(ti:a", 400),
        ("ti:a)", 400),
        ("ti:a AND", 400),
        ("nofield:a", 400),
        ("submittedDate:[yesterday TO today]", 500),
        ("submittedDate:[20240101 to 20240102]", 500),
    ],
)
def test_what_arxiv_cannot_read_is_refused(query: str, code: int) -> None:
    with pytest.raises(BadQueryError) as caught:
        matcher(query)
    assert caught.value.status == code


def test_a_bad_id_gives_a_400_with_a_feed_that_holds_the_error(arxiv_server: FakeArxiv) -> None:
    code, feed = asked(arxiv_server, "id_list=abc")
    assert code == 400
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "Error"
    assert feed.findtext(f"{ATOM}entry/{ATOM}summary") == "incorrect id format for abc"


def test_an_unknown_id_gives_an_empty_feed(arxiv_server: FakeArxiv) -> None:
    code, feed = asked(arxiv_server, "id_list=2407.99999")
    assert code == 200
    assert feed.findtext("{http://a9.com/-/spec/opensearch/1.1/}totalResults") == "0"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 400),
        ("search_query=&start=0", 400),
        ("search_query=a&max_results=0", 500),
        ("search_query=a&start=10000", 500),
    ],
)
def test_what_the_service_breaks_on_breaks_the_fake_too(
    arxiv_server: FakeArxiv, query: str, code: int
) -> None:
    assert asked(arxiv_server, query)[0] == code


def test_a_file_name_of_a_pdf_is_redirected_to_its_address(arxiv_server: FakeArxiv) -> None:
    with urllib.request.urlopen(f"{arxiv_server.url}/pdf/2407.18125v1.pdf", timeout=5) as response:
        assert response.url.endswith("/pdf/2407.18125v1")
        assert "Content-Length" not in response.headers
        assert response.read() == SAMPLE_PAPERS[0].pdf


def test_faults_are_played_once_each_by_path_and_can_be_healed(arxiv_server: FakeArxiv) -> None:
    arxiv_server.script(status(503), error_entry())
    arxiv_server.always(html_page(404), path="/abs")
    assert [asked(arxiv_server, "search_query=diffusion")[0] for _ in range(3)] == [503, 200, 200]
    for _ in range(2):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{arxiv_server.url}/abs/2407.18125v1", timeout=5)
        caught.value.close()
    arxiv_server.heal()
    with urllib.request.urlopen(f"{arxiv_server.url}/abs/2407.18125v1", timeout=5) as response:
        assert response.status == 200
    assert arxiv_server.count() == 6


def test_the_server_runs_by_itself_with_the_example_library() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.fakes.arxiv",
        "--port",
        "0",
        "--library",
        "examples/library",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            site_url = line.rpartition(" = ")[2].strip()
            with ThrottledSession(delay_seconds=0, max_attempts=1) as session:
                api = ArxivApi(session, api_url=f"{site_url}/api/query", site_url=site_url)
                assert api.by_id(ArxivId("2611.00001")).title
        finally:
            server.terminate()
