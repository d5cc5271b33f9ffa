"""Identity: which facts about the user every turn should know, whatever it is about."""

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


def is_identity(key: str | None) -> bool:
    """Whether a fact's key belongs to the part that is always loaded."""
    subject, _, attribute = (key or "").partition(":")
    return subject == "user" and attribute in ALWAYS_LOADED
