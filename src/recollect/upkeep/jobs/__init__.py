"""The jobs; ``JOBS`` lists them in the order in which they run."""

from recollect.upkeep.job import Job
from recollect.upkeep.jobs.reflect import ReflectJob
from recollect.upkeep.jobs.sweep import SweepJob

JOBS: tuple[Job, ...] = (SweepJob(), ReflectJob())
