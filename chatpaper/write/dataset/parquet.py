"""Write tables as Parquet files, each whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from chatpaper.domain.atomic_files import make_folder
from chatpaper.domain.errors import ConfigError, WriteError
from chatpaper.write.dataset.tables import (
    COLUMNS,
    ColumnType,
    DataSetPaper,
    Row,
    TableName,
    list_rows,
)
from chatpaper.write.files import write_atomically


def require_pyarrow() -> Any:
    """Return the library of Parquet files. Raises ConfigError where it is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigError(
            "Data sets are written by a library that is not installed: "
            "pip install 'chatpaper[dataset]'."
        ) from error
    return pa


def find_part(folder: Path, table: TableName, month: str, shard: int) -> Path:
    """Return where a table has the papers of a shard: partitioned by month, as engines know it."""
    return folder / table / f"month={month}" / f"{shard:05d}.parquet"


def has_part(folder: Path, month: str, shard: int) -> bool:
    """Return whether a shard is in the data set: its papers are written last."""
    return find_part(folder, "papers", month, shard).is_file()


def write_part(folder: Path, month: str, shard: int, papers: Iterable[DataSetPaper]) -> None:
    """Write the papers of a shard to all tables, in the order of their ids.

    The same papers give the same bytes. Raises WriteError, and ConfigError without the library.
    """
    rows: dict[TableName, list[Row]] = {table: [] for table in COLUMNS}
    for paper in sorted(papers, key=lambda each: each.paper.arxiv_id):
        for table, more in list_rows(paper).items():
            rows[table] += more
    for table, columns in COLUMNS.items():
        path = find_part(folder, table, month, shard)
        try:
            make_folder(path.parent)
        except OSError as error:
            raise WriteError(
                f"The folder {path.parent} cannot be made: {error.strerror}.", path=str(path.parent)
            ) from error
        write_atomically(path, encode_table(columns, rows[table]))


def encode_table(columns: Mapping[str, ColumnType], rows: Sequence[Row]) -> bytes:
    """Return rows as a Parquet file; what a row lacks is null."""
    pa = require_pyarrow()
    types = {
        "string": pa.string(),
        "int32": pa.int32(),
        "bool": pa.bool_(),
        "double": pa.float64(),
        "date32": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "strings": pa.list_(pa.string()),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    body = BytesIO()
    pa.parquet.write_table(
        pa.Table.from_pylist([dict(row) for row in rows], schema), body, compression="zstd"
    )
    return body.getvalue()
