"""Source: the lines of a file, read a part at a time on another thread, each with its number and whose it is."""

import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, cast

import anyio.to_thread

from recollect.domain.scope import check_id, is_reserved
from recollect.domain.shown import shown
from recollect.errors import ValidationError
from recollect.memory.moving.form import FORMAT, HEADER, KINDS, MESSAGE, TEXT

PART: Final = 200
"""Lines that are read, and mostly written, at once."""
LONGEST: Final = 16_000_000
"""Characters of a line."""

Raw = str | bytes | Mapping[str, Any]
Lines = Iterable[Raw] | AsyncIterable[Raw]


@dataclass(slots=True)
class Line:
    """One line.

    Attributes:
        number: from 1 on. kind: what it holds; ``text`` and ``message`` are lines without a kind.
        body: its fields, the kind left out. user_id: whose it is. problem: why it cannot be used, or "".
    """

    number: int
    kind: str = ""
    body: dict[str, Any] = field(default_factory=dict[str, Any])
    user_id: str = ""
    problem: str = ""


class Source:
    """Reads lines; knows whose they are.

    Args:
        lines: texts or objects, from anything that gives them one by one.
        user_id: whose they become, None for whose they say they are.
    """

    def __init__(self, lines: Lines, user_id: str | None) -> None:
        self._lines = lines
        self._user_id = user_id
        self._named: str | None = None
        self._first: str | None = None
        self._number = 0

    async def parts(self) -> AsyncGenerator[list[Line]]:
        """The lines, 200 at a time, blank ones and headers left out.

        Raises:
            ValidationError: it is no collection of lines, or a header names a format that this version does not read.
        """
        async for raw in _in_parts(self._lines):
            yield await anyio.to_thread.run_sync(self._read, raw)

    def _read(self, raw: list[Raw]) -> list[Line]:
        return [line for one in raw if (line := self._line(one)) is not None]

    def _line(self, raw: Raw) -> Line | None:
        self._number += 1
        line = Line(self._number)
        try:
            body = _parsed(raw)
            if body is None:
                return None
            line.kind, line.body = _kind_of(body), body
            if line.kind == HEADER:
                self._begin(body)
                return None
            line.user_id = self._owner(line)
        except ValidationError as error:
            if error.field == "format":
                raise ValidationError(f"line {self._number}", str(error)) from None
            line.problem = str(error)
        return line

    def _begin(self, body: Mapping[str, Any]) -> None:
        """A header: whose the lines after it are."""
        if body.get("format") != FORMAT:
            raise ValidationError("format", f"is {shown(body.get('format'))}; this version reads {FORMAT}")
        self._named = _user("user_id", body.get("user_id"))
        self._first = self._first or self._named

    def _owner(self, line: Line) -> str:
        own = line.body.pop("user_id", None) if line.kind in (TEXT, MESSAGE) else None
        if own is not None:
            own = _user("user_id", own)
            if self._user_id not in (None, own):
                raise ValidationError("user_id", f"the line says {own!r}, but it is read in for {self._user_id!r}")
            return own
        if self._user_id is None:
            if self._named is None:
                raise ValidationError("user_id", "neither the line nor a header before it says whose it is; name one")
            return self._named
        if self._named != self._first:
            problem = f"the header says {self._named!r}, but {self._first!r} is read in for {self._user_id!r}"
            raise ValidationError("user_id", f"{problem}; several users at once need user_id to be left out")
        return self._user_id


async def _in_parts(lines: Lines) -> AsyncGenerator[list[Raw]]:
    if isinstance(lines, AsyncIterable):
        async for part in _gathered(aiter(lines)):
            yield part
        return
    given: object = lines
    if isinstance(given, str | bytes | Mapping) or not hasattr(given, "__iter__"):
        kind = type(cast(object, given)).__name__
        raise ValidationError("lines", f"must give one line after the other, not {kind}")
    steps = iter(lines)
    while part := await anyio.to_thread.run_sync(_taken, steps):
        yield part


def _taken(steps: Iterator[Raw]) -> list[Raw]:
    return list(islice(steps, PART))


async def _gathered(lines: AsyncIterator[Raw]) -> AsyncGenerator[list[Raw]]:
    part: list[Raw] = []
    async for line in lines:
        part.append(line)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _parsed(raw: Raw) -> dict[str, Any] | None:
    """The object in a line; None for a blank one.

    Raises:
        ValidationError: it is no JSON object that can be stored.
    """
    text = _text(raw)
    if not text or text.isspace():
        return None
    if len(text) > LONGEST:
        raise ValidationError("line", f"has {len(text):,} characters; at most {LONGEST:,} are read")
    try:
        found: object = json.loads(text, parse_constant=_refused)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValidationError("line", "contains an unpaired surrogate, which Postgres cannot store") from None
    except (ValueError, RecursionError) as error:
        raise ValidationError("line", f"is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValidationError("line", f"must be a JSON object, not {type(found).__name__}")
    if "\\u0000" in text and _has_nul(cast(object, found)):
        raise ValidationError("line", "contains a NUL character, which Postgres cannot store")
    return cast(dict[str, Any], found)


def _text(raw: Raw) -> str:
    try:
        if isinstance(raw, bytes):
            return raw.decode("utf-8-sig")
        if isinstance(raw, str):
            raw.encode()
            return raw.removeprefix("\ufeff")
        return json.dumps(dict(raw))
    except UnicodeError as error:
        raise ValidationError("line", f"is not UTF-8 text: {error}") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise ValidationError("line", f"is not JSON: {error}") from None


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON")


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(one) for pair in cast(dict[str, object], value).items() for one in pair)
    return isinstance(value, list) and any(map(_has_nul, cast(list[object], value)))


def _kind_of(body: dict[str, Any]) -> str:
    kind = body.pop("kind", None)
    if isinstance(kind, str) and kind in KINDS:
        return kind
    if kind is not None:
        raise ValidationError("kind", f"must be one of {', '.join(sorted(KINDS))}, not {shown(kind)}")
    if TEXT in body:
        return TEXT
    if "content" in body or "role" in body:
        return MESSAGE
    raise ValidationError("line", "has neither kind, as an export has, nor text, nor role and content")


def _user(field: str, value: object) -> str:
    user_id = check_id(field, value)
    if is_reserved(user_id):
        raise ValidationError(field, f"{user_id!r} is reserved; no user's id begins so")
    return user_id
