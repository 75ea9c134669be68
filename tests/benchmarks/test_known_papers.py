"""True statements about papers that everybody knows are left alone.

The papers are not part of this repository.
"""

import json
from pathlib import Path

import pytest

from chatpaper.domain import Paper
from chatpaper.extract.document import read_document
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

PAPERS = Path(__file__).parents[3] / "shared" / "corpus" / "pdf"
STATEMENTS = json.loads(
    Path(__file__).with_name("true_statements_of_known_papers.json").read_text("utf-8")
)
MOST_DISTURBED = 0.02


@pytest.mark.skipif(
    not PAPERS.is_dir(), reason="needs the PDFs in ../shared/corpus/pdf, which are not there"
)
def test_true_statements_about_known_papers_are_left_alone() -> None:
    claims = [claim for stem, texts in STATEMENTS.items() for claim in _checked(stem, texts)]
    assert sum(not claim.supported for claim in claims) / len(claims) <= MOST_DISTURBED


def _checked(stem: str, texts: list[str]) -> list[CheckedClaim]:
    document = read_document(PAPERS / f"{stem}.pdf", None)
    verifier = Verifier(document, Paper(stem, document.title, abstract=document.abstract))
    return [claim for text in texts for claim in verifier.check(Statement(text))]
