"""Send a digest to the services that Apprise knows: Slack, Discord, ntfy and many more."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from chatpaper.operations.delivery.channels import Attempt, Part
from chatpaper.operations.message_delivery import Message, describe_service, send_to
from chatpaper.write.messages.cards import build_markdown, build_plain
from chatpaper.write.messages.digest import Digest
from chatpaper.write.messages.fitting import dump_card
from chatpaper.write.messages.wording import format_heading

# What Apprise puts around a title in a text, at most.
_TITLE_MARKUP = 16


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Texts to one address of `deliver.urls`.

    Its name is a digest of the address: one that moves within the list stays the same channel.
    """

    url: SecretStr
    place: int
    labels: Mapping[str, str]
    salt: str = ""

    @property
    def name(self) -> str:
        """The name of the channel, from which the address cannot be told."""
        text = f"{self.salt}{self.url.get_secret_value()}"
        return f"urls:{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def render(self, digest: Digest) -> Sequence[Part]:
        """Render the digest as a text, in Markdown where the service reads it."""
        service = describe_service("deliver.urls", self.place, self.url)
        build = build_markdown if service.reads_markup else build_plain
        heading, most = format_heading(digest, self.labels), service.most_title_characters
        # Where there are no titles, Apprise puts them at the head of the text.
        room = service.most_characters - (0 if most else len(heading) + _TITLE_MARKUP)
        message = {
            "title": heading[:most] if most else heading,
            "body": build(digest, self.labels, room),
            "format": "markdown" if service.reads_markup else "text",
        }
        keys = tuple(paper.arxiv_id for paper in digest.papers)
        return (Part(dump_card(message), ".json", keys),)

    def send(self, part: Part) -> Attempt:
        """Send the text; Apprise does not say why a service refuses one."""
        content = json.loads(part.content)
        message = Message(content["title"], content["body"], content["format"])
        fault = send_to("deliver.urls", self.place, self.url, message)
        return Attempt("waiting", fault) if fault else Attempt("sent")
