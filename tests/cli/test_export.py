"""`chatpaper export` from the outside."""

import json
from pathlib import Path

from pybtex.database import parse_string

from tests.cli.conftest import TONIGHT, Terminal


def test_the_papers_of_a_night_are_exported_to_stdout_or_a_file(online: Terminal) -> None:
    assert online.run("run", "--topic", "Diffusion Models", "--date", TONIGHT).exit_code == 0
    bibtex = online.run("export", "--format", "bibtex", "--since", TONIGHT, "--until", TONIGHT)
    assert bibtex.exit_code == 0, bibtex.err
    entries = parse_string(bibtex.out, "bibtex").entries
    assert set(entries) == {"nunez2026withdrawn", "nunez2026diffusion", "nunez2026step"}
    assert entries["nunez2026step"].fields["eprint"] == "2611.00001"
    lines = [
        json.loads(line) for line in online.run("export", "--format", "jsonl").out.splitlines()
    ]
    beside = json.loads((online.posts / TONIGHT / "Diffusion_Models.json").read_text("utf-8"))
    assert [{**line, **paper} for line, paper in zip(lines, beside["papers"], strict=True)] == lines
    table = online.home / "papers.csv"
    done = online.run("export", "--format", "csv", "--topic", "Diffusion Models", "--output", table)
    assert done.out == f"{table}\n"
    assert table.read_bytes().startswith(b"\xef\xbb\xbfarxiv_id,")
    assert table.read_bytes().count("José Núñez".encode()) == 3
    vault = online.home / "vault"
    noted = online.run("export", "--format", "obsidian", "--output", vault)
    written = [Path(line) for line in noted.out.splitlines()]
    assert sorted(vault.iterdir()) == sorted(written)
    assert "[第 1 页](" in (vault / "2611.00001.md").read_text("utf-8")
    written[0].write_text("mine", "utf-8")
    again = online.run("export", "--format", "obsidian", "--output", vault)
    assert (again.out, "stay as they are: 3" in again.err) == ("", True)
    assert written[0].read_text("utf-8") == "mine"
    none = online.run("export", "--format", "csv", "--topic", "NeRF")
    assert (none.exit_code, none.out.count("\n")) == (0, 1)
    assert "There are no such posts" in none.err


def test_wrong_usage_of_export_is_told(terminal: Terminal) -> None:
    unknown = terminal.run("export", "--format", "xml")
    assert (unknown.exit_code, "bibtex, jsonl, csv" in unknown.err) == (2, True)
    turned = terminal.run(
        "export", "--format", "csv", "--since", "2026-07-02", "--until", "2026-07-01"
    )
    assert (turned.exit_code, "is after" in turned.err) == (2, True)
    assert terminal.run("export").exit_code == 2
    nowhere = terminal.run("export", "--format", "notion")
    assert (nowhere.exit_code, "by --output" in nowhere.err) == (2, True)
    folder = terminal.run("export", "--format", "ris", "--output", ".")
    assert (folder.exit_code, "is written to a file" in folder.err) == (2, True)
