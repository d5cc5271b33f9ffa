"""The doctor's checks of this machine: Python, packages, the home directory, the embedded server's files, the port."""

import http.client
import importlib.metadata
import platform
import re
import shutil
import socket
import stat
import sys
import tempfile

from recollect import bootstrap
from recollect.doors.cli.examining import Examination, Noted, Skipped
from recollect.errors import StoreError
from recollect.settings import unknown_variables

MINIMUM_PYTHON = (3, 11)
MINIMUM_FREE_BYTES = 200_000_000
HOST, PORT = "127.0.0.1", 8765
"""Where ``recollect serve`` listens if nothing is said."""
NO_SETTINGS = frozenset({"RECOLLECT_USER", "RECOLLECT_API_KEY"})
"""Variables of that beginning which the command line reads, or recommends to scripts."""

_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")


def check_python(_: Examination) -> str:
    """The interpreter is new enough."""
    if sys.version_info < MINIMUM_PYTHON:
        raise StoreError(f"this is Python {platform.python_version()}")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def check_settings(_: Examination) -> str:
    """No variable of the environment looks like a setting and is none: nothing else would tell of a name mistyped."""
    odd = unknown_variables(NO_SETTINGS)
    if odd:
        meant = (f"{name}{f' (is {meant} meant?)' if meant else ''}" for name, meant in odd.items())
        raise Noted(f"no such setting: {', '.join(meant)}")
    return "every RECOLLECT_ variable is one that there is"


def check_packages(examination: Examination) -> str:
    """Every package that is needed is installed; extras are told, and needed where a setting asks for them."""
    lacking = missing_packages(importlib.metadata.requires("recollect") or [])
    needed = lacking.pop("", [])
    if examination.settings.redis_url is not None:
        needed += lacking.get("redis", [])
    if needed:
        raise StoreError(f"not installed: {', '.join(needed)}")
    version = importlib.metadata.version("recollect")
    absent = ", ".join(sorted(lacking))
    return f"recollect {version}, all it needs is installed{f'; extras that are not: {absent}' if absent else ''}"


def missing_packages(requirements: list[str]) -> dict[str, list[str]]:
    """The packages that are not installed, by the extra that brings them; "" for those that are always needed."""
    missing: dict[str, list[str]] = {}
    for requirement in requirements:
        name, extra = _NAME.match(requirement), _EXTRA.search(requirement)
        if name is None:
            continue
        try:
            importlib.metadata.version(name[0])
        except importlib.metadata.PackageNotFoundError:
            missing.setdefault(extra[1] if extra else "", []).append(name[0])
    return missing


def check_home(examination: Examination) -> str:
    """The directory of the embedded server can be written, and has room."""
    if not examination.embedded:
        raise Skipped("the database is outside")
    home = bootstrap.home_of(examination.settings)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"room")
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise StoreError(f"{home} cannot be written: {error.strerror}") from None
    if free < MINIMUM_FREE_BYTES:
        raise StoreError(f"{home} has {free / 1e6:,.0f} MB left; {MINIMUM_FREE_BYTES / 1e6:,.0f} MB are needed")
    return f"{home}, {free / 1e9:,.1f} GB free"


def check_permissions(examination: Examination) -> str:
    """Nobody else on this machine can read the key or the cluster."""
    own = bootstrap.own_key_file_of(examination.settings)
    key = own or examination.settings.master_key_file
    places = [key.expanduser()] if key is not None else []
    places += [bootstrap.home_of(examination.settings) / "postgres" / "data"] if examination.embedded else []
    found = [place for place in places if place.exists()]
    open_ones = [place for place in found if stat.S_IMODE(place.stat().st_mode) & 0o077]
    if open_ones:
        names = " ".join(map(str, open_ones))
        raise StoreError(f"others on this machine can read {names}: chmod go-rwx {names}")
    if not found:
        raise Skipped("there is nothing yet")
    return f"only their owner can read {', '.join(place.name for place in found)}"


def check_binaries(examination: Examination) -> str:
    """The embedded server's programs are installed."""
    if not examination.embedded:
        raise Skipped("the database is outside")
    return str(bootstrap.embedded_binaries())


def check_server_files(examination: Examination) -> str:
    """No lock is held by something that does not go on, and a server that runs answers."""
    if not examination.embedded:
        raise Skipped("the database is outside")
    found = bootstrap.inspect_server(examination.settings)
    if not found.made:
        return "there is no cluster yet; the first command makes it"
    if found.running:
        return f"process {found.pid} serves, and answers"
    return "one was killed; the next start repairs it" if found.killed else "none runs; the next command starts it"


def check_port(_: Examination) -> str:
    """The port of ``recollect serve`` is free, or it is served there."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, PORT))
    except OSError as error:
        if _served():
            return f"recollect serve answers on {HOST}:{PORT}"
        raise Noted(f"{HOST}:{PORT} cannot be listened on: {error.strerror}") from None
    return f"{HOST}:{PORT} is free for recollect serve"


def _served() -> bool:
    connection = http.client.HTTPConnection(HOST, PORT, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
