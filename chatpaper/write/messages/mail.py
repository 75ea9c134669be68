"""A digest as a mail: HTML with its figures in it, and the same as plain text.

Styles stand in the elements, since several mail programs read no other ones; figures are parts of
the mail itself, by Content-ID (RFC 2392), so that nothing is fetched when it is read. Everything
that papers or models wrote stands in it as text.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from string import ascii_letters, digits

from chatpaper.write.markup.markdown import sanitize_line
from chatpaper.write.messages.digest import Digest, DigestFigure
from chatpaper.write.messages.fitting import render_fitting
from chatpaper.write.messages.templating import escape_html, keep_line, render_template
from chatpaper.write.messages.wording import format_heading

# Gmail shows no more of the HTML than 102 KB, and hides the rest behind a link.
MOST_HTML_BYTES = 100_000
# Mail servers refuse messages above 10 to 25 MB; figures are a third larger on their way (base64).
MOST_FIGURE_BYTES = 5_000_000

_NAME_CHARACTERS = frozenset(ascii_letters + digits + "-_.")


@dataclass(frozen=True, slots=True)
class MailAddresses:
    """Who sends a mail, and who gets it; plain addresses in ASCII."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of a mail, and the Content-ID of its part; figures of no room have none."""

    figure: DigestFigure
    content_id: str


def build_mail(
    digest: Digest, addresses: MailAddresses, labels: Mapping[str, str], now: datetime
) -> EmailMessage:
    """Build the mail of a digest.

    The papers for which it has no room are left to the link. The same papers of the same day make
    a mail of the same Message-ID, by which mail programs know a mail that they have. Raises
    ConfigError where not even the heading has room.
    """
    figures = _choose_figures(digest)
    shown, html = render_fitting(
        digest,
        lambda part: (part, render_html(part, labels, figures)),
        lambda rendered: len(rendered[1].encode()) <= MOST_HTML_BYTES,
    )
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = sanitize_line(format_heading(digest, labels))
    mail["From"] = Address("chatpaper", addr_spec=addresses.sender)
    mail["To"] = ", ".join(addresses.recipients)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{_name_mail(digest)}@{addresses.sender.rpartition('@')[2]}>"
    # RFC 3834: no absence notes are sent back to a program.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render_text(shown, labels), cte="base64")
    mail.add_alternative(html, subtype="html", cte="base64")
    html_part = mail.get_body(preferencelist=("html",))
    assert isinstance(html_part, EmailMessage)
    for paper in shown.papers:
        if part := figures.get(paper.arxiv_id):
            html_part.add_related(
                part.figure.png,
                "image",
                "png",
                cid=f"<{part.content_id}>",
                disposition="inline",
                filename=f"{part.content_id.partition('@')[0]}.png",
            )
    return mail


def render_html(
    digest: Digest, labels: Mapping[str, str], figures: Mapping[str, ShownFigure]
) -> str:
    """Return the HTML of a mail, whose images are named by their Content-IDs."""
    return render_template("mail.html.j2", digest, labels, escape_html, figures=figures)


def render_text(digest: Digest, labels: Mapping[str, str]) -> str:
    """Return the plain text of a mail."""
    return render_template("mail.txt.j2", digest, labels, keep_line)


def name_figures(digest: Digest) -> dict[str, ShownFigure]:
    """Return the figures of a digest by the keys of their papers, each with a Content-ID."""
    return {
        paper.arxiv_id: ShownFigure(paper.figure, f"{_to_name(paper.arxiv_id)}@chatpaper")
        for paper in digest.papers
        if paper.figure
    }


def _choose_figures(digest: Digest) -> dict[str, ShownFigure]:
    """Return the figures of the first papers, as many as a mail may carry."""
    chosen = {}
    room = MOST_FIGURE_BYTES
    for key, shown in name_figures(digest).items():
        room -= len(shown.figure.png)
        if room < 0:
            break
        chosen[key] = shown
    return chosen


def _name_mail(digest: Digest) -> str:
    keys: Sequence[str] = sorted(paper.arxiv_id for paper in digest.papers)
    titled = (digest.title,) if digest.title else ()
    text = "\n".join((digest.day.isoformat(), *digest.topics, *titled, *keys))
    return f"chatpaper.{digest.day.isoformat()}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _to_name(key: str) -> str:
    """Return a key as the local part of a Content-ID: letters, digits, and few signs."""
    name = "".join(sign if sign in _NAME_CHARACTERS else "_" for sign in key)
    return f"figure-{name}"
