"""HTTP load: callers that send requests over connections of their own, in a process of their own.

It runs beside the server that it loads: ``python -m recollect.bench.http_load`` reads what to send as JSON on standard
input and writes how long each request took. The standard library's client costs a tenth of a millisecond a request.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STALL_S = 30.0
"""A request that takes longer has failed."""


@dataclass(slots=True)
class Sent:
    """What one caller has sent: milliseconds of each request that was answered, and how many failed."""

    ms: list[float] = field(default_factory=list[float])
    failed: int = 0


def main() -> None:
    """Sends what standard input asks for."""
    asked = json.load(sys.stdin)
    started = time.perf_counter()
    callers = [Sent() for _ in range(asked["callers"])]
    threads = [
        threading.Thread(target=_send, args=(asked, asked["bodies"][place :: len(callers)], caller))
        for place, caller in enumerate(callers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    answer = {
        "ms": [ms for caller in callers for ms in caller.ms],
        "failed": sum(caller.failed for caller in callers),
        "seconds": seconds,
    }
    json.dump(answer, sys.stdout)


def _send(asked: Mapping[str, Any], bodies: Sequence[Any], sent: Sent) -> None:
    connection = http.client.HTTPConnection(asked["host"], asked["port"], timeout=STALL_S)
    headers = {"Content-Type": "application/json", **asked["headers"]}
    for body in bodies:
        content = json.dumps(body)
        started = time.perf_counter()
        try:
            connection.request("POST", asked["path"], content, headers)
            response = connection.getresponse()
            response.read()
            ok = response.status < 300
        except OSError:
            connection.close()
            ok = False
        if ok:
            sent.ms.append((time.perf_counter() - started) * 1000)
        else:
            sent.failed += 1
    connection.close()


if __name__ == "__main__":
    main()
