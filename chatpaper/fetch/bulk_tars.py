"""The tars of arXiv's bulk service, `arXiv_pdf_2103_001.tar`: the PDFs of a month in some of them.

A tar is not unpacked: where its PDFs lie in it is read once, from the heads of its members.
"""

import tarfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from chatpaper.domain.errors import ConfigError

TAR_PATTERN = "arXiv_pdf_{month}_*.tar"
_COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class TarMember:
    """Where a PDF lies in a tar, in bytes."""

    tar: str
    offset: int
    size: int


class BulkTars:
    """The PDFs in the tars of a place; threads may share it.

    `list_tars` lists the tars of a month (`2103`), `open_tar` opens one; both raise OSError.
    """

    def __init__(
        self, list_tars: Callable[[str], Iterable[str]], open_tar: Callable[[str], IO[bytes]]
    ) -> None:
        self._list_tars = list_tars
        self._open_tar = open_tar
        self._lock = threading.Lock()
        self._months: dict[str, Mapping[str, TarMember]] = {}

    def find(self, month: str, stem: str) -> TarMember | None:
        """Return where the PDF of a name without `.pdf` lies; None where no tar has it.

        Raises OSError, and ConfigError for a tar that is damaged.
        """
        with self._lock:
            if month not in self._months:
                members: dict[str, TarMember] = {}
                for tar in sorted(self._list_tars(month)):
                    members |= self._read_heads(tar)
                self._months[month] = members
        return self._months[month].get(stem)

    def copy(self, member: TarMember, target: IO[bytes]) -> None:
        """Copy a PDF. Raises OSError, also where the tar ends before it does."""
        with self._open_tar(member.tar) as body:
            body.seek(member.offset)
            left = member.size
            while left:
                piece = body.read(min(left, _COPY_BYTES))
                if not piece:
                    raise OSError(f"{member.tar} ends within a PDF")
                target.write(piece)
                left -= len(piece)

    def _read_heads(self, tar: str) -> Mapping[str, TarMember]:
        try:
            with self._open_tar(tar) as body, tarfile.open(fileobj=body, mode="r:") as heads:
                return {
                    PurePosixPath(each.name).stem: TarMember(tar, each.offset_data, each.size)
                    for each in heads
                    if each.isreg() and each.name.endswith(".pdf")
                }
        except tarfile.TarError as error:
            raise ConfigError(f"{tar} is damaged ({error}): fetch it again.") from error


def open_folder(folder: Path) -> BulkTars:
    """Return the tars of a local folder."""
    return BulkTars(
        lambda month: map(str, folder.glob(TAR_PATTERN.format(month=month))),
        lambda tar: Path(tar).open("rb"),
    )


def open_bucket(system: Any, root: str) -> BulkTars:
    """Return the tars of a bucket that fsspec has opened; heads are read without what follows."""
    return BulkTars(
        lambda month: system.glob(f"{root}/{TAR_PATTERN.format(month=month)}"),
        lambda tar: system.open(tar, "rb", cache_type="none"),
    )
