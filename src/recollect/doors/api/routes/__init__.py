"""The routes, a file an area; ``ROUTERS`` lists them in the order in which the documentation shows them."""

from fastapi import APIRouter

from recollect.doors.api.routes import finding, health, memories

ROUTERS: tuple[APIRouter, ...] = (memories.router, finding.router, health.router)
