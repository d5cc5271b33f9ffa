"""The routes, a file an area; ``ROUTERS`` lists them in the order in which the documentation shows them."""

from fastapi import APIRouter

from recollect.doors.api.routes import (
    finding,
    goals,
    health,
    identity,
    memories,
    metrics,
    operation,
    procedures,
    projects,
    rights,
    sessions,
    working,
)

ROUTERS: tuple[APIRouter, ...] = (
    memories.router,
    finding.router,
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
