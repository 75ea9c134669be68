"""Send a digest by mail."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.app.settings_groups.delivery import MailDelivery
from chatpaper.domain.clock import Clock
from chatpaper.domain.connections.faults import describe_connection_fault
from chatpaper.operations.delivery.channels import Attempt, Part
from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.mail import MailAddresses, build_mail

_ACCEPTED = 250
_FORWARDED = 251


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Mails through the server of the settings."""

    settings: MailDelivery
    labels: dict[str, str]
    clock: Clock
    timeout_seconds: float
    name: str = "mail"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as one mail."""
        addresses = MailAddresses(self.settings.sender, self.settings.to)
        mail = build_mail(digest, addresses, self.labels, self.clock.now())
        keys = tuple(paper.arxiv_id for paper in digest.papers)
        return (Part(mail.as_bytes(), ".eml", keys),)

    def send(self, part: Part) -> Attempt:
        """Send the mail; what the server says beyond its code is not repeated, nor is the password.

        A mail that some of its readers were refused counts as sent.
        """
        try:
            server = self._connect()
        except smtplib.SMTPResponseException as error:
            return Attempt("waiting", f"the mail server answered {error.smtp_code} to the sign-in")
        except smtplib.SMTPException as error:
            return Attempt("waiting", f"the mail server refuses the sign-in: {_name(error)}")
        except OSError as error:
            cause = describe_connection_fault(error)
            return Attempt("waiting", f"the mail server could not be reached: {cause}")
        try:
            refused = self._announce(server)
            if refused:
                return Attempt("waiting", refused)
            return _transmit(server, part.content)
        except (smtplib.SMTPException, OSError) as error:
            return Attempt("waiting", f"the mail server broke off: {_name(error)}")
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self.settings.host, self.settings.server_port
        server: smtplib.SMTP
        if self.settings.security == "tls":
            server = smtplib.SMTP_SSL(
                host, port, timeout=self.timeout_seconds, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout_seconds)
        try:
            if self.settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.settings.user and self.settings.password:
                server.login(self.settings.user, self.settings.password.get_secret_value())
            else:
                server.ehlo_or_helo_if_needed()
        except Exception:
            server.close()
            raise
        return server

    def _announce(self, server: smtplib.SMTP) -> str:
        """Name sender and readers to the server; return why it takes the mail for nobody."""
        code, _ = server.mail(self.settings.sender)
        if code != _ACCEPTED:
            return f"the mail server answered {code} to the sender"
        codes = [server.rcpt(reader)[0] for reader in self.settings.to]
        if not any(code in (_ACCEPTED, _FORWARDED) for code in codes):
            return f"the mail server answered {codes[0]} to every reader"
        return ""


def _transmit(server: smtplib.SMTP, content: bytes) -> Attempt:
    """Hand the mail over; after that, silence leaves open whether the server has it."""
    try:
        code, _ = server.data(content)
    except smtplib.SMTPDataError as error:
        return Attempt("waiting", f"the mail server answered {error.smtp_code} to the mail")
    except (smtplib.SMTPException, OSError) as error:
        return Attempt("unknown", f"the mail server did not say whether it took it: {_name(error)}")
    if code != _ACCEPTED:
        return Attempt("waiting", f"the mail server answered {code} to the mail")
    return Attempt("sent")


def _name(error: Exception) -> str:
    """Name an error by its kind: its text may repeat what was sent."""
    return type(error).__name__
