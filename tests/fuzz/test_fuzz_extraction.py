"""The short form of the fuzz test.

Whatever a PDF holds, it ends as a document or as an error with a reason.
"""

from pathlib import Path

from tests.fuzz.fuzz_extraction import fuzz
from tests.fuzz.mutations import MUTATIONS, mutated

# Each way of breaking a file, ten times.
FILES = 10 * len(MUTATIONS)
SEED = 7


def test_every_broken_file_ends_as_a_document_or_as_an_error_with_a_reason(tmp_path: Path) -> None:
    endings = fuzz(FILES, SEED, workers=2, folder=tmp_path)

    assert endings.total() == FILES
    assert endings["document"] > 0
    assert endings["timeout"] == 0


def test_the_same_seed_breaks_files_in_the_same_way() -> None:
    whole = [b"%PDF-1.7 1 0 obj <</Size 3>> endobj 2 0 obj [1 2] endobj"]

    assert list(mutated(whole, 30, SEED)) == list(mutated(whole, 30, SEED))
    assert list(mutated(whole, 30, SEED)) != list(mutated(whole, 30, SEED + 1))
