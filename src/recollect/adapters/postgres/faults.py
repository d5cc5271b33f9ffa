"""Turns psycopg's errors into Recollect's, in one place."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout

from recollect.errors import (
    Conflict,
    SchemaMismatch,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnavailable,
    UsageError,
    ValidationError,
)


@contextmanager
def translated() -> Generator[None]:
    """Inside this block a psycopg error leaves as a ``StoreError`` whose message is one sentence."""
    try:
        yield
    except PoolClosed as error:
        raise UsageError("this memory is closed; open a new one") from error
    except PoolTimeout as error:
        raise StoreUnavailable(f"the database gave no connection in time: {_line(error)}") from error
    except psycopg.Error as error:
        raise translate(error) from error


def translate(error: psycopg.Error) -> Exception:
    """The Recollect error for a psycopg error."""
    message = _line(error)
    if isinstance(error, pg.DiskFull):
        return StoreFull(f"the database's disk is full, nothing was written: {message}")
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return StoreReadOnly(f"the database refuses writes: {message}")
    if isinstance(error, (pg.UndefinedTable, pg.UndefinedColumn, pg.InvalidSchemaName)):
        return SchemaMismatch(
            f"the database's schema does not fit this program ({message}); run `recollect db migrate`"
        )
    if isinstance(error, pg.UniqueViolation):
        return Conflict(f"another record stands in the way: {message}")
    if isinstance(error, (pg.CheckViolation, pg.NotNullViolation, psycopg.DataError)):
        return ValidationError(error.diag.column_name or error.diag.constraint_name or "value", message)
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return StoreUnavailable(f"the database cannot be reached or went away: {message}")
    return StoreError(message)


def _line(error: Exception) -> str:
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    text = primary or str(error) or type(error).__name__
    return " ".join(text.split())[:300]
