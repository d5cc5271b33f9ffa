"""mem0's wire formats: its hosted API, which its client speaks, and the routes of its own open-source server."""

from fastapi import APIRouter

from recollect.doors.api.mem0 import absent, entities, hosted, own_server

MEM0_ROUTERS: tuple[APIRouter, ...] = (hosted.router, entities.router, own_server.router, absent.router)
