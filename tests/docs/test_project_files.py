"""What the project says of itself agrees: one version, one address, forms that GitHub reads."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.domain.project import PROJECT_URL, __version__
from tests.conftest import REPOSITORY

PROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
CITATION = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text("utf-8"))
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
FORMS = sorted((REPOSITORY / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
# Those of Keep a Changelog.
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_there_is_one_version() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "chatpaper/domain/project.py"
    assert CITATION["version"] == __version__
    newest = re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)[0]
    assert newest == __version__ or (newest == "Unreleased" and __version__ in CHANGELOG)


def test_there_is_one_address_and_one_licence() -> None:
    addresses = [*PROJECT["project"]["urls"].values(), CITATION["repository-code"]]
    assert [each for each in addresses if not each.startswith(PROJECT_URL)] == []
    assert CITATION["license"] == PROJECT["project"]["license"]
    site = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    assert f"  repository: {PROJECT_URL}\n" in site


def test_the_authors_are_the_same() -> None:
    assert [each["name"] for each in PROJECT["project"]["authors"]] == [
        each["name"] for each in CITATION["authors"]
    ]


def test_the_changelog_has_its_kinds_of_changes() -> None:
    headings = re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)
    assert headings
    assert {*headings} <= KINDS


def test_the_readme_is_found_where_the_package_is_built() -> None:
    assert PROJECT["project"]["readme"] == "README.md"
    assert "README.md" in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        (REPOSITORY / "CITATION.cff", "vendor.citation-file-format"),
        *(
            (form, f"vendor.github-issue-{'config' if form.stem == 'config' else 'forms'}")
            for form in FORMS
        ),
    ],
    ids=lambda value: getattr(value, "stem", ""),
)
def test_what_others_read_has_the_form_that_they_expect(file: Path, schema: str) -> None:
    checker = pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = subprocess.run(
        [sys.executable, "-m", checker.__name__, "--builtin-schema", schema, str(file)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_demo_makes_in_a_clone_is_ignored() -> None:
    assert "`chatpaper-demo/`" in (REPOSITORY / "README.md").read_text("utf-8")
    assert "/chatpaper-demo/" in (REPOSITORY / ".gitignore").read_text("utf-8").splitlines()
