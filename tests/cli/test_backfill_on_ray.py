"""A backfill whose PDFs two nodes of a Ray cluster read, one of which is killed half-way."""

import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_backfill import command, tree
from tests.fakes.arxiv_snapshot import make_papers, write_pdfs, write_snapshot
from tests.fakes.poison import write_poison

pytestmark = pytest.mark.ray

# Six days apart: a shard for each of seven months.
PAPERS = 30
HOURS_APART = 144


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'chatpaper[ray]'")
    # Whoever has a token has it at home, and the commands of this test have another one.
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    utilities: Any = import_module("ray.cluster_utils")
    cluster = utilities.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        yield cluster
    finally:
        cluster.shutdown()


@pytest.mark.filterwarnings("ignore")
def test_the_data_set_is_that_of_one_machine_though_a_node_is_lost(
    tmp_path: Path, library: Path, cluster: Any
) -> None:
    home = tmp_path
    papers = make_papers(library, PAPERS, HOURS_APART)
    write_snapshot(home / "snapshot.json", papers)
    poisoned = write_poison(write_pdfs(home / "pdfs", papers), papers)
    second = cluster.add_node(num_cpus=1)
    trees: dict[str, dict[str, bytes]] = {}
    for name in ("local", "ray"):
        terminal = Terminal(
            home,
            {
                "HOME": str(home),
                "CHATPAPER_STATE_DIR": str(home / name / "state"),
                "CHATPAPER_CACHE_DIR": str(home / name / "cache"),
                "CHATPAPER_OUTPUT_DIR": str(home / name / "posts"),
                "CHATPAPER_EXTRACT__TIMEOUT_SECONDS": "20",
                "CHATPAPER_EXTRACT__MEMORY_MEGABYTES": "400",
                "CHATPAPER_EXTRACT__WORKERS": "2",
            },
        )
        asked = [*command("--yes", "--json", "--dataset", f"{name}/data")]
        if name == "ray":
            asked += ["--engine", "ray", "--ray-address", cluster.address, "--shards", "store"]
            killer = threading.Thread(
                target=kill_when_some_are_read, args=(cluster, second, home / "store")
            )
            killer.start()
        done = terminal.run(*asked)
        assert done.exit_code == 3, done.err
        assert [each["arxiv_id"] for each in done.report["set_aside"]] == poisoned
        trees[name] = tree(home / name / "data")
    killer.join()
    assert len(trees["local"]) == 4 * 7
    assert trees["ray"] == trees["local"]


def kill_when_some_are_read(cluster: Any, node: Any, store: Path) -> None:
    """Kill a node as soon as two shards are there."""
    until = time.monotonic() + 120
    while len(list(store.rglob("read/*.parquet"))) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    cluster.remove_node(node, allow_graceful=False)
