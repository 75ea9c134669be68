"""A mail server on 127.0.0.1, aiosmtpd, that keeps what it takes and refuses what it is told to."""

import ssl
from asyncio.base_events import Server
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chatpaper.domain.clock import get_utc_now

PASSWORD = "m4il-s3cret"


class FakeSmtp:
    """Takes every mail; scripted replies, of three digits and a text, come first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.readers: list[list[str]] = []
        self.refused: deque[str] = deque()
        self.unknown_readers: set[str] = set()
        self.sign_ins: list[str] = []
        self.times: list[datetime] = []
        self.taken_at: Callable[[], datetime] = get_utc_now
        self.port = 0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown_readers:
            return f"550 no such user {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.refused:
            return self.refused.popleft()
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.times.append(self.taken_at())
        self.readers.append(list(envelope.rcpt_tos))
        return "250 2.0.0 queued"

    def sign_in(self, server: Any, session: Any, envelope: Any, way: str, given: Any) -> AuthResult:
        """Check a password; a wrong one is repeated in the answer, as some servers do."""
        assert isinstance(given, LoginPassword)
        self.sign_ins.append(given.login.decode())
        return AuthResult(success=given.password.decode() == PASSWORD)

    def variables(self, **more: str) -> dict[str, str]:
        """Return the environment by which a command delivers here."""
        names = {
            "TO": '["reader@example.org"]',
            "SENDER": "chatpaper@example.org",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SECURITY": "none",
            **more,
        }
        return {f"CHATPAPER_DELIVER__MAIL__{name}": value for name, value in names.items()}


@contextmanager
def serve_mail(
    *,
    password: bool = False,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
) -> Iterator[FakeSmtp]:
    """Serve mail until the block ends: in the open, by TLS, or by TLS once it is asked for."""
    fake = FakeSmtp()
    options: dict[str, Any] = (
        {"authenticator": fake.sign_in, "auth_require_tls": False, "auth_required": True}
        if password
        else {}
    )
    if starttls is not None:
        options |= {"tls_context": starttls, "require_starttls": True}
    controller = _Controller(fake, hostname="127.0.0.1", port=0, ssl_context=tls, **options)
    controller.start()
    fake.port = controller.port
    try:
        yield fake
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a server's side of TLS on 127.0.0.1, and the file by which clients trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = get_utc_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "certificate.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """Ask the server at the port that the system chose."""
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
