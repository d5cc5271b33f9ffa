"""The steps of a write, one a file; ``writing/pipeline.py`` puts them in order."""
