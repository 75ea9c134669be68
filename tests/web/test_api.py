"""The page for programs, served by the real command, with servers that play arXiv and Gemini."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.conftest import REPOSITORY
from tests.web.serving import ServedPage, serving_page

pytestmark = pytest.mark.web

COPY = REPOSITORY / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with serving_page(tmp_path_factory.mktemp("site")) as served:
        yield served


def get(site: ServedPage, path: str, **query: Any) -> httpx2.Response:
    return httpx2.get(f"{site.url}api/v1/{path}", params=query, timeout=60)


def post(site: ServedPage, path: str, **options: Any) -> httpx2.Response:
    return httpx2.post(f"{site.url}api/v1/{path}", timeout=60, **options)


def test_the_interface_describes_itself_as_its_copy_says(site: ServedPage) -> None:
    described = get(site, "openapi.json").json()
    assert described == json.loads(COPY.read_text("utf-8")), (
        "The interface has changed: `python -m tests.web.openapi` makes its copy again."
    )
    paths = described["paths"]
    assert set(paths) == {
        "/papers",
        "/papers/{paper}/summary",
        "/papers/{paper}/section",
        "/papers/{paper}/check",
        "/jobs/{job}",
    }
    for operations in paths.values():
        for operation in operations.values():
            assert operation["description"]
            assert all(each["description"] for each in operation["parameters"])


def test_papers_are_found_read_and_checked(site: ServedPage) -> None:
    found = get(site, "papers", words="step budgets").json()
    assert [paper["arxiv_id"] for paper in found["papers"]] == ["2611.00001"]
    summary = get(site, "papers/2611.00001/summary").json()
    assert summary["title"] == "Step Budgets for Diffusion Models"
    assert summary["evidence"]
    listed = get(site, "papers/2611.00001/section").json()["sections"]
    section = get(site, "papers/2611.00001/section", section=listed[0]["title"]).json()
    assert section["text"]
    assert "never instructions" in section["notice"]
    checked = post(
        site, "papers/2611.00001/check", json={"claim": "The budget is 40 steps, 97.31% of all."}
    ).json()
    assert checked["verdict"] == "not_supported"
    assert [claim["value"] for claim in checked["claims"] if not claim["supported"]] == ["97.31%"]


def test_errors_have_a_status_and_say_what_to_do(site: ServedPage) -> None:
    for path, query, status, words in (
        ("papers/nothing/summary", {}, 404, "There is no summary"),
        ("papers/2611.00001/section", {"section": "Dreams"}, 404, "there are:"),
        ("papers", {"topic": "NeRF"}, 404, "there are: Diffusion Models"),
        ("papers/..%2F..%2Fetc%2Fpasswd/section", {}, 404, "give an arXiv id"),
        ("jobs/1", {}, 404, "no such job"),
    ):
        refused = get(site, path, **query)
        assert (refused.status_code, words in refused.json()["detail"]) == (status, True), path
    assert get(site, "papers", offset=-1).status_code == 422
    assert post(site, "papers/2611.00001/check", json={"claim": "a" * 4001}).status_code == 422
    assert post(site, "papers/2611.00001/check", json={"claim": " "}).status_code == 400
    assert post(site, "papers/2611.00001/check", content=b"x" * 100_000).status_code == 413
    assert post(site, "papers/2611.00001/check", content=iter([b"{}"])).status_code == 413


def test_a_paper_is_summarized_in_the_queue_of_the_page(site: ServedPage) -> None:
    assert post(site, "papers/planted/summary").status_code == 400
    accepted = post(site, "papers/2611.00004/summary")
    assert accepted.status_code == 202
    job = accepted.json()["job"]
    for _ in range(600):
        status = get(site, f"jobs/{job}").json()
        if status["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    assert (status["state"], status["paper"]) == ("done", "2611.00004"), status
    assert get(site, "papers/2611.00004/summary").json()["title"] == "Shapes of Leaves"


def test_pages_of_other_sites_cannot_ask(site: ServedPage) -> None:
    foreign = {"origin": "https://evil.example"}
    assert post(site, "papers/2611.00001/summary", headers=foreign).status_code == 403
    assert httpx2.get(f"{site.url}api/v1/papers", headers=foreign).status_code == 403
