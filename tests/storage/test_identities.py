"""Keys of papers by their contents, and names of files that no two subjects share."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.text.folding import fold_file_name
from chatpaper.pipeline.post_names import Outputs
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from chatpaper.write.post_paths import Subject

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 22)


def legacy_entry(store: Store, key: str, images: str | None, source: str = "file") -> None:
    """Store a paper as an earlier release did."""
    record = json.dumps({"paper": {"source": source}, "images": images})
    with store.database.transaction() as connection:
        connection.execute("INSERT INTO entries VALUES ('', ?, '1', ?)", (key, record))
    store.outcomes.record([Outcome(None, key, None, "published", post_date=TONIGHT)], [], NOW)


def test_contents_keep_their_key_whatever_the_file_is_called(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        identities = store.identities
        assert identities.assign_key(A, "paper", "/a/paper.pdf") == "paper"
        assert identities.assign_key(B, "paper", "/b/paper.pdf") == "paper-bbbbbbbb"
        assert identities.assign_key(A, "other", "/a/other.pdf") == "paper"
        assert identities.assign_key(B, "paper", "/a/paper.pdf") == "paper-bbbbbbbb"
        assert (identities.is_other("paper", B), identities.is_other("paper", A)) == (True, False)


def test_papers_are_found_by_the_names_of_their_files(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        identities = store.identities
        newer = identities.assign_key(A, "2407.18125v2", "/a.pdf")
        plain = identities.assign_key(B, "2407.18125", "/b.pdf")
        identities.assign_key(C, "2407.18125v2-notes", "/c.pdf")
        assert identities.list_keys("2407.18125") == (plain, newer)
        assert identities.list_keys("2407.18125v2") == (newer,)
        assert identities.list_keys("2407") == ()
        assert identities.list_keys("*") == ()


@pytest.mark.parametrize(
    "stem", ["2407.18125", "2407.18125v2", "arXiv:2407.18125", "ARXIV 2407.18125"]
)
def test_a_stem_that_may_be_an_id_of_arxiv_is_no_key(tmp_path: Path, stem: str) -> None:
    with Store(tmp_path) as store:
        key = store.identities.assign_key(A, stem, f"/{stem}.pdf")
    assert key.startswith(stem)
    assert key.endswith("aaaaaaaa") or " " in stem


def test_what_an_earlier_version_read_is_the_same_paper(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        legacy_entry(store, "paper", f"/cache/documents/{A[:32]}-7")
        legacy_entry(store, "abstract", None)
        legacy_entry(store, "record", f"/cache/documents/{C[:32]}-7", source="arxiv")
        identities = store.identities
        assert identities.assign_key(B, "paper", "/paper.pdf") == "paper-bbbbbbbb"
        assert identities.assign_key(A, "paper", "/paper.pdf") == "paper"
        assert identities.assign_key(C, "record", "/record.pdf") == "record-cccccccc"


@pytest.mark.parametrize(
    ("pdf", "expected"), [("/x/paper.pdf", "paper"), ("/y/paper.pdf", "paper-aaaaaaaa")]
)
def test_what_waits_from_an_earlier_version_is_that_very_file(
    tmp_path: Path, pdf: str, expected: str
) -> None:
    with Store(tmp_path) as store:
        store.records.save(
            "paper", None, json.dumps({"paper": {"source": "file"}, "pdf": "/x/paper.pdf"})
        )
        assert store.identities.assign_key(A, "paper", pdf) == expected


def test_an_address_hands_its_key_to_what_is_fetched_from_it(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        identities = store.identities
        first, second = (f"https://example.org/pdf?id={number}" for number in (1, 2))
        key, other = (
            identities.assign_key_by_address(first, "pdf"),
            identities.assign_key_by_address(second, "pdf"),
        )
        assert (key, other.startswith("pdf-"), identities.assign_key_by_address(first, "pdf")) == (
            "pdf",
            True,
            key,
        )
        assert identities.assign_key(A, "pdf", first) == key
        assert identities.assign_key(A, "pdf", second) == key
        assert identities.assign_key(B, "pdf", second) == other


NAMES = st.text(
    alphabet=st.sampled_from("aA bB_/.:é") | st.characters(codec="utf-8"), min_size=1, max_size=6
) | st.sampled_from(["x.card", "x.new", "con", "K" * 300, "K" * 299 + "L", "é", "e\u0301"])


@given(st.lists(st.tuples(st.booleans(), NAMES), unique=True, max_size=12))
def test_no_two_subjects_share_a_file_and_each_keeps_its_name(
    subjects: list[tuple[bool, str]],
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        wanted = [
            Subject.topic(name) if is_topic else Subject.paper(name) for is_topic, name in subjects
        ]
        book = Outputs(store.names, Path("/posts"))
        names = [book.name_of(subject) for subject in wanted]
        assert len({fold_file_name(name) for name in names}) == len(set(wanted))
        anew = Outputs(store.names, Path("/posts"))
        assert [anew.name_of(subject) for subject in reversed(wanted)] == names[::-1]
        assert all(
            len(name.encode()) <= 210 and "/" not in name and not name.startswith(".")
            for name in names
        )
        assert not any(fold_file_name(name).endswith((".card", ".new")) for name in names)


def test_the_first_has_the_plain_name_and_those_of_earlier_versions_come_before(
    tmp_path: Path,
) -> None:
    with Store(tmp_path) as store:
        keys = [PostKey("/posts", topic, "", TONIGHT, "daily") for topic in ("Sea/ice", "LLM")]
        for key in keys:
            store.posts.mark_written(key)
        book = Outputs(store.names, Path("/posts"))
        assert book.name_of(Subject.topic("Sea ice")).startswith("Sea_ice-")
        assert book.name_of(Subject.topic("Sea/ice")) == "Sea_ice"
        assert (
            Outputs(store.names, Path("/elsewhere")).name_of(Subject.topic("Sea ice")) == "Sea_ice"
        )
