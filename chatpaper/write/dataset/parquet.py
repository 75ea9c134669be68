"""Encode the tables of a data set as Parquet files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from chatpaper.domain.errors import ConfigError
from chatpaper.write.dataset.tables import (
    COLUMNS,
    ColumnType,
    DataSetPaper,
    Row,
    TableName,
    list_rows,
)


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


def name_part(table: TableName, month: str, shard: int) -> str:
    """Return the name of the file that has the papers of a shard in a table.

    Tables are partitioned by month, as engines know it.
    """
    return f"{table}/month={month}/{shard:05d}.parquet"


def name_last_part(month: str, shard: int) -> str:
    """Return the name of the file that is written last: where it is, the shard is in all tables."""
    return name_part(tuple(COLUMNS)[-1], month, shard)


def encode_parts(
    month: str, shard: int, papers: Iterable[DataSetPaper]
) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of the files of a shard, with its papers in the order of their ids.

    The same papers give the same bytes. Raises ConfigError without the library.
    """
    rows: dict[TableName, list[Row]] = {table: [] for table in COLUMNS}
    for paper in sorted(papers, key=lambda each: each.paper.arxiv_id):
        for table, more in list_rows(paper).items():
            rows[table] += more
    for table, columns in COLUMNS.items():
        yield name_part(table, month, shard), encode_table(columns, rows[table])


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
