"""Links to code, models, data and project pages, from annotations and from the text."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from chatpaper.domain.text.scripts import CJK, CJK_FORMS
from chatpaper.extract.page import PdfContent

_CODE_HOSTS = (
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "huggingface.co",
    "zenodo.org",
    "osf.io",
    "kaggle.com",
    "modelscope.cn",
    "gitee.com",
    "sourceforge.net",
    "figshare.com",
    "colab.research.google.com",
    "codeocean.com",
    "github.io",
    "gitlab.io",
    "pages.dev",
    "anonymous.4open.science",
    "sites.google.com",
    "replicate.com",
    "wandb.ai",
)
# Chinese, Japanese and Korean sentences continue right after a link.
_IN_LINK = rf"[^\s<>\"“”{CJK}{CJK_FORMS}]"
PRINTED_LINK = re.compile(
    rf"(?:https?://|www\.){_IN_LINK}+"
    rf"|(?<![\w./@-])(?:[\w-]+\.)*(?:github|gitlab|huggingface)\.(?:com|io|co)/{_IN_LINK}+"
)
_TRAILING = re.compile(r"[.,;:!?'’”\")\]}>*∗†‡]+$")
# Pages that a paper announces as its own, whatever their host.
_ANNOUNCED = re.compile(
    r"\b(?:code|project|demo|datasets?|implementation|website|models?|released?|open[- ]sourced?)\b"
    r"[^.]{0,80}$",
    re.IGNORECASE,
)
_MAX_LINKS = 50


def find_links(
    content: PdfContent, before_references: Iterable[tuple[int, str]]
) -> tuple[str, ...]:
    """Find normalized links in the order in which they stand, each once, at most `_MAX_LINKS`.

    `before_references` are (page, text) pairs of the running text: links in the bibliography belong
    to other papers.
    """
    texts = list(before_references)
    pages = {page for page, _ in texts}
    found: list[str] = []
    annotated = [link.uri for page in content.pages if page.number in pages for link in page.links]
    for _, text in texts:
        for match in PRINTED_LINK.finditer(text):
            uri = normalize_link(match[0])
            if uri and (
                is_code_host(uri)
                or _ANNOUNCED.search(text[max(0, match.start() - 120) : match.start()])
            ):
                found.append(complete_link(uri, annotated))
    found += [uri for raw in annotated if (uri := normalize_link(raw)) and is_code_host(uri)]
    return tuple(_unique(found))[:_MAX_LINKS]


def normalize_link(raw: str) -> str:
    """Normalize a link: scheme, host in lower case, no punctuation at the end; "" if it is none."""
    uri = _TRAILING.sub("", raw.strip())
    if uri.count("(") < uri.count(")"):
        uri = uri.rstrip(")")
    if not re.match(r"https?://", uri, re.IGNORECASE):
        if re.match(r"[a-z]+:", uri, re.IGNORECASE):
            return ""
        uri = f"https://{uri}"
    try:
        parts = urlsplit(uri)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if "." not in host:
        return ""
    scheme = (
        "https" if any(_is_on_host(host, known) for known in _CODE_HOSTS) else parts.scheme.lower()
    )
    path = parts.path.removesuffix(".git").rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{host}{path}{query}"


def _is_on_host(host: str, known: str) -> bool:
    return host == known or host.endswith(f".{known}")


def is_code_host(uri: str) -> bool:
    """Tell whether a link leads to something on a host of code, models or data."""
    parts = urlsplit(uri)
    return any(_is_on_host(parts.hostname or "", known) for known in _CODE_HOSTS) and (
        len(parts.path) > 1 or (parts.hostname or "").count(".") > 1
    )


def complete_link(uri: str, annotated: Sequence[str]) -> str:
    """Complete a printed link that was cut by the end of its line from the annotations' targets."""
    whole = [target for raw in annotated if (target := normalize_link(raw)).startswith(uri)]
    return max(whole, key=len, default=uri) if uri not in whole else uri


def _unique(uris: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(uris))
