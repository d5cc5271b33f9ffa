"""The worker: the process that does upkeep and nothing else."""
