"""Stop watches: they tell each stage to whoever listens, and nothing where nobody does."""

import time

from recollect.ports.stop_watch import StopWatch
from recollect.ports.telemetry import SILENT, Silence


class Listening(Silence):
    """Keeps the laps that it hears."""

    listening = True

    def __init__(self) -> None:
        self.laps: list[tuple[str, str, float, float]] = []

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        self.laps.append((pipeline, stage, started, ended))


def test_each_stage_begins_where_the_one_before_ended():
    heard = Listening()
    before = time.perf_counter()
    watch = StopWatch("writing", heard)
    for stage in ("admit", "embed", "commit"):
        watch.lap(stage)
    assert [lap[:2] for lap in heard.laps] == [("writing", "admit"), ("writing", "embed"), ("writing", "commit")]
    assert before <= heard.laps[0][2]
    assert [lap[2] for lap in heard.laps[1:]] == [lap[3] for lap in heard.laps[:-1]]
    assert sum(watch.ms.values()) <= watch.total_ms


def test_a_stage_gone_through_twice_counts_twice():
    heard = Listening()
    watch = StopWatch("recall", heard)
    watch.lap("embed")
    first = watch.ms["embed"]
    time.sleep(0.002)
    watch.lap("embed")
    assert watch.ms["embed"] > first + 1.5
    assert len(heard.laps) == 2


def test_where_nobody_listens_nothing_is_told():
    class Deaf(Listening):
        listening = False

    deaf = Deaf()
    StopWatch("recall", deaf).lap("embed")
    assert deaf.laps == []
    assert not SILENT.listening
