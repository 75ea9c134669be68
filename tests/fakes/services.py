"""Where commands find the fakes: the environment that they are started with."""

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini


def name_services(arxiv: FakeArxiv, gemini: FakeGemini) -> dict[str, str]:
    """Return the variables that name the fakes, and let nothing wait for them.

    A paper is one call: tests of the second reading ask for it.
    """
    return {
        "CHATPAPER_ARXIV__API_URL": arxiv.api_url,
        "CHATPAPER_ARXIV__SITE_URL": arxiv.url,
        "CHATPAPER_ARXIV__RSS_URL": arxiv.url,
        "CHATPAPER_ARXIV__OAI_URL": arxiv.oai_url,
        "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
        "CHATPAPER_ARXIV__MAX_ATTEMPTS": "2",
        "CHATPAPER_LLM__BASE_URL": gemini.url,
        "CHATPAPER_LLM__MAX_ATTEMPTS": "1",
        "CHATPAPER_LLM__VERIFY": "never",
    }
