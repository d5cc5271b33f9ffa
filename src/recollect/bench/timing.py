"""How long calls took: a list of milliseconds, its percentiles, and a clock for one call."""

import time
from collections.abc import Sequence

import numpy as np


class Stopwatch:
    """Milliseconds since it was made: by the clock, and of this process's own work, which load stretches less."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._worked = time.process_time()

    @property
    def ms(self) -> float:
        """Milliseconds by the clock so far."""
        return (time.perf_counter() - self._started) * 1000

    @property
    def cpu_ms(self) -> float:
        """Milliseconds that processors spent on this process so far, all its threads together."""
        return (time.process_time() - self._worked) * 1000


def percentiles(ms: Sequence[float]) -> dict[str, float]:
    """``p50 ms`` and ``p95 ms`` of the calls, and how many there were; only ``calls`` when there were none."""
    if not ms:
        return {"calls": 0}
    middle, high = (float(value) for value in np.percentile(ms, (50, 95)))
    return {"p50 ms": _rounded(middle), "p95 ms": _rounded(high), "calls": len(ms)}


def per_call(ms: float, calls: int) -> float:
    """Milliseconds of one call on average."""
    return _rounded(ms / calls) if calls else 0.0


def per_second(count: int, ms: float) -> float:
    """How many in a second, when ``count`` took ``ms``."""
    return _rounded(count / ms * 1000) if ms > 0 else 0.0


def ratio(value: float, floor: float) -> float:
    """How many times the floor; 0 when there is no floor."""
    return _rounded(value / floor) if floor > 0 else 0.0


def _rounded(value: float) -> float:
    """Three digits that count, and no more."""
    return float(f"{value:.3g}") if value < 1000 else round(value)
