"""ETags: a record's version as HTTP's conditional requests say it, so that nobody overwrites what he has not read."""

from recollect.errors import ValidationError


def etag_of(version: int) -> str:
    """The entity tag of a version, such as ``"3"``."""
    return f'"{version}"'


def expected_version(if_match: str | None) -> int | None:
    """The version that ``If-Match`` demands; None when it demands none.

    Raises:
        ValidationError: it is no tag that a GET has answered.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/")
    digits = tag[1:-1]
    if tag[:1] != '"' or tag[-1:] != '"' or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise ValidationError("If-Match", f'must be the ETag of a GET, such as "3", not {if_match[:60]!r}')
    return int(digits)


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether ``If-None-Match`` names this entity tag: what the caller has is still right."""
    if if_none_match is None:
        return False
    named = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return tag in named or "*" in named
