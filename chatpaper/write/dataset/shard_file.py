"""The file of a shard: what was read of some hundred PDFs, a row each, whole or absent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chatpaper.write.dataset.parquet import require_pyarrow

# Rows that are in memory at a time: pictures of a paper take a megabyte.
_ROWS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What came of reading a PDF.

    `stage` is empty where it was read, else where it failed, with the fault as `reason` (a word)
    and `fault` (a sentence). `document` is the document as JSON, `images` its PNGs by name.
    """

    arxiv_id: str
    stage: str = ""
    reason: str = ""
    fault: str = ""
    pdf_digest: str = ""
    document: str = ""
    images: tuple[tuple[str, bytes], ...] = ()


def write_rows(path: Path, rows: Iterable[ReadRow]) -> int:
    """Write rows to a Parquet file as they come, and return how many there were.

    The same rows give the same bytes. Raises OSError, and ConfigError without the library.
    """
    pa = require_pyarrow()
    image = pa.struct([("name", pa.string()), ("data", pa.binary())])
    names = ("arxiv_id", "stage", "reason", "fault", "pdf_digest", "document")
    schema = pa.schema([*((name, pa.string()) for name in names), ("images", pa.list_(image))])
    written = 0
    with pa.parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=False) as file:
        for some in _in_groups(rows):
            records = [
                {name: getattr(row, name) for name in names}
                | {"images": [{"name": name, "data": data} for name, data in row.images]}
                for row in some
            ]
            file.write_table(pa.Table.from_pylist(records, schema))
            written += len(some)
    return written


def read_rows(path: Path) -> Iterator[ReadRow]:
    """Read the rows of a shard, some at a time. Raises OSError, and ConfigError as `write_rows`."""
    pa = require_pyarrow()
    with pa.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            for record in batch.to_pylist():
                images = tuple((each["name"], each["data"]) for each in record.pop("images"))
                yield ReadRow(**record, images=images)


def _in_groups(rows: Iterable[ReadRow]) -> Iterator[list[ReadRow]]:
    group: list[ReadRow] = []
    for row in rows:
        group.append(row)
        if len(group) == _ROWS_AT_ONCE:
            yield group
            group = []
    if group:
        yield group
