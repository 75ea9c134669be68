"""BibTeX files as reference managers and people write them."""

from pathlib import Path

import pytest

from chatpaper.domain.errors import ConfigError
from chatpaper.domain.ranking import LibraryPaper
from chatpaper.fetch.libraries.bibtex import read_bibtex


def read(folder: Path, text: str) -> tuple[LibraryPaper, ...]:
    path = folder / "library.bib"
    path.write_text(text, encoding="utf-8")
    return read_bibtex(path)


def test_titles_and_abstracts_lose_their_latex(tmp_path: Path) -> None:
    entry = r"""@article{a, title = {{\'E}tale {Cohomology} of {$\alpha$}--Rings},
        abstract = {We show\n 5\% more.}}"""
    (paper,) = read(tmp_path, entry)
    assert paper.title == "Étale Cohomology of α–Rings"
    assert "5% more." in paper.abstract


@pytest.mark.parametrize(
    ("field", "arxiv_id"),
    [
        ("eprint = {2006.11239v2}, archiveprefix = {arXiv}", "2006.11239"),
        ("journal = {arXiv preprint arXiv:2006.11239}", "2006.11239"),
        ("doi = {10.48550/arXiv.2006.11239}", "2006.11239"),
        ("url = {https://arxiv.org/pdf/2006.11239v1.pdf}", "2006.11239"),
        ("eprint = {hep-th/9901001}", "hep-th/9901001"),
        ("doi = {10.1000/2006.11239}", ""),
        ("journal = {Nature}, pages = {2006.11239}", ""),
    ],
)
def test_the_arxiv_id_is_found_where_managers_write_it(
    field: str, arxiv_id: str, tmp_path: Path
) -> None:
    (paper,) = read(tmp_path, f"@misc{{a, title = {{Nets}}, {field}}}")
    assert paper.arxiv_id == arxiv_id


def test_a_broken_entry_spoils_none_of_the_others(tmp_path: Path) -> None:
    text = """@article{a, title = {First}, journal = undefined}
        @article{a, title = {The Same Key}}
        @misc{broken, title = {No End
        @book{c, title = "Last", year = 2021}
        """
    titles = [paper.title for paper in read(tmp_path, text)]
    assert titles[0] == "First"
    assert titles[-1] == "Last"


@pytest.mark.parametrize(("text", "complaint"), [("", "has no entry"), ("@misc{a}", "no entry")])
def test_a_file_without_papers_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read(tmp_path, text)
