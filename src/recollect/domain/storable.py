"""Storable: what Postgres can keep as text; it knows neither NUL nor unpaired surrogates."""

from recollect.errors import ValidationError


def check_storable(field: str, text: str) -> str:
    """Returns ``text`` if Postgres can store it.

    Raises:
        ValidationError: naming ``field`` and where the character stands that it cannot.
    """
    if "\x00" in text:
        raise ValidationError(field, f"contains a NUL character at position {text.index(chr(0))}; remove it")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError(field, f"contains an unpaired surrogate at position {error.start}") from None
    return text
