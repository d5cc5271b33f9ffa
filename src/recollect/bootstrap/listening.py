"""Listening: where a server may be reached, and who may come there without a key. The same for every door."""

import logging
import os
import socket
from ipaddress import ip_address
from typing import Final

from recollect.bootstrap.service import Service
from recollect.errors import NotAuthenticated, UsageError

PASSED_ON: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers by which a proxy or a tunnel on this machine says that it passes on the request of somebody else."""

_log = logging.getLogger(__name__)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches that address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def listening_on(host: str, port: int) -> socket.socket:
    """A socket at the address; nobody can connect before the server is ready.

    Raises:
        UsageError: it is taken, or none of this machine's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from None
    return listener


async def check_keys(service: Service, host: str) -> None:
    """Lets a server without keys listen on loopback only, and says what that means there.

    Raises:
        NotAuthenticated: there is no key yet, and the address can be reached from other machines.
    """
    tenant_id = service.settings.tenant_id
    if await service.keys.any_key(tenant_id):
        return
    if not is_loopback(host):
        raise NotAuthenticated(
            f"tenant {tenant_id!r} has no API key, and {host} can be reached from other machines; make one with "
            "`recollect key create NAME`, or listen on 127.0.0.1"
        )
    _log.warning("no API key yet: everybody on this machine may do everything; `recollect key create` ends that")


def address_of(host: str, listener: socket.socket) -> str:
    """Host and port as they stand in a URL."""
    return f"{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
