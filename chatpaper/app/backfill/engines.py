"""Who reads the shards of a backfill: this machine, the machines of a Ray cluster, or others.

A shard whose file is there was read, by whomever. Each PDF is read in a process of its own below
the worker, so that one that crashes, hangs or eats memory costs itself alone: what an engine tries
again are shards of nodes that were lost.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.file_store import FileStore
from chatpaper.fetch.pdf_store import PdfStore, resolve_place
from chatpaper.pipeline.backfill.shards import ShardPlan, read_shard

EngineName = Literal["local", "ray"]
# Shards that are with the engine for each of its cores: enough that no core waits for the driver.
_SHARDS_PER_CORE = 4
# A head that does not answer in this time is not there.
_CONNECT_SECONDS = 10.0
# How often a shard is begun again whose node was lost.
_LOST_NODES = 3


@dataclass(frozen=True, slots=True)
class ShardReader:
    """All that a worker needs to read shards; it knows neither a key nor the database."""

    store: str
    pdfs: str
    timeout_seconds: float
    memory_bytes: int

    @classmethod
    def of(cls, settings: Settings, store: str, pdfs: str | None) -> "ShardReader":
        """Return the reader of the settings.

        Raises ConfigError without a place of PDFs: arXiv's pace counts over all machines together.
        """
        if pdfs is None:
            raise ConfigError(
                "Shards are read from a folder or bucket of PDFs: name it by --pdfs. arXiv allows "
                "one request in three seconds to all of your machines together."
            )
        extract = settings.extract
        memory_bytes = extract.memory_megabytes * 1024 * 1024
        places = (resolve_place(store), resolve_place(pdfs))
        return cls(*places, extract.timeout_seconds, memory_bytes)

    def read(self, number: int, jobs: int = 1) -> tuple[ShardPlan, bool]:
        """Read a shard, `jobs` PDFs at a time; raises as `read_shard` does."""
        with (
            TemporaryDirectory(prefix="chatpaper-pdfs-") as folder,
            Extractor(jobs, self.timeout_seconds, self.memory_bytes) as workers,
        ):
            pdfs = PdfStore(self.pdfs, Path(folder))
            return read_shard(FileStore(self.store), number, pdfs.fetch, workers.extract, jobs)


class ShardEngine(Protocol):
    """Has shards read."""

    def ensure_read(self, number: int) -> ShardPlan:
        """Return the plan of a shard when its file is there; raises as `read_shard` does."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Reads shards on this machine, one after another."""

    reader: ShardReader
    jobs: int

    def ensure_read(self, number: int) -> ShardPlan:
        """Read a shard, unless its file is there."""
        return self.reader.read(number, self.jobs)[0]


class RayEngine:
    """Has shards read by tasks of Ray, some ahead of the one that is asked for."""

    def __init__(self, reader: ShardReader, numbers: Sequence[int], ray: Any) -> None:
        """Take the shards in the order in which they will be asked for."""
        self._ray = ray
        # What a shard needs is code and paths: results are files, and the object store stays empty.
        task = ray.remote(_read_on_node).options(
            num_cpus=1,
            max_retries=_LOST_NODES,
            retry_exceptions=[OSError, UpstreamError],
            scheduling_strategy="SPREAD",
        )
        self._submit: Callable[[int], Any] = lambda number: task.remote(reader, number)
        self._waiting = list(reversed(numbers))
        self._running: dict[int, Any] = {}

    def ensure_read(self, number: int) -> ShardPlan:
        """Wait until a shard is read, while others are read too."""
        cores = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        while self._waiting and len(self._running) < _SHARDS_PER_CORE * cores:
            following = self._waiting.pop()
            self._running[following] = self._submit(following)
        reference = self._running.pop(number, None) or self._submit(number)
        try:
            plan: ShardPlan = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause or UpstreamError(f"Shard {number} was not read: {error}") from error
        except self._ray.exceptions.RayError as error:
            raise UpstreamError(
                f"Ray has not read shard {number}: {' '.join(str(error).split())[:300]}"
            ) from error
        return plan


def _read_on_node(reader: ShardReader, number: int) -> ShardPlan:
    return reader.read(number)[0]


@contextmanager
def start_engine(
    name: EngineName, reader: ShardReader, numbers: Sequence[int], address: str, jobs: int | None
) -> Iterator[ShardEngine]:
    """Start an engine for shards in this order, and end it behind them.

    Without an address Ray is started on this machine alone. Raises ConfigError where its library is
    not installed or there is no cluster at the address.
    """
    jobs = jobs or os.cpu_count() or 1
    if name == "local":
        yield LocalEngine(reader, jobs)
        return
    _refuse_silent(address)
    ray = _import_ray()
    try:
        own = {} if address else {"num_cpus": jobs, "include_dashboard": False}
        ray.init(address=address or None, log_to_driver=False, logging_level="error", **own)
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        if address:
            raise ConfigError(
                f"There is no Ray cluster at {address}, or it has a token: copy ~/.ray/auth_token "
                f"from its head, and set RAY_AUTH_MODE=token. {error}"
            ) from error
        raise ConfigError(f"Ray cannot be started on this machine: {error}") from error
    try:
        # Ray prints what it has to say of nodes, where results alone belong.
        with redirect_stdout(sys.stderr):
            yield RayEngine(reader, numbers, ray)
    finally:
        ray.shutdown()


def _refuse_silent(address: str) -> None:
    """Raise ConfigError for an address at which nobody listens: Ray would try it for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return  # `auto` and the like, of which Ray knows at once
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(f"There is no Ray cluster at {address}: {error}") from error


def _import_ray() -> Any:
    try:
        import_module("ray.exceptions")
        return import_module("ray")
    except ImportError as error:
        raise ConfigError(
            "The engine ray needs a library that is not installed: pip install 'chatpaper[ray]'."
        ) from error
