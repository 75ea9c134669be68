"""What a person may write for a paper."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import ArxivId
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.paper_reference import (
    ArxivReference,
    PdfFile,
    PdfUrl,
    parse_reference,
)


@pytest.mark.parametrize(
    ("text", "idv"),
    [
        ("2407.18125", "2407.18125"),
        ("2407.18125v2", "2407.18125v2"),
        ("  arXiv:2407.18125v2 ", "2407.18125v2"),
        ("arxiv: 0704.0001", "0704.0001"),
        ("hep-th/9901001v1", "hep-th/9901001v1"),
        ("math.GT/0309136", "math/0309136"),
        ("Hep-Th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/2407.18125", "2407.18125"),
        ("http://arxiv.org/abs/2407.18125v1", "2407.18125v1"),
        ("https://www.arxiv.org/abs/2407.18125/", "2407.18125"),
        ("https://export.arxiv.org/pdf/2407.18125v2.pdf", "2407.18125v2"),
        ("https://arxiv.org/pdf/2407.18125.pdf?download=1#page=3", "2407.18125"),
        ("https://arxiv.org/html/2407.18125v1#S3.F2", "2407.18125v1"),
        ("https://arxiv.org/abs/hep-th/9901001?context=math", "hep-th/9901001"),
        ("https://arxiv.org/src/2407.18125v1", "2407.18125v1"),
        ("https://arxiv.org/abs/arXiv:2407.18125", "2407.18125"),
        ("https://ARXIV.org/abs/2407.18125", "2407.18125"),
        ("https://cn.arxiv.org/pdf/2407.18125", "2407.18125"),
        ("arxiv.org/abs/2407.18125", "2407.18125"),
        ("https://www.alphaxiv.org/abs/2407.18125v2", "2407.18125v2"),
        ("https://alphaxiv.org/overview/2407.18125", "2407.18125"),
        ("https://papers.cool/arxiv/2407.18125", "2407.18125"),
        ("https://huggingface.co/papers/2407.18125", "2407.18125"),
        ("https://hf.co/papers/2407.18125", "2407.18125"),
        ("https://ar5iv.labs.arxiv.org/html/2407.18125", "2407.18125"),
        ("10.48550/arXiv.2407.18125", "2407.18125"),
        ("doi:10.48550/arXiv.2407.18125v2", "2407.18125v2"),
        ("https://doi.org/10.48550/arXiv.2407.18125", "2407.18125"),
        ("http://dx.doi.org/10.48550/ARXIV.HEP-TH/9901001", "hep-th/9901001"),
        ("[2407.18125] How Many Steps Are Enough?", "2407.18125"),
        ("arXiv preprint arXiv:2407.18125, 2024", "2407.18125"),
        ("Ho et al., 2020, arXiv:2407.18125v1 [cs.LG]", "2407.18125v1"),
        ("（２４０７．１８１２５）", "2407.18125"),
        ("arXiv：2407.18125）", "2407.18125"),
        ("http://xxx.itp.ac.cn/abs/2407.18125", "2407.18125"),
        ("https://arxiv.org/abs/2407.18125）。", "2407.18125"),
        ("2407.18125 and more", "2407.18125"),
    ],
)
def test_ids_and_addresses_of_arxiv_papers_are_understood(text: str, idv: str) -> None:
    assert parse_reference(text) == ArxivReference(ArxivId.parse(idv))


@pytest.mark.parametrize(
    "url",
    [
        "https://aclanthology.org/2023.eacl-main.121.pdf",
        "https://openreview.net/pdf?id=abc",
        "https://example.org/forum?id=abc",
        "http://127.0.0.1:8000/paper",
        "https://huggingface.co/someone/model/resolve/main/paper.pdf",
        "https://notarxiv.org/abs/2407.18125",
    ],
)
def test_other_addresses_are_taken_for_pdfs(url: str) -> None:
    assert parse_reference(url) == PdfUrl(url)


def test_a_page_of_openreview_stands_for_its_pdf() -> None:
    assert parse_reference("https://openreview.net/forum?id=aB3") == PdfUrl(
        "https://openreview.net/pdf?id=aB3"
    )


def test_a_file_is_found_by_its_path_whatever_its_name(tmp_path: Path) -> None:
    for name in ("paper.pdf", "PAPER.PDF", "a paper with spaces", "2407.18125.pdf"):
        path = tmp_path / name
        path.write_bytes(b"%PDF-")
        assert parse_reference(str(path)) == PdfFile(path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("no-such-file.pdf", "no file"),
        ("24071.8125", "names no paper"),
        ("2407.18125v0", "names no paper"),
        ("2407.18125 or 2407.18126", "names no paper"),
        ("version 12407.18125.3 of it", "names no paper"),
        ("https://doi.org/10.1000/182", "DOI of a publisher"),
        ("https://arxiv.org/list/cs.CV/new", "names no paper"),
        ("https://arxiv.org/", "names no paper"),
        ("https://arxiv.org/abs/", "names no paper"),
        ("https://arxiv.org/abs/2407", "names no paper"),
        ("https://huggingface.co/papers", "names no paper"),
        ("https://papers.cool/venue/ICLR.2024", "names no paper"),
        ("x" * 5000, "names no paper"),
        ("nul\0", "names no paper"),
        ("~nobody/paper.pdf", "no file"),
        ("ftp://arxiv.org/abs/2407.18125", "http"),
        ("file:///etc/passwd", "http"),
        ("https:///abs/2407.18125", "http"),
        ("https://[arxiv.org/abs/2407.18125", "not a URL"),
    ],
)
def test_everything_else_is_refused_with_what_to_give(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parse_reference(text)


def test_a_folder_is_refused_with_the_command_for_folders(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--source"):
        parse_reference(str(tmp_path))


IDS = st.builds(
    ArxivId,
    st.one_of(
        st.from_regex(r"[0-9]{4}\.[0-9]{4,5}", fullmatch=True),
        st.from_regex(r"(hep-th|math|cs)/[0-9]{7}", fullmatch=True),
    ),
    st.none() | st.integers(1, 99),
)


@given(
    IDS,
    st.sampled_from(
        [
            "{}",
            "arXiv:{}",
            "https://arxiv.org/abs/{}",
            "http://export.arxiv.org/pdf/{}.pdf",
            "https://arxiv.org/html/{}/?x=1#y",
            "https://papers.cool/arxiv/{}",
        ]
    ),
)
def test_an_id_survives_every_way_of_writing_it(arxiv_id: ArxivId, form: str) -> None:
    assert parse_reference(form.format(arxiv_id.idv)) == ArxivReference(arxiv_id)


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    with suppress(ConfigError):
        assert isinstance(parse_reference(text), ArxivReference | PdfFile | PdfUrl)
