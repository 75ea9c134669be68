"""Which files may be written over, at whatever instant the program was killed before."""

from dataclasses import replace
from pathlib import Path

import pytest

from chatpaper.domain import Document, Post, PostEntry
from chatpaper.pipeline.post_names import Outputs
from chatpaper.storage.store import Store
from chatpaper.write.edit_protection import WrittenPost, parse_post_record
from chatpaper.write.posts import update_post
from chatpaper.write.site.recorded import read_paper
from tests.write.test_posts import DAILY, PAPER, STYLE, SUMMARY, TONIGHT

OTHER = replace(PAPER, title="Another title that arXiv gave later")


def post(paper: object = PAPER) -> Post:
    entry = PostEntry(PAPER if paper is PAPER else OTHER, Document(title=PAPER.title), SUMMARY)
    return Post(TONIGHT, "Diffusion Models", (entry,))


def write(folder: Path, store: Store, paper: object = PAPER) -> WrittenPost:
    return update_post(post(paper), DAILY, STYLE, folder, Outputs(store.names, folder))


def test_what_was_written_is_written_over(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        first = write(tmp_path / "posts", store)
        second = write(tmp_path / "posts", store, OTHER)
    assert first == second == WrittenPost(first.path)
    assert "Another title" in first.path.read_text("utf-8")


class KilledError(Exception):
    """Stands for the end of the process."""


class KilledBook(Outputs):
    """A book at one of whose steps the program is killed."""

    step = ""

    def announce(self, path: Path, content: bytes) -> None:
        if self.step == "before":
            raise KilledError
        Outputs.announce(self, path, content)
        if self.step == "announced":
            raise KilledError

    def settle(self, path: Path, content: bytes) -> None:
        raise KilledError


@pytest.mark.parametrize("step", ["before", "announced", "written"])
@pytest.mark.parametrize("with_state", [True, False])
def test_a_kill_makes_no_post_look_edited(tmp_path: Path, step: str, with_state: bool) -> None:
    folder = tmp_path / "posts"
    with Store(tmp_path / "state") as store:
        path = write(folder, store).path
        KilledBook.step = step
        with pytest.raises(KilledError):
            update_post(post(OTHER), DAILY, STYLE, folder, KilledBook(store.names, folder))
    # Without the state, the JSON that was written first knows the new post alone.
    state = "state" if with_state or step != "written" else "lost"
    with Store(tmp_path / state) as store:
        assert write(folder, store).path == path
        assert PAPER.title.split()[0] in path.read_text("utf-8")
    assert not path.with_suffix(".new.md").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"date": 1}', b"[" * 100_000, b'"' + b"x" * 100_000]
)
def test_what_is_no_json_of_a_post_is_told_from_it(content: bytes) -> None:
    assert parse_post_record(content) is None


def test_a_post_is_read_back_from_its_json(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        path = write(tmp_path / "posts", store).path
    record = parse_post_record(path.with_suffix(".json").read_bytes())
    assert record is not None
    (paper,) = record["papers"]
    read = read_paper(paper, path.parent)
    assert read.entry.paper == replace(
        PAPER, updated=read.entry.paper.updated, links=read.entry.paper.links
    )
    assert {
        name: answer for name, answer in read.entry.summary.answers.items() if answer != ""
    } == {name: answer for name, answer in SUMMARY.answers.items() if answer != ""}
    before = path.read_bytes()
    with Store(tmp_path / "new") as store:
        again = update_post(
            Post(TONIGHT, "Diffusion Models", (read.entry,)),
            DAILY,
            STYLE,
            tmp_path / "posts",
            Outputs(store.names, tmp_path),
        )
    assert (again, path.read_bytes()) == (WrittenPost(path), before)
