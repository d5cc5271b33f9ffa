"""The worker: a process that holds the Rego interpreter, so that a module can crash or hang nothing but this.

It is run as a bare script with an empty environment and imports nothing of Recollect. Each line of input is a request
``{"modules": {file: text}, "query": ..., "inputs": [...]}``; each line of output its reply, ``{"results": [{"value":
...} or {"error": ...}]}`` or, when a module does not compile, ``{"error": ..., "file": ..., "offset": ...}``.
"""

import json
import os
import re
import sys
import threading
import time
from collections import OrderedDict
from typing import Any, Final

from regopy import Interpreter, RegoError, set_default_log_level  # pyright: ignore[reportMissingTypeStubs]
from regopy.rego_shared import rego_get_error  # pyright: ignore[reportMissingTypeStubs]

try:
    import resource
except ImportError:  # Windows
    resource = None

KEPT: Final = 128
MOST_BYTES: Final = 1 << 30
"""Resident memory at which the worker ends itself; an rlimit cannot say it, for the engine reserves 256 GB at once."""
_POSITION = re.compile(r"\(error \d+:(\w+)\|(\d+)\|")
_MESSAGE = re.compile(r"\(errormsg \d+:(.*?)\)\n", re.DOTALL)
_GUESS: Final = "has a rule two different values, or a function got what it cannot take, such as null?"
_interpreters: "OrderedDict[str, Any]" = OrderedDict()


def main() -> None:
    """Answers requests until the input ends."""
    set_default_log_level("None")
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold memories
        threading.Thread(target=_end_when_too_large, daemon=True).start()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints compile errors
        for line in sys.stdin:
            replies.write(json.dumps(reply(json.loads(line))) + "\n")
            replies.flush()


def _end_when_too_large() -> None:
    while _resident_bytes() < MOST_BYTES:
        time.sleep(0.05)
    os._exit(1)


def _resident_bytes() -> int:
    """Memory in use now. The peak would not do on Linux: a new process inherits its parent's."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - nothing but the standard library's core
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        assert resource is not None  # noqa: S101 - it is only called then
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def reply(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request."""
    try:
        interpreter = _interpreter(request["modules"])
    except RegoError as error:
        return _compile_error(str(error))
    return {"results": [_result(interpreter, request["query"], one) for one in request["inputs"]]}


def _interpreter(modules: dict[str, str]) -> Any:
    key = json.dumps(modules)
    found = _interpreters.pop(key, None)
    if found is None:
        found = Interpreter()
        found.strict_built_in_errors = True  # undefined would let pass what deny or applies meant
        for name, source in modules.items():
            found.add_module(name, source)
        if len(_interpreters) >= KEPT:
            _interpreters.popitem(last=False)
    _interpreters[key] = found
    return found


def _result(interpreter: Any, query: str, given: Any) -> dict[str, Any]:
    try:
        # As text: values that are handed over otherwise are printed without their escapes.
        interpreter.set_input_term(json.dumps(given, ensure_ascii=False))
        output = interpreter.query(query)
    except json.JSONDecodeError as error:  # it was said to be fine, but what came is a message
        return {"error": error.doc.strip()[:2000] or "the module cannot be evaluated"}
    except (RegoError, RecursionError, MemoryError) as error:
        return {"error": str(error)[:2000] or type(error).__name__}
    if not output.ok():  # its text must not be asked for: that crashes
        said = rego_get_error(interpreter._impl)  # there is no public way to it
        return {"error": said[:2000] or f"the module cannot be evaluated: {_GUESS}"}
    return {"value": output[0].bindings["x"]} if output.results and output[0].bindings else {"value": None}


def _compile_error(said: str) -> dict[str, Any]:
    message, position = _MESSAGE.search(said), _POSITION.search(said)
    reply: dict[str, Any] = {"error": message.group(1) if message else said[:2000]}
    if position:
        reply.update(file=position.group(1), offset=int(position.group(2)))
    return reply


if __name__ == "__main__":
    main()
