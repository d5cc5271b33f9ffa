"""The routes, a file an area; ``ROUTERS`` lists them in the order in which the documentation shows them."""

from fastapi import APIRouter

from recollect.doors.api.mem0 import MEM0_ROUTERS
from recollect.doors.api.routes import (
    bulk,
    collections,
    conversations,
    entities,
    erasure,
    events,
    finding,
    goals,
    health,
    identity,
    memories,
    metrics,
    moving,
    operation,
    past,
    procedures,
    projects,
    quarantine,
    relationships,
    rights,
    sessions,
    traces,
    working,
)

ROUTERS: tuple[APIRouter, ...] = (
    *MEM0_ROUTERS,  # first: their paths end with a slash, which a path for names would take for a name
    memories.router,
    bulk.router,
    finding.router,
    relationships.router,
    collections.router,
    conversations.router,
    entities.router,
    events.router,
    past.router,
    traces.router,
    quarantine.router,
    erasure.router,
    moving.router,
    identity.router,
    sessions.router,
    working.router,
    goals.router,
    procedures.router,
    projects.router,
    rights.router,
    operation.router,
    health.router,
    metrics.router,
)
