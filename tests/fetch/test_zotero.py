"""Zotero libraries, read by its client library from a server that speaks its API."""

import re

import pytest

from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.domain.ranking import LibraryPaper
from chatpaper.fetch.libraries.zotero import ZoteroLibrary, read_zotero
from tests.fakes.loopback import Reply
from tests.fakes.zotero import FakeZotero, item

ITEMS = [
    item("AAAA0001", "Step  Budgets", abstractNote="We find\nsteps.", archiveID="arXiv:2611.00001"),
    item("AAAA0002", "Nets", DOI="10.48550/arXiv.2006.11239", extra="Citation Key: nets"),
    item("AAAA0003", "A Page", itemType="webpage", url="https://example.org/2006.11239"),
    item("AAAA0004", "Full Text", itemType="attachment"),
    item("AAAA0005", "", itemType="note"),
]


def test_the_papers_of_a_library_come_with_abstracts_and_arxiv_ids() -> None:
    with FakeZotero({"users/42": ITEMS}, key="secret") as server:
        library = ZoteroLibrary("42", api_key="secret", base_url=server.url)
        assert read_zotero(library) == (
            LibraryPaper("Step Budgets", "We find steps.", "2611.00001"),
            LibraryPaper("Nets", "", "2006.11239"),
            LibraryPaper("A Page"),
        )
        assert {request.headers["zotero-api-version"] for request in server.requests} == {"3"}


def test_all_pages_of_a_group_are_read() -> None:
    many = [item(f"AAAA{number:04d}", f"Paper {number}") for number in range(250)]
    with FakeZotero({"groups/7": many}) as server:
        papers = read_zotero(ZoteroLibrary("7", "group", base_url=server.url))
    assert [paper.title for paper in papers] == [f"Paper {number}" for number in range(250)]


def test_a_collection_is_read_alone() -> None:
    with FakeZotero({"users/42": ITEMS}, {"COLL0001": ["AAAA0002"]}) as server:
        papers = read_zotero(ZoteroLibrary("42", collection="COLL0001", base_url=server.url))
    assert [paper.title for paper in papers] == ["Nets"]


@pytest.mark.parametrize(
    ("library", "complaint"),
    [
        (ZoteroLibrary("42", api_key="wrong"), "set profile.zotero.api_key"),
        (ZoteroLibrary("43", api_key="secret"), "has no library 43"),
        (ZoteroLibrary("42", api_key="secret", collection="NONE"), "no such collection"),
    ],
)
def test_what_only_the_settings_can_mend_names_them(library: ZoteroLibrary, complaint: str) -> None:
    with FakeZotero({"users/42": ITEMS}, key="secret") as server:
        there = ZoteroLibrary(
            library.library_id, "user", library.api_key, library.collection, server.url
        )
        with pytest.raises(ConfigError, match=re.escape(complaint)) as raised:
            read_zotero(there)
    assert "secret" not in str(raised.value)


def test_a_zotero_that_is_not_there_is_a_fault_upstream() -> None:
    with FakeZotero({}) as server:
        gone = server.url
    with pytest.raises(UpstreamError, match="Zotero did not give the library 42"):
        read_zotero(ZoteroLibrary("42", base_url=gone))


def test_a_zotero_that_fails_is_a_fault_upstream() -> None:
    with FakeZotero({"users/42": ITEMS}) as server:
        server.failing = Reply(500, b"no", media_type="text/plain")
        with pytest.raises(UpstreamError, match="Zotero did not give the library 42"):
            read_zotero(ZoteroLibrary("42", base_url=server.url))
