"""What the source says to people is read from it, in all the forms that it may take."""

from pathlib import Path

from tests.messages.extraction import Module, _read

SOURCE = '''
HOW = "restart it"

def refuse(path, problem, near, count):
    """Refuse."""
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ConfigError(f"{path} is damaged ({problem}).{hint}")
    raise AssertionError("a defect of ours")

def show(papers, name):
    echo(f"{len(papers)} papers {HOW}; {name!r}, {name}")
    log.warning("nobody is spoken to by a log")

def _unit(count) -> str:
    return " paper" if count == 1 else " papers"

def count_all(count):
    echo(f"{count}{_unit(count)} found")
'''


def test_messages_are_found_in_each_form(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert [*_read(Module(path), "chatpaper/module.py")] == [
        "{path} is damaged ({problem}). Did you mean {near}?",
        "{path} is damaged ({problem}).",
        "{papers} papers restart it; {name}, {name2}",
        "{count} paper found",
        "{count} papers found",
    ]
