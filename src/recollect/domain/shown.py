"""Shown: a value that a caller gave, as an error message may quote it: short, whatever it is."""

LONGEST = 60


def shown(value: object) -> str:
    """The value as Python writes it, cut after 60 characters; of a number too long to be written, that it is."""
    try:
        return repr(value)[:LONGEST]
    except ValueError:  # whole numbers of more than 4,300 digits, also within lists and objects
        return f"a {type(value).__name__} with a number of very many digits"
