"""The statements themselves; ``queries.py`` loads them by name."""
