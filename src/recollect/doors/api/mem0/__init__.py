"""mem0's wire formats: its hosted API, which its client speaks, and the routes of its own open-source server."""
