"""What a person may write to name one paper: an arXiv id, a web address, a file."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from chatpaper.domain import ARXIV_ID_PATTERN, ArxivId
from chatpaper.domain.errors import ConfigError

# Copies of arXiv that keep its paths.
_MIRRORS = {
    "xxx.itp.ac.cn": "arxiv.org",
    "xxx.lanl.gov": "arxiv.org",
    "lanl.arxiv.org": "arxiv.org",
}
# arXiv registers a DOI for each of its papers.
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{ARXIV_ID_PATTERN}", re.IGNORECASE)
_DOI_SITES = ("doi.org", "dx.doi.org", "www.doi.org")
# An id within a title of a listing, a citation or other words; digits and dots around it belong to
# something else.
_ID_IN_TEXT = re.compile(
    rf"(?<![\w./-])(?:arxiv\s*:\s*)?(?={ARXIV_ID_PATTERN})(?P<whole>[\w./-]+)", re.IGNORECASE
)
_AROUND = " \t\r\n<>()[]{}\"'`.,;:!?，。；：！？、（）【】《》「」『』“”‘’"

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
    r"^(?:www|export|browse|[a-z]{2})\."
    r"(?=arxiv\.org$|alphaxiv\.org$|papers\.cool$|huggingface\.co$)"
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
    as_file = _existing_file(wanted)
    if as_file is not None:
        return as_file
    # Full-width letters and digits come from Chinese and Japanese keyboards.
    plain = unicodedata.normalize("NFKC", wanted).strip(_AROUND)
    if "://" in plain:
        return _from_url(plain)
    if _SITE_WITHOUT_SCHEME.match(plain):
        return _from_url(f"https://{plain}")
    arxiv_id = find_arxiv_id(plain)
    if arxiv_id is not None:
        return ArxivReference(arxiv_id)
    if Path(wanted).suffix.lower() == ".pdf":
        raise ConfigError(f"There is no file {wanted}")
    raise ConfigError(f"{wanted!r} names no paper: give {_EXAMPLES}")


def find_arxiv_id(text: str) -> ArxivId | None:
    """Find the one arXiv id that a text names, alone or among other words.

    Return None where it names none or several.
    """
    doi = _ARXIV_DOI.search(text)
    if doi is not None:
        return _arxiv_id(doi[0].partition("/")[2][len("arxiv.") :])
    if Path(text).suffix.lower() == ".pdf":
        return None
    named = {_arxiv_id(match["whole"].strip(_AROUND)) for match in _ID_IN_TEXT.finditer(text)} - {
        None
    }
    return named.pop() if len(named) == 1 else None


def _from_url(url: str) -> Reference:
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ConfigError(f"{url} is not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(f"{url} cannot be fetched: give an http or https URL, or {_EXAMPLES}")
    if host in _DOI_SITES:
        arxiv_id = find_arxiv_id(unquote(parts.path))
        if arxiv_id is None:
            raise ConfigError(
                f"{url} is a DOI of a publisher: give the URL of the PDF itself, or {_EXAMPLES}"
            )
        return ArxivReference(arxiv_id)
    if host == "openreview.net" and parts.path == "/forum":
        return PdfUrl(parts._replace(path="/pdf", fragment="").geturl())
    site = _MIRRORS.get(host) or _FRONT_NAMES.sub("", host)
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


def _existing_file(text: str) -> PdfFile | None:
    """Return the file of that path, where there is one.

    Raises ConfigError for a folder, and for a path that cannot be.
    """
    path = Path(text)
    try:
        if path.is_dir():
            raise ConfigError(f"{text} is a folder: give a PDF in it, or run with --source {text}")
        return PdfFile(path) if path.is_file() else None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{text!r} names no paper ({error}): give {_EXAMPLES}") from error


def _arxiv_id(text: str) -> ArxivId | None:
    """Read an id as arXiv writes it: with a lower-case archive and without a subject class.

    `math.GT/0309136` is read as `math/0309136`.
    """
    match = re.fullmatch(ARXIV_ID_PATTERN, text, re.IGNORECASE)
    if match is None:
        return None
    archive, slash, number = match["id"].rpartition("/")
    canonical = f"{archive.partition('.')[0].lower()}{slash}{number}"
    return ArxivId(canonical, int(match["version"]) if match["version"] else None)
