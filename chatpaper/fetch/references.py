"""What a person may write to name one paper: an arXiv id, a web address, a file."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from chatpaper.domain import ARXIV_ID_PATTERN, ArxivId
from chatpaper.errors import ConfigError

# Sites whose addresses carry arXiv ids, and the folders of theirs in which the id stands.
_ARXIV_FOLDERS = ("abs", "pdf", "html", "src", "e-print", "format", "ps")
_SITES = {
    "arxiv.org": _ARXIV_FOLDERS,
    "alphaxiv.org": (*_ARXIV_FOLDERS, "overview"),
    "ar5iv.org": _ARXIV_FOLDERS,
    "ar5iv.labs.arxiv.org": _ARXIV_FOLDERS,
    "papers.cool": ("arxiv",),
    "huggingface.co": ("papers",),
    "hf.co": ("papers",),
}
_FRONT_NAMES = re.compile(
    r"^(?:www|export|browse|[a-z]{2})\.(?=arxiv\.org$|alphaxiv\.org$|papers\.cool$|huggingface\.co$)"
)
_SITE_WITHOUT_SCHEME = re.compile(
    r"(?:[\w-]+\.)*(?:arxiv\.org|alphaxiv\.org|papers\.cool|huggingface\.co|hf\.co)/", re.IGNORECASE
)
_EXAMPLES = "an arXiv id such as 2407.18125, an arXiv URL, a PDF file, or the URL of a PDF"


@dataclass(frozen=True, slots=True)
class ArxivReference:
    """A paper of arXiv; without a version, the latest one."""

    arxiv_id: ArxivId


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF on this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class PdfUrl:
    """A PDF anywhere on the web."""

    url: str


Reference = ArxivReference | PdfFile | PdfUrl


def parse_reference(text: str) -> Reference:
    """Read what a person wrote to name a paper. Raises ConfigError where it names none."""
    wanted = text.strip()
    if not wanted:
        raise ConfigError(f"An empty name is no paper: give {_EXAMPLES}")
    if "://" in wanted:
        return _from_url(wanted)
    if _SITE_WITHOUT_SCHEME.match(wanted):
        return _from_url(f"https://{wanted}")
    arxiv_id = _arxiv_id(re.sub(r"^arxiv:\s*", "", wanted, flags=re.IGNORECASE))
    return ArxivReference(arxiv_id) if arxiv_id else _from_path(wanted)


def _from_url(url: str) -> Reference:
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ConfigError(f"{url} is not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(f"{url} cannot be fetched: give an http or https URL, or {_EXAMPLES}")
    site = _FRONT_NAMES.sub("", host)
    return _on_site(parts, site, url) if site in _SITES else PdfUrl(url)


def _on_site(parts: SplitResult, site: str, url: str) -> Reference:
    folder, _, rest = unquote(parts.path).strip("/").partition("/")
    if folder in _SITES[site]:
        name = re.sub(r"\.pdf$", "", rest.strip("/"), flags=re.IGNORECASE)
        arxiv_id = _arxiv_id(name) or _arxiv_id(re.sub(r"^arxiv:", "", name, flags=re.IGNORECASE))
        if arxiv_id:
            return ArxivReference(arxiv_id)
    if parts.path.lower().endswith(".pdf") and site not in ("arxiv.org", "papers.cool"):
        return PdfUrl(url)
    raise ConfigError(f"{url} names no paper: give {_EXAMPLES}")


def _from_path(text: str) -> PdfFile:
    path = Path(text)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        raise ConfigError(f"{text!r} names no paper ({error.strerror}): give {_EXAMPLES}") from error
    if is_folder:
        raise ConfigError(f"{text} is a folder: give a PDF in it, or run with --source {text}")
    if is_file:
        return PdfFile(path)
    if path.suffix.lower() == ".pdf":
        raise ConfigError(f"There is no file {text}")
    raise ConfigError(f"{text!r} names no paper: give {_EXAMPLES}")


def _arxiv_id(text: str) -> ArxivId | None:
    """Read an id as arXiv writes it: lower-case archive, no subject class (`math/0309136` for `math.GT/0309136`)."""
    match = re.fullmatch(ARXIV_ID_PATTERN, text, re.IGNORECASE)
    if match is None:
        return None
    archive, slash, number = match["id"].rpartition("/")
    canonical = f"{archive.partition('.')[0].lower()}{slash}{number}"
    return ArxivId(canonical, int(match["version"]) if match["version"] else None)
