"""What the memory tool shows and changes of a file's lines: the same texts, numbers and edges as the SDK's own tool.

Lines end with LF alone; whatever else stands in a file stays as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from recollect.errors import Conflict, NotFound, ValidationError

WIDTH: Final = 6
AROUND: Final = 2
DEPTH: Final = 2


def numbered(path: str, text: str, view_range: Sequence[int] | None) -> str:
    """The file's lines with their numbers, all of them or those of a range, whose end -1 is the last."""
    lines, first = text.split("\n"), 1
    if view_range is not None and len(view_range) == 2:
        start, end = view_range
        first = max(1, start)
        lines = lines[first - 1 : None if end == -1 else end]
    return f"Here's the content of {path} with line numbers:\n" + "\n".join(_numbered(lines, first))


def _numbered(lines: Sequence[str], first: int) -> list[str]:
    return [f"{number:>{WIDTH}}\t{line}" for number, line in enumerate(lines, start=first)]


def listing(path: str, sizes: Mapping[tuple[str, ...], int]) -> str:
    """What a directory holds, two levels deep, without names that begin with a dot.

    Args:
        path: the directory.
        sizes: the bytes of each file below it, by the names that lead there.
    """
    shown: dict[tuple[str, ...], int] = {}
    for names, size in sizes.items():
        for depth in range(1, min(len(names), DEPTH) + 1):
            if names[depth - 1].startswith("."):
                break
            place = names[:depth] if depth == len(names) else (*names[:depth], "")
            shown[place] = shown.get(place, 0) + size
    lines = [f"{size_of(sum(sizes.values()))}\t{path}"]
    lines += [f"{size_of(size)}\t{path}/{'/'.join(place)}" for place, size in sorted(shown.items())]
    header = f"Here're the files and directories up to 2 levels deep in {path}, excluding hidden items:"
    return "\n".join([header, *lines])


def size_of(size: int) -> str:
    """Bytes as a directory shows them: ``512B``, ``1.5K``."""
    step = min(max(size.bit_length() - 1, 0) // 10, 3)
    scaled = size / 1024**step
    return f"{int(scaled)}{'BKMG'[step]}" if scaled == int(scaled) else f"{scaled:.1f}{'BKMG'[step]}"


def replaced(path: str, text: str, old: str, new: str) -> tuple[str, str]:
    """The text with one passage replaced, and what is said of it.

    Raises:
        NotFound: the passage is not there. Conflict: it is there more than once.
    """
    if not old:
        raise ValidationError("old_str", "No replacement was performed, old_str is empty.")
    count = text.count(old)
    if count == 0:
        raise NotFound(f"No replacement was performed, old_str `{old}` did not appear verbatim in {path}.")
    if count > 1:
        numbers = ", ".join(map(str, _lines_with(text, old)))
        told = f"Multiple occurrences of old_str `{old}` in lines: {numbers}. Please ensure it is unique"
        raise Conflict(f"No replacement was performed. {told}")
    changed = text.replace(old, new)
    line = text[: text.find(old)].count("\n")
    first = max(0, line - AROUND)
    snippet = "\n".join(_numbered(changed.split("\n")[first : line + AROUND + 1], first + 1))
    said = "The memory file has been edited. Here is the snippet showing the change (with line numbers):"
    return changed, f"{said}\n{snippet}"


def _lines_with(text: str, passage: str) -> list[int]:
    """The numbers of the lines in which the passage begins, one for each time."""
    numbers: list[int] = []
    place = text.find(passage)
    while place != -1:
        numbers.append(text.count("\n", 0, place) + 1)
        place = text.find(passage, place + 1)
    return numbers


def inserted(text: str, after: int, new: str) -> str:
    """The text with lines put after the line of that number; it ends with a line's end.

    Raises:
        ValidationError: there are not so many lines.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not 0 <= after <= len(lines):
        told = f"Invalid `insert_line` parameter: {after}. It should be within the range [0, {len(lines)}]."
        raise ValidationError("insert_line", told)
    lines.insert(after, new.rstrip("\n"))
    changed = "\n".join(lines)
    return changed if changed.endswith("\n") else f"{changed}\n"
