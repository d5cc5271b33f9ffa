"""Times: always timezone-aware; a naive datetime is refused where it enters."""

from datetime import UTC, datetime

from recollect.errors import ValidationError


def check_time(field: str, value: object) -> datetime:
    """Returns ``value`` in UTC.

    Raises:
        ValidationError: naming ``field``, if it is not a timezone-aware datetime.
    """
    if not isinstance(value, datetime):
        raise ValidationError(field, f"must be a datetime, not {type(value).__name__}")
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValidationError(
            field, "is naive; give it a time zone, e.g. 2026-05-04T00:00:00+00:00 or datetime(2026, 5, 4, tzinfo=UTC)"
        )
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValidationError(field, "lies outside the years 1 to 9999 in UTC") from None


def parse_time(field: str, value: object) -> datetime:
    """Returns an ISO 8601 string with an offset, or an aware datetime, in UTC.

    Raises:
        ValidationError: naming ``field``.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(
                field, f"must be ISO 8601 with an offset, e.g. 2026-05-04T09:30:00+00:00, not {value[:60]!r}"
            ) from None
    return check_time(field, value)
