"""A service that takes notifications as Apprise's json:// scheme sends them."""

from tests.fakes.loopback import LoopbackServer, Reply, Request


class FakeWebhook(LoopbackServer):
    """Takes every message; scripted replies come first."""

    secret = "s3cret-t0ken"

    @property
    def address(self) -> str:
        """The URL for Apprise, with a secret in its path."""
        return f"{self.url.replace('http://', 'json://')}/{self.secret}"

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Title and text of what was taken or refused."""
        return [(request.body["title"], request.body["message"]) for request in self.calls]

    def is_call(self, request: Request) -> bool:
        return request.path == f"/{self.secret}"

    def reply(self, request: Request) -> Reply:
        return self.next_scripted() or Reply(body={})
