"""Rules that belong to one kind of memory."""
