"""stdio: one client, which started this process and talks to it through its standard streams.

Only the protocol goes to standard output; whatever else would be written there goes to standard error. It ends when the
client closes the stream, and also on SIGTERM and Ctrl-C, for which the thread that waits for input cannot be asked to
stop: then the process leaves as soon as everything is given back.
"""

import asyncio
import os
import signal
from functools import partial

import anyio
from mcp.server.stdio import stdio_server

from recollect.bootstrap.service import Service
from recollect.domain.credential import Access, Credential
from recollect.domain.scope import check_id
from recollect.doors.mcp.caller import Callers
from recollect.doors.mcp.opening import Opening
from recollect.doors.mcp.profiles import Profile
from recollect.doors.mcp.server import make_server
from recollect.settings import Settings


async def serve(settings: Settings, profile: Profile, user_id: str) -> None:
    """Serves the client until it goes.

    Args:
        settings: what is wanted; its tenant is served.
        profile: which tools.
        user_id: whose memory it is.
    """
    who = Credential(tenant_id=settings.tenant_id, access=Access.ADMIN, user_id=check_id("user", user_id))
    opening = Opening(partial(Service.open, settings))
    try:
        server = make_server(Callers(opening.service, only=who), profile)
        asked_to_end = _asked_to_end()
        opening.begin()
        async with stdio_server() as (received, sent), anyio.create_task_group() as group:
            group.start_soon(_leave_when, asked_to_end, opening)
            await server.run(received, sent, server.create_initialization_options())
            group.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await opening.aclose()


def _asked_to_end() -> asyncio.Event:
    """Set on SIGTERM and Ctrl-C, where the event loop can listen to signals."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, event.set)
        except NotImplementedError:  # Windows
            break
    return event


async def _leave_when(asked: asyncio.Event, opening: Opening) -> None:
    await asked.wait()
    with anyio.CancelScope(shield=True):
        await opening.aclose()
    os._exit(0)
