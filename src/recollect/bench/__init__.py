"""``recollect bench``: how well memories are found again, and how fast; anyone can run it."""
