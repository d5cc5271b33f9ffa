"""The tools, one file a group; which of them a client sees, its profile says (``profiles.py``)."""
