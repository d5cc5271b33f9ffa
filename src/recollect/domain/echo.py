"""Echo: recognises what recall put into a prompt when it comes back, so that it is not taken for news.

Two ways lead back. A whole rendered packet returns between its markers, in a message that quotes the prompt: ``cut``
takes it out and keeps every other character. Or a model repeats single lines without the markers: ``candidate_lines``
reads each line and sentence as the memory that it may be, and whoever has the store looks up the content hashes.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from recollect.domain.packet_form import ASIDE_TAGS, MARKER, TITLES, Category
from recollect.domain.reading.sentences import sentences

READ_LIMIT = 20_000
"""Characters of a message that are compared with the store."""
MIN_WORDS = 3
"""What is shorter ("Yes.", "Thank you!") is said every day and is nobody's echo."""
LONGEST_RUN = 3
"""Sentences in a row that are tried as one memory."""
MOST_PEELS = 8

_LINE = re.compile(r"[^\n\r]+")
_LINE_OR_BLANK = re.compile(r"([^\n\r]*)(?:\r?\n|\r|\Z)")
_QUOTING = re.compile(r"(?:[ \t]*[>|] ?)*")
_TITLES = "|".join(re.escape(title) for title in (*TITLES.values(), *ASIDE_TAGS))
_TAGS = "|".join((*Category, *ASIDE_TAGS.values()))
_HEAD_TEXT = rf"(?:#{{1,6}}[ \t]{{0,9}}(?:{_TITLES})|(?:{_TITLES}):|<(?:{_TAGS})>)"
_HEAD = re.compile(_HEAD_TEXT, re.IGNORECASE)
_BARE_TITLE = re.compile(rf"(?:{_TITLES})[:*_]*", re.IGNORECASE)
_HEAD_NEXT = re.compile(rf"(?:[\s>|]|\\[nr]){{0,20}}{_HEAD_TEXT}", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"(?:\(|<!-- )(?:left out for space: [\w ,]{1,400}|\d{1,9} less relevant memor(?:y|ies) left out)(?:\)| -->)",
    re.IGNORECASE,
)
_CLOSING_TAG = re.compile(rf"</(?:{_TAGS})>", re.IGNORECASE)
_ITEM = re.compile(r"(?:- |\s*<item>|  )\S?")
_FENCE = re.compile(r"(?:```|~~~)\w*")
_PEEL = re.compile(
    r"\s*(?:[>|]|[-*+•–](?=\s)|\d{1,3}[.)](?=\s)|#{1,6}(?=\s)|<item>|[\"'“”„‘’«»`_*]"
    r"|\[(?:(?:until |older, see |may be outdated since )?\d{1,4}-\d\d-\d\d|past|worked \d{1,9} of \d{1,9})\])\s*",
    re.IGNORECASE,
)
_CLOSING_QUOTES = re.compile(r"[\"'“”„‘’«»`_*]+$")
_SPEAKER = re.compile(r":\s")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Letters of scripts that put no space between words."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text without the packets in it.

    Attributes:
        rest: what is left, character by character as it was. echoed: what was taken out, block by block.
    """

    rest: str
    echoed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EchoLine:
    """A piece of a message that may repeat a memory.

    Attributes:
        start, end: where it stands in the message.
        readings: the memories that it would repeat: speaker (or None) and text.
        counts: it is one sentence that says something; a message is an echo as a whole only if each of these is. What
            does not count is a line or a run of sentences, which stand in the list themselves, or too short to tell.
    """

    start: int
    end: int
    readings: tuple[tuple[str | None, str], ...]
    counts: bool


def cut(text: str) -> Cut:
    """Takes out what stands between the markers of a rendered packet, in any style and however it is quoted.

    A pair of markers counts if each has a line to itself, or if a packet's first heading follows the opening one. Where
    one end is missing, the lines next to the other one that look rendered go. All else is kept as it is.
    """
    if MARKER.search(text) is None:
        return Cut(text, ())
    pairs, unclosed, unopened = _paired(_marks(text))
    spans = [(one.start, other.end) for one, other in pairs if one.headed or (one.alone and other.alone)]
    end = 0
    for mark in unclosed:
        if mark.alone and mark.headed and mark.start >= end:
            end = _end_of_rendered(text, mark.end)
            spans.append((mark.start, end))
    taken = max((end for _, end in spans), default=0)
    for mark in unopened:
        start = _start_of_rendered(text, mark.start)
        if mark.alone and taken <= start < mark.start:
            spans.append((start, mark.end))
    rest: list[str] = []
    echoed: list[str] = []
    place = 0
    for start, end in _merged(spans):
        rest.append(text[place:start])
        echoed.append(text[start:end])
        place = end
    return Cut("".join([*rest, text[place:]]), tuple(echoed))


def candidate_lines(text: str) -> list[EchoLine]:
    """The lines, sentences and short runs of sentences of a message, each with the memories that it may repeat.

    Bullets, quotes, tags and dates are taken off step by step, each step a reading; so is what remains after
    ``Speaker: ``. Headings of a packet and pieces of fewer than three words are passed over. What stands after
    ``READ_LIMIT`` characters is not looked at.
    """
    found: list[EchoLine] = []
    text = text[:READ_LIMIT]
    lines = list(_LINE.finditer(text))
    if len(lines) > 1:
        _keep(found, text, 0, len(text), alone=False)
    for line in lines:
        if _is_furniture(line.group()):
            continue
        pieces = [(line.start() + s.start, line.start() + s.start + len(s.text)) for s in sentences(line.group())]
        if len(pieces) > 1:
            _keep(found, text, line.start(), line.end(), alone=False)
        for size in range(1, min(LONGEST_RUN, len(pieces)) + 1):
            for first in range(len(pieces) - size + 1):
                _keep(found, text, pieces[first][0], pieces[first + size - 1][1], alone=size == 1)
    return found


def says_something(text: str) -> bool:
    """Whether there is anything in it beside code fences, quote marks and punctuation."""
    without = re.sub(r"(?m)^[\s>|]*(?:```|~~~)\w*[^\S\n]*$", "", text)
    return any(character.isalnum() or unicodedata.category(character) == "So" for character in without)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    closes: bool
    alone: bool
    headed: bool


def _marks(text: str) -> Iterator[_Mark]:
    for line in _LINE.finditer(text):
        found = list(MARKER.finditer(line.group()))
        alone = bool(found) and not any(character.isalnum() for character in MARKER.sub("", line.group()))
        for marker in found:
            start, end = line.start() + marker.start(), line.start() + marker.end()
            kind = "angle" if marker["angle"] else "square"
            closes = bool(marker["ends_angle"] or marker["ends_square"])
            headed = not closes and _HEAD_NEXT.match(text, end) is not None
            if not closes and _QUOTING.fullmatch(line.group(), 0, marker.start()):
                start = line.start()  # the block's own "> " goes with it
            yield _Mark(start, end, kind, closes, alone, headed)


def _paired(marks: Iterator[_Mark]) -> tuple[list[tuple[_Mark, _Mark]], list[_Mark], list[_Mark]]:
    """Each closing marker with the last open one of its kind, those that were never closed, and never opened."""
    pairs: list[tuple[_Mark, _Mark]] = []
    unopened: list[_Mark] = []
    still_open: dict[str, list[_Mark]] = {"angle": [], "square": []}
    for mark in marks:
        waiting = still_open[mark.kind]
        if not mark.closes:
            waiting.append(mark)
        elif waiting:
            pairs.append((waiting.pop(), mark))
        else:
            unopened.append(mark)
    return pairs, sorted(still_open["angle"] + still_open["square"], key=lambda mark: mark.start), unopened


def _end_of_rendered(text: str, start: int) -> int:
    """Where the rendered lines after ``start`` end."""
    end, in_section = start, False
    for line in _LINE_OR_BLANK.finditer(text, start):
        body = _QUOTING.sub("", line[1], count=1)
        if not body.strip() or _CLOSING_TAG.fullmatch(body.strip()):
            in_section = False
        elif _HEAD.fullmatch(body.strip()):
            in_section = True
        elif not _LEFT_OUT.fullmatch(body.strip()) and not (in_section and _ITEM.match(body)):
            break
        if body.strip():
            end = line.end(1)
    return end


def _start_of_rendered(text: str, end: int) -> int:
    """Where the rendered sections begin that end at ``end``: at a heading, after which nothing else stands."""
    start, until = end, end
    while until >= 0:
        begin = text.rfind("\n", 0, until) + 1
        body = _QUOTING.sub("", text[begin:until], count=1)
        bare = body.strip()
        if _HEAD.fullmatch(bare):
            start = begin
        elif bare and not any(part.match(body) for part in (_ITEM, _LEFT_OUT)) and not _CLOSING_TAG.fullmatch(bare):
            break
        until = begin - 1
    return start


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_furniture(line: str) -> bool:
    """A heading or tag of a packet, a marker or a code fence: says nothing by itself."""
    body = MARKER.sub("", line).lstrip(" \t>|").strip(" \t*_")
    return not body or any(part.fullmatch(body) for part in (_HEAD, _BARE_TITLE, _CLOSING_TAG, _LEFT_OUT, _FENCE))


def _keep(found: list[EchoLine], text: str, start: int, end: int, *, alone: bool) -> None:
    peeled = _peeled(text[start:end])
    readings = _readings(peeled)
    counts = alone and _is_substantial(peeled[-1])
    if readings or counts:
        found.append(EchoLine(start, end, readings, counts))


def _peeled(piece: str) -> list[str]:
    """The piece as it stands, then with one bullet, quote mark, tag or date less each time."""
    peeled = [piece.strip()]
    while len(peeled) <= MOST_PEELS and (wrapping := _PEEL.match(peeled[-1])) and wrapping.end() < len(peeled[-1]):
        peeled.append(peeled[-1][wrapping.end() :])
    return peeled


def _readings(peeled: list[str]) -> tuple[tuple[str | None, str], ...]:
    readings: dict[tuple[str | None, str], None] = {}
    for form in (form for start in peeled for form in _endings(start)):
        readings[None, form] = None
        for place in list(_SPEAKER.finditer(form, 0, 300))[:MOST_PEELS]:
            readings[form[: place.start()], form[place.end() :]] = None
    return tuple(reading for reading in readings if _is_substantial(reading[1]))


def _endings(text: str) -> Iterator[str]:
    """The text as it is, and without closing tag, entities or closing quotes, with and without a full stop."""
    bodies = [text]
    if text.lower().endswith("</item>"):
        bodies.append(text[: -len("</item>")])
    if "&" in text:
        bodies.append(html.unescape(bodies[-1]))
    bodies += [bare for body in bodies if (bare := _CLOSING_QUOTES.sub("", body)) != body]
    for body in bodies:
        yield body
        yield body.rstrip(".!") if body.endswith((".", "!")) else f"{body}."


def _is_substantial(text: str) -> bool:
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2 >= MIN_WORDS
