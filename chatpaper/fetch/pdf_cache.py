"""Keep the PDFs of papers: fetched once, checked, and kept until the cache needs their space.

They are kept under id and version.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from chatpaper.domain import Paper
from chatpaper.domain.atomic_files import replace_file
from chatpaper.domain.errors import (
    ConfigError,
    FetchError,
    PdfUnavailableError,
    UpstreamError,
)
from chatpaper.fetch.http.session import MAX_FILE_BYTES, Response, ResponseCheck, ThrottledSession

_OK = 200
_NOT_FOUND = frozenset({404, 410})
# Readers accept a header within the first kilobyte (ISO 32000-1, annex H) and look for %%EOF near
# the end.
_MAGIC, _MAGIC_WITHIN_BYTES = b"%PDF-", 1024
_TAIL, _TAIL_WITHIN_BYTES = b"%%EOF", 2048


class PdfCache:
    """Gets PDFs through a session and keeps them in `{cache_dir}/pdf`."""

    def __init__(
        self,
        cache_dir: Path,
        session: ThrottledSession,
        site_url: str = "https://arxiv.org",
        max_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        self._folder = cache_dir / "pdf"
        self._session = session
        self._site_url = site_url.rstrip("/")
        self._max_bytes = max_bytes

    def path_of(self, paper: Paper) -> Path:
        """Return where the PDF of this version of the paper is, or will be."""
        version = "" if paper.version is None else f"v{paper.version}"
        return self._folder / f"{paper.squashed_id}{version}.pdf"

    def path_of_url(self, url: str) -> Path:
        """Return where the PDF from a URL is, or will be."""
        return self._folder / f"url-{hashlib.sha256(url.encode()).hexdigest()}.pdf"

    def fetch(self, paper: Paper) -> Path:
        """Get the PDF of an arXiv paper, from the cache where it is there.

        Without a version the id means the latest one, so what is cached under it is fetched anew.
        Raises PdfUnavailableError where there is none (withdrawn, not found, a web page in its
        place), UpstreamError where the site falters, ConfigError where the cache cannot be written.
        """
        path = self.path_of(paper)
        if paper.version is not None and _is_pdf(path):
            return _used(path)
        url = f"{self._site_url}/pdf/{quote(paper.idv)}"
        if paper.withdrawn:
            raise PdfUnavailableError(f"{paper.idv} was withdrawn: it has no PDF", url=url)
        return self._download(url, path)

    def fetch_url(self, url: str) -> Path:
        """Get the PDF at an http or https URL, from the cache where it is there.

        Errors as for `fetch`.
        """
        path = self.path_of_url(url)
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchError(f"{url} cannot be fetched: only http and https URLs can", url=url)
        return _used(path) if _is_pdf(path) else self._download(url, path)

    def _download(self, url: str, path: Path) -> Path:
        # Another process may be fetching the same paper: each writes a file of its own, the last
        # one stays.
        try:
            with replace_file(path) as part:
                self._session.download(url, part, _check_pdf(part), self._max_bytes)
        except (UpstreamError, PdfUnavailableError):
            raise
        except FetchError as error:
            raise PdfUnavailableError(str(error), url=url, status=error.status) from error
        except OSError as error:
            raise ConfigError(
                f"The cache folder {self._folder} cannot be written ({error.strerror}): "
                "make room there, or "
                "set cache_dir to another one"
            ) from error
        return path


def _check_pdf(part: Path) -> ResponseCheck:
    """Return a check of a download that asks a second time before it believes a fault.

    It takes the same answer for the server's last word. Some whole PDFs do lack the %%EOF mark, so
    the same bytes twice are taken as they are.
    """
    seen: set[str] = set()

    def check(response: Response) -> None:
        _expect_document(response)
        complaint = _complaint(part)
        if complaint is None:
            return
        fingerprint = _digest(part) if _is_pdf(part) else ""
        if fingerprint not in seen:
            seen.add(fingerprint)
            raise UpstreamError(f"{response.url} sent {complaint}", url=response.url)
        if not fingerprint:
            raise PdfUnavailableError(f"{response.url} sent {complaint}", url=response.url)

    return check


def _used(path: Path) -> Path:
    """Mark a cached file as used, and return its path.

    Its time tells which files were used last; those are the last to be removed.
    """
    with suppress(OSError):
        os.utime(path)
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()


def _expect_document(response: Response) -> None:
    if response.status_code in _NOT_FOUND:
        raise PdfUnavailableError(
            f"There is no PDF at {response.url}: "
            "check the address, or whether the paper was withdrawn",
            url=response.url,
            status=response.status_code,
        )
    if response.status_code != _OK:
        raise PdfUnavailableError(
            f"{response.url} answered HTTP {response.status_code} in place of a PDF",
            url=response.url,
            status=response.status_code,
        )


def _complaint(part: Path) -> str | None:
    if not _is_pdf(part):
        return "a web page or some other file, not a PDF"
    with part.open("rb") as body:
        body.seek(max(0, part.stat().st_size - _TAIL_WITHIN_BYTES))
        return None if _TAIL in body.read() else "a PDF that breaks off"


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as body:
            return _MAGIC in body.read(_MAGIC_WITHIN_BYTES)
    except OSError:
        return False
