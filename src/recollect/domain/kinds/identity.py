"""Identity: which facts about the user every turn should know, whatever it is about."""

from recollect.domain.record import Memory, MemoryType

ALWAYS_LOADED = frozenset(
    {
        "name",
        "pronouns",
        "age",
        "birthday",
        "birth_year",
        "location",
        "address",
        "origin",
        "nationality",
        "time_zone",
        "language",
        "languages",
        "employer",
        "occupation",
        "relationship_status",
        "spouse",
        "partner",
        "children",
        "diet",
        "allergy",
        "allergies",
        "email",
        "phone",
    }
)
"""Attributes of ``user:<attribute>``. Tastes, plans and possessions are many and are found when they matter."""


IDENTITY_KEYS = tuple(sorted(f"user:{attribute}" for attribute in ALWAYS_LOADED))
"""Those attributes as the keys of facts."""


def is_identity(key: str | None) -> bool:
    """Whether a fact's key belongs to the part that is always loaded."""
    subject, _, attribute = (key or "").partition(":")
    return subject == "user" and attribute in ALWAYS_LOADED


def always_loaded(memory: Memory) -> bool:
    """Whether a record is one that every turn should know: an identity fact, or a rule to keep."""
    return is_identity(memory.key) or memory.type in (MemoryType.IDENTITY, MemoryType.CONSTRAINT)
