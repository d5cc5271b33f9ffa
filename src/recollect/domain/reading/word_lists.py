"""Reads word lists that are written as text: by spaces, or by commas where an entry has several words."""


def words(text: str) -> frozenset[str]:
    """Returns the words in ``text``."""
    return frozenset(text.split())


def entries(text: str) -> frozenset[str]:
    """Returns the entries of ``text``, which are set apart by commas and may run over lines."""
    return frozenset(" ".join(entry.split()) for entry in text.split(",") if entry.strip())
