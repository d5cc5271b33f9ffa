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
    graph,
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
    users,
    working,
)

ROUTERS: tuple[APIRouter, ...] = (
    memories.router,  # what every turn needs comes first: a request is tried on one route after the other
    finding.router,
    *MEM0_ROUTERS,  # their paths end with a slash, which a path for names, such as of entities, would take for a name
    bulk.router,
    relationships.router,
    collections.router,
    conversations.router,
    entities.router,
    graph.router,
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
    users.router,
    health.router,
    metrics.router,
)
