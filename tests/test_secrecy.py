"""What of a machine and its owner is told to whom."""

import stat
import sys
from pathlib import Path

import pytest

from chatpaper.domain.errors import ConfigError, FetchError, redact_credentials
from chatpaper.storage.store import Store
from chatpaper.summarize.json_decoding import decode_answer
from chatpaper.web.jobs.messages import make_public_message


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
        for beside in store.path.parent.glob("chatpaper.db-*"):
            assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "https://me:secret@mirror.example/api did not answer",
            "https://mirror.example/api did not answer",
        ),
        ("socks5://u:p%40ss@127.0.0.1:1 and http://v:w@x", "socks5://127.0.0.1:1 and http://x"),
        ("http://user:a/b@host", "http://user:a/b@host"),
        (
            "write to me@example.org: https://example.org/a@b",
            "write to me@example.org: https://example.org/a@b",
        ),
    ],
)
def test_addresses_are_told_without_passwords(text: str, shown: str) -> None:
    assert redact_credentials(text) == shown
    assert str(FetchError(text, url="x")) == shown
    assert str(ConfigError(text)) == shown


@pytest.mark.parametrize("text", ["://" * 50_000, "://" + "x" * 100_000, "@" * 100_000])
def test_taking_passwords_out_takes_no_time(text: str) -> None:
    assert redact_credentials(text) == text


@pytest.mark.parametrize(
    ("message", "leaked"),
    [
        ("/srv/my state/web/cache/uploads/x.pdf: took too long", "state"),
        ("the folder /home/Ada Lovelace/papers is full", "Lovelace"),
        ("C:\\Users\\Ada Lovelace\\x.pdf is damaged", "Lovelace"),
        ("/srv/论文 数据/x.pdf", "数据"),
    ],
)
def test_folders_with_blanks_are_not_told_to_visitors(message: str, leaked: str) -> None:
    assert leaked not in make_public_message(Exception(message))


def test_an_answer_without_end_is_no_answer() -> None:
    with pytest.raises(ValueError, match="characters"):
        decode_answer('{"summary": "' + "x" * 10_000_000 + '"}')
