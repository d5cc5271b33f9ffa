"""What commands say beside their answer: what was degraded, what was mistyped, how the hot tier is."""

from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typer

from recollect.domain.event import EventType
from recollect.doors.cli import checks_models, sessions
from recollect.doors.cli.events import event_type
from recollect.errors import StoreError

AWAY = "hot tier: Redis does not answer since 2026-05-04 09:30:00 UTC; read from Postgres"


class Call:
    """A call whose memory answers what a test gives it."""

    user_id, as_json = "ana", False

    def __init__(self, memory: object) -> None:
        self._memory = memory

    @contextmanager
    def memory(self):
        yield self._memory


def test_a_mistyped_type_of_events_names_the_nearest_ten_at_most():
    assert event_type("memory_added") is EventType.MEMORY_ADDED
    for wrong in ("memory_aded", "qqq"):
        with pytest.raises(typer.BadParameter, match="such as ") as caught:
            event_type(wrong)
        assert len(caught.value.message.split(", ")) <= 11
    with pytest.raises(typer.BadParameter, match="such as session_started"):
        event_type("sesion_started")


def test_the_doctor_says_once_that_redis_is_away():
    status = SimpleNamespace(reachable=False, breaker="open", adapter="redis", degraded=(AWAY,), ms=1.0)
    call = Call(SimpleNamespace(hot=SimpleNamespace(status=lambda: status)))
    examination = SimpleNamespace(call=call, opened=lambda: None)
    with pytest.raises(StoreError) as caught:
        checks_models.check_hot_tier(cast(Any, examination))
    assert str(caught.value) == AWAY.removeprefix("hot tier: ")


def test_the_end_of_a_session_tells_on_standard_error_what_was_degraded(capsys: pytest.CaptureFixture[str]):
    session = SimpleNamespace(id="1", ended_because="done")
    ended = SimpleNamespace(session=session, kept=(), faded=0, degraded=(AWAY,))
    sessions._print_end(cast(Any, ended))  # pyright: ignore[reportPrivateUsage] - what both commands print
    printed = capsys.readouterr()
    assert "degraded: hot tier" in printed.err
    assert "degraded" not in printed.out
