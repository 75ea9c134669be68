"""Records of the database read back; what is no such record is a damaged row, and no defect."""

from typing import TypeVar

from pydantic import TypeAdapter

from chatpaper.domain.errors import StoreError

_T = TypeVar("_T")


def read_record(adapter: TypeAdapter[_T], record: str, subject: str) -> _T:
    """The record as what it is of. Raises StoreError, which names the `subject`, for one that cannot be read."""
    try:
        return adapter.validate_json(record)
    except ValueError as error:
        raise StoreError(
            f"What the database has of {subject} is damaged: `chatpaper doctor --fix` removes that row, and learns "
            "from the posts what was published."
        ) from error
