"""Mails through a real mail server, and what is told where it takes none."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from chatpaper.app.settings_groups.delivery import MailDelivery
from chatpaper.domain.clock import Clock
from chatpaper.operations.delivery.channels import Attempt
from chatpaper.operations.delivery.smtp import MailChannel
from chatpaper.write.messages.wording import load_message_labels
from tests.fakes.digests import make_digest
from tests.fakes.smtp import PASSWORD, make_certificate, serve_mail

CLOCK = Clock(now=lambda: datetime(2026, 11, 22, 1, tzinfo=UTC))
LABELS = load_message_labels("zh")


def send(port: int, **changes: object) -> Attempt:
    values = {
        "to": ("a@example.org", "b@example.org"),
        "sender": "chatpaper@example.org",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        **changes,
    }
    channel = MailChannel(MailDelivery.model_validate(values), LABELS, CLOCK, 5)
    (part,) = channel.render(make_digest(2))
    return channel.send(part)


def test_a_mail_goes_to_every_reader_that_the_server_knows() -> None:
    with serve_mail() as smtp:
        assert send(smtp.port) == Attempt("sent")
        smtp.unknown_readers = {"b@example.org"}
        assert send(smtp.port) == Attempt("sent")
        smtp.unknown_readers = {"a@example.org", "b@example.org"}
        refused = send(smtp.port)
    assert smtp.readers == [["a@example.org", "b@example.org"], ["a@example.org"]]
    assert refused == Attempt("waiting", "the mail server answered 550 to every reader")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_is_given_and_never_shown() -> None:
    with serve_mail(password=True) as smtp:
        assert send(smtp.port, user="me", password=SecretStr(PASSWORD)) == Attempt("sent")
        wrong = send(smtp.port, user="me", password=SecretStr("wr0ng-s3cret"))
    assert {*smtp.sign_ins} == {"me"}
    assert wrong.state == "waiting"
    assert "sign-in" in wrong.reason
    assert "wr0ng" not in wrong.reason


def test_tls_is_used_as_asked_for_and_a_stranger_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = make_certificate(tmp_path)
    for security in ("tls", "starttls"):
        is_tls = security == "tls"
        with serve_mail(
            tls=context if is_tls else None, starttls=None if is_tls else context
        ) as smtp:
            stranger = send(smtp.port, security=security)
            assert "the certificate of the server is not trusted" in stranger.reason
            assert stranger.state == "waiting"
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            assert send(smtp.port, security=security) == Attempt("sent")
            monkeypatch.delenv("SSL_CERT_FILE")
            assert len(smtp.mails) == 1


def test_no_password_goes_over_an_open_connection() -> None:
    with serve_mail() as smtp:
        # A server that offers no TLS gets nothing at all.
        told = send(smtp.port, security="starttls", user="me", password=SecretStr("x"))
        assert told.reason == "the mail server refuses the sign-in: SMTPNotSupportedError"
        assert send(smtp.port, security="tls").state == "waiting"
    assert smtp.mails == []
    with pytest.raises(ValidationError, match="go over the network"):
        MailDelivery(
            to=("a@example.org",),
            sender="b@example.org",
            host="mail.example.org",
            security="none",
            user="me",
            password=SecretStr("x"),
        )


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        attempt = send(free.getsockname()[1])
    assert attempt.state == "waiting"
    assert attempt.reason.startswith("the mail server could not be reached: ")


def test_a_server_that_is_silent_after_the_mail_may_have_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=_take_and_hang_up, args=(listener,), daemon=True)
        answering.start()
        attempt = send(listener.getsockname()[1])
        answering.join(5)
    assert attempt.state == "unknown"


def _take_and_hang_up(listener: socket.socket) -> None:
    """Take a mail to its last byte, and hang up instead of saying so."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 here\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                for content in lines:
                    if content == b".\r\n":
                        return
            else:
                connection.sendall(b"250 OK\r\n")
