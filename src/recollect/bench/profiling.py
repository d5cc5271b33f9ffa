"""Where the time goes: profiles of parts of a run, as the functions that took most of it."""

import cProfile
import pstats
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

_PACKAGE = Path(__file__).parents[1]


class HotSpot(TypedDict):
    """One function: where it stands, how often it was called, and its milliseconds alone and with what it called."""

    where: str
    calls: int
    own_ms: float
    total_ms: float


class Profiles:
    """Profiles by name; does nothing unless it is on. Threads other than the event loop's are not seen."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._profiles: dict[str, cProfile.Profile] = {}

    @contextmanager
    def of(self, name: str) -> Generator[None]:
        """Profiles what happens inside, on top of what was seen under this name before."""
        if not self._on:
            yield
            return
        profile = self._profiles.setdefault(name, cProfile.Profile())
        profile.enable()
        try:
            yield
        finally:
            profile.disable()

    def hot_spots(self, most: int = 25) -> dict[str, list[HotSpot]]:
        """By name, the functions with the most time of their own."""
        return {name: _hottest(profile, most) for name, profile in self._profiles.items()}


def _hottest(profile: cProfile.Profile, most: int) -> list[HotSpot]:
    rows = [
        HotSpot(
            where=_where(function.file_name, function.line_number, name),
            calls=int(str(function.ncalls).split("/", maxsplit=1)[0]),
            own_ms=round(function.tottime * 1000, 1),
            total_ms=round(function.cumtime * 1000, 1),
        )
        for name, function in pstats.Stats(profile).get_stats_profile().func_profiles.items()
    ]
    return sorted(rows, key=lambda row: -row["own_ms"])[:most]


def _where(file: str, line: int, name: str) -> str:
    path = Path(file)
    if path.is_relative_to(_PACKAGE):
        return f"{path.relative_to(_PACKAGE)}:{line} {name}"
    return f"{path.parent.name}/{path.name}:{line} {name}" if line else name
